from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commitments.documents import key_making, keys


class Command(BaseCommand):
    help = (
        "Buat kunci segel dan sertifikatnya sendiri (tidak diterbitkan PSrE) di SEAL_DIR. "
        "Frasa sandi dibaca dari SEAL_KEY_PASSPHRASE."
    )
    requires_system_checks = []  # they would complain about what this command mends

    def add_arguments(self, parser):
        parser.add_argument(
            "--name", default="Komitmen PUG", help="whose seal it is, for people who look at it"
        )
        parser.add_argument("--organisation", default="Pemerintah Kota Bekasi")
        parser.add_argument(
            "--rotate", action="store_true", help="a new key below the same root; old papers stay verifiable"
        )

    def handle(self, *, name, organisation, rotate, verbosity, **options):
        if len(settings.SEAL_KEY_PASSPHRASE) < 12:
            raise CommandError(
                "Isi SEAL_KEY_PASSPHRASE di lingkungan dengan frasa sandi, sedikitnya 12 huruf."
            )
        if not 0 < len(name) <= key_making.LONGEST_NAME or not 0 < len(organisation) <= 64:
            raise CommandError(
                f"Nama 1 sampai {key_making.LONGEST_NAME} huruf, organisasi 1 sampai 64 huruf."
            )
        make = key_making.rotate if rotate else key_making.make
        try:
            file = make(name=name, organisation=organisation, passphrase=settings.SEAL_KEY_PASSPHRASE)
        except key_making.KeyExists as error:
            raise CommandError(
                f"Sudah ada kunci segel di {keys.folder()}; tidak ditimpa. Pakai --rotate untuk menggantinya."
            ) from error
        except key_making.RootMissing as error:
            raise CommandError(
                f"Kunci akar tidak dapat dibuka di {keys.folder() / 'root'}. Kembalikan dulu foldernya dari "
                "tempat penyimpanannya, dengan frasa sandi yang sama."
            ) from error
        if not verbosity:
            return
        self.stdout.write(f"{file}: {keys.state().sentence}")
        self.stdout.write(
            f"Pindahkan folder {keys.folder() / 'root'} ke tempat lain yang aman (bukan di server ini). "
            "Folder itu hanya diperlukan untuk mengganti kunci."
        )
