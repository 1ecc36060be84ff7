from django.core.management.base import BaseCommand

from commitments.management import sample_logins


class Command(BaseCommand):
    help = "Isi basis data kosong dengan data contoh. Menolak basis data yang memuat data sungguhan."

    def handle(self, **options):
        if sample_logins.made_by_demo():
            self.stdout.write("Data contoh sudah ada.")
            return
        sample_logins.refuse_real_data()
        from commitments.management import sample  # knows paper, and so takes seconds to import

        sample.make()
        self.stdout.write("Data contoh dibuat.")
