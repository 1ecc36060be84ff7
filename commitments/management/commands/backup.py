import shutil
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agencies.admin_exchange import FOLDER as IMPORTS
from commitments import dates
from commitments.documents import stored
from commitments.management import archive, dump


class Command(BaseCommand):
    help = "Simpan basis data dan berkas sebagai satu cadangan. Tanpa sesi, kunci segel, dan SECRET_KEY."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR / "cadangan")

    def handle(self, *, folder, **options):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = dates.now().astimezone(dates.WIB)
        target = folder / f"komitmen-pug-{now:%Y%m%d-%H%M%S}.tar"
        if target.exists():
            raise CommandError(f"{target} sudah ada.")
        with TemporaryDirectory(dir=folder, prefix=".half-") as work:
            try:
                about = dump.dump(Path(work) / archive.DATABASE)
            except dump.DumpError as error:
                raise CommandError(str(error)) from None
            copy_files(Path(work) / archive.FILES)
            archive.pack(Path(work), target, {"version": version(), "made_at": now.isoformat(), **about})
        self.stdout.write(f"{target}\nSHA-256 {archive.sha256_of(target)}")
        self.stdout.write("Catat sidik itu di tempat lain, dan pindahkan cadangan ke luar mesin ini.")
        faults = stored.stored_files_faults()
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            self.stdout.write("Cadangan tersimpan, tetapi berkas di atas tidak utuh di mesin ini.")
            sys.exit(1)


def copy_files(folder: Path) -> None:
    """After the dump: files are only ever added, under names that nobody else draws. So each file that the dump speaks
    of is copied, and one that came since does no harm; the other way round a row could lack its file.
    """
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if not path.is_file() or name.parts[0] == IMPORTS or path.name.startswith("half-"):
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, folder / name)
        except FileNotFoundError:
            continue  # a paper that lost the race to be the final one: no row speaks of it


def version() -> str:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
