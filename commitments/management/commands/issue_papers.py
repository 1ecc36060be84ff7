from django.core.management.base import BaseCommand

from commitments.printing import jobs


class Command(BaseCommand):
    help = "Buat naskah final yang menunggu, sekali jalan."

    def handle(self, **options):
        issued, failed = jobs.work_due()
        self.stderr.write(f"naskah final: {issued} terbit, {failed} gagal, {jobs.held().count()} tertahan")
