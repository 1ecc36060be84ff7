import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from commitments import chain, outbox
from commitments.documents import stored
from commitments.management import archive, dump
from commitments.models import Declaration, LedgerHead

NEXT = """\
Semua sidik dan seluruh riwayat cocok dengan cadangan. Selanjutnya:
  1. PostgreSQL: beri hak kepada peran aplikasi (manage.py grants).
  2. Pasang kunci segel dan SECRET_KEY dari tempat penyimpanannya; keduanya tidak ada di cadangan.
  3. Surat yang belum terkirim ditahan ({held}): periksa, lalu lepaskan yang memang belum sampai.
  4. Jalankan layanan. Setiap orang masuk sekali lagi."""


class Command(BaseCommand):
    help = "Pulihkan cadangan ke pemasangan yang kosong, lalu periksa setiap sidik dan seluruh riwayat."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        refuse_used_target()
        with TemporaryDirectory(dir=settings.DATA_DIR, prefix="half-") as work:
            try:
                manifest = archive.unpack(file, Path(work))
                refuse_other_kind(manifest)
                bring_back(Path(work))
            except (archive.ArchiveError, dump.DumpError) as error:
                raise CommandError(f"Tidak ada yang dipulihkan.\n{error}") from None
        faults = list(faults_of(manifest))
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            self.stdout.write(
                f"Dipulihkan, tetapi {len(faults)} hal tidak cocok. Jangan dipakai sebelum jelas."
            )
            sys.exit(1)
        held = outbox.hold_all(because="dipulihkan dari cadangan")
        self.stdout.write(NEXT.format(held=held))


def refuse_used_target() -> None:
    if not dump.is_empty():
        raise CommandError("Basis data tujuan tidak kosong. Pulihkan hanya ke basis data baru.")
    if any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*")):
        raise CommandError(f"{settings.MEDIA_ROOT} sudah berisi berkas. Pulihkan hanya ke DATA_DIR baru.")


def refuse_other_kind(manifest: dict[str, Any]) -> None:
    """A dump fits the database it came from, and the code that it was made under."""
    if manifest["vendor"] != connection.vendor:
        raise archive.ArchiveError(f"Cadangan ini dari {manifest['vendor']}, tujuan {connection.vendor}.")
    made_under = set(manifest["migrations"])
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if made_under != known:
        names = ", ".join(sorted(made_under ^ known)[:5])
        raise archive.ArchiveError(
            f"Cadangan ini dari versi {manifest['version']} dengan migrasi lain ({names}). "
            "Pasang versi itu, pulihkan, lalu perbarui."
        )


def bring_back(work: Path) -> None:
    """Files first, as in a backup: a row never lacks its file. When the database refuses, they go again."""
    placed = []
    try:
        for path in sorted((work / archive.FILES).rglob("*")):
            if path.is_file():
                target = Path(settings.MEDIA_ROOT) / path.relative_to(work / archive.FILES)
                target.parent.mkdir(parents=True, exist_ok=True)
                placed.append(target)
                shutil.move(path, target)
        dump.load(work / archive.DATABASE)
    except BaseException:
        for target in placed:
            target.unlink(missing_ok=True)
        raise


def faults_of(manifest: dict[str, Any]) -> Iterator[object]:
    for declaration in Declaration.objects.order_by("pk").iterator():
        yield from chain.verify(declaration)
    yield from stored.stored_files_faults()
    heads = {str(head.pk): [head.sequence, head.hash] for head in LedgerHead.objects.all()}
    for key in sorted(heads.keys() | manifest["heads"].keys(), key=int):
        if heads.get(key) != manifest["heads"].get(key):
            yield f"deklarasi {key}: ujung riwayat tidak sama dengan yang dicatat cadangan"
