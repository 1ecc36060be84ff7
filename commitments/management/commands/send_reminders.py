from django.core.management.base import BaseCommand

from commitments.reminding import offices


class Command(BaseCommand):
    help = "Ingatkan kantor tentang tindak lanjut yang terlambat, hampir jatuh tempo, atau dikembalikan. Sekali sehari."

    def handle(self, **options):
        self.stdout.write(f"{offices.remind_offices()} surat ringkasan disiapkan.")
