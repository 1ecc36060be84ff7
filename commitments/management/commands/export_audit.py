from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from commitments import evidence
from commitments.models import Declaration
from commitments.models.salted import canonical


class Command(BaseCommand):
    help = "Tulis ekspor auditor sebuah naskah: semua entri, baris, gambar, dan garam. Memuat NIP; simpan baik-baik."

    def add_arguments(self, parser):
        parser.add_argument("declaration", type=int)
        parser.add_argument("file", type=Path)

    def handle(self, *, declaration, file, **options):
        found = Declaration.objects.published().filter(pk=declaration).first()
        if found is None:
            raise CommandError(f"Tidak ada naskah terbit bernomor {declaration}.")
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(canonical(evidence.for_auditor(found)))
        self.stdout.write(f"{file} ditulis. Periksa dengan: python3 docs/recheck.py {file}")
