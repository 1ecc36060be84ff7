from django.core.management.base import BaseCommand, CommandError

from commitments.management import sample_follow_up, sample_logins


class Command(BaseCommand):
    help = "Isi tindak lanjut contoh: rencana aksi, laporan, dan bukti setiap kantor. Hanya pada data contoh."

    def handle(self, **options):
        if not sample_logins.made_by_demo():
            raise CommandError("Basis data ini bukan data contoh. Jalankan perintah demo dulu.")
        sample_follow_up.make()
        self.stdout.write("Tindak lanjut contoh lengkap.")
