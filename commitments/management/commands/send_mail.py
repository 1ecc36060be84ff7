import time

from django.core.management.base import BaseCommand

from commitments import outbox

PAUSE = 2  # seconds between looks at the outbox when watching


class Command(BaseCommand):
    help = "Kirim surat keluar yang menunggu. Dengan --watch: terus berjalan."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="look again every two seconds until stopped")

    def handle(self, *, watch, **options):
        while True:
            sent, failed = outbox.send_due()
            if sent or failed or not watch:
                self.stderr.write(f"surat: {sent} terkirim, {failed} gagal, {outbox.held()} tertahan")
            if not watch:
                return
            time.sleep(PAUSE)
