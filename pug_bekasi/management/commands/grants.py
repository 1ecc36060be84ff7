from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from pug_bekasi import grants


class Command(BaseCommand):
    help = "Cetak SQL yang memberi peran aplikasi di PostgreSQL hanya hak yang diperlukannya."

    def add_arguments(self, parser):
        parser.add_argument("--role", required=True, help="the role of the application's DATABASE_URL")

    def handle(self, *, role, **options):
        if connection.vendor != "postgresql":
            raise CommandError(
                "Hak basis data hanya ada di PostgreSQL: isi DATABASE_URL dengan milik pemilik."
            )
        if role == connection.settings_dict["USER"]:
            raise CommandError("Peran aplikasi dan pemilik harus berbeda: sebutkan peran aplikasi.")
        self.stdout.write("BEGIN;")
        for statement in grants.statements(role):
            self.stdout.write(f"{statement};")
        self.stdout.write("COMMIT;")
