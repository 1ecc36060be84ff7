import json

from django.core.management.base import BaseCommand

from commitments.management import sample_logins


class Command(BaseCommand):
    help = "Sebutkan satu akun contoh untuk setiap peran."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, **options):
        rows = sample_logins.logins()
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        self.stdout.write("Akun contoh:")
        for row in rows:
            self.stdout.write(f"  {row['username']:<10}  {row['password']}  {row['role']}")
