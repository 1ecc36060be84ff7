from django.core.management.base import BaseCommand

from commitments.management import sample_logins
from commitments.models import Declaration


class Command(BaseCommand):
    help = "Isi basis data kosong dengan data contoh. Menolak basis data yang memuat data sungguhan."

    def handle(self, **options):
        sample_logins.refuse_real_data()
        if Declaration.objects.exists():
            self.stdout.write("Data contoh sudah ada.")
            return
        from commitments.management import sample  # knows paper, and so takes seconds to import

        sample.make()
        self.stdout.write("Data contoh dibuat.")
