import math
import time

from django.core.management.base import BaseCommand

from commitments import outbox
from commitments.management import retention
from commitments.printing import jobs

PAUSE = 2  # seconds between looks at what is owed
SWEEP = 3600  # seconds between looks at what is kept no longer


class Command(BaseCommand):
    help = "Kirim surat keluar dan buat naskah final yang menunggu. Dengan --watch: terus berjalan."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="look again every two seconds until stopped")

    def handle(self, *, watch, **options):
        swept = -math.inf
        while True:
            sent, unsent = outbox.send_due()
            issued, failed = jobs.work_due()
            if sent or unsent:
                self.stderr.write(f"surat: {sent} terkirim, {unsent} gagal, {outbox.held()} tertahan")
            if issued or failed:
                self.stderr.write(
                    f"naskah final: {issued} terbit, {failed} gagal, {jobs.held().count()} tertahan"
                )
            if time.monotonic() - swept >= SWEEP:
                swept = time.monotonic()
                retention.forget_old()
            if not watch:
                return
            time.sleep(PAUSE)
