import sys

from django.core.management.base import BaseCommand

from commitments.documents import stored


class Command(BaseCommand):
    help = "Periksa berkas setiap dokumen dan bukti terhadap sidiknya. Keluar 1 bila ada yang hilang atau berubah."

    def handle(self, **options):
        faults = stored.stored_files_faults()
        for fault in faults:
            self.stdout.write(str(fault))
        for name in stored.stray_files():
            self.stdout.write(f"{name}: tidak disebut dokumen atau bukti mana pun (tidak mengganggu)")
        self.stdout.write("Semua berkas utuh." if not faults else f"{len(faults)} berkas tidak cocok.")
        if faults:
            sys.exit(1)
