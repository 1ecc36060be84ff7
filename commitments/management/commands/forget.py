from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.models import Official, User
from commitments.management import forgetting, retention

OWNER = (
    "Peran basis data ini hanya boleh menambah riwayat, tidak mengubahnya. Jalankan lagi sebagai pemilik basis data "
    "(DATABASE_URL milik pemilik)."
)
NIP_DIGITS = 18


class Command(BaseCommand):
    help = (
        "Lupakan data pribadi yang bukan bukti: dari seorang pejabat, sebuah akun, atau yang sudah lewat waktunya. "
        "Tanpa --yes hanya menyebut apa yang akan dilupakan dan apa yang tetap."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--official", metavar="NIP|ID", help="an official, by NIP or by the id of the row")
        what.add_argument("--user", metavar="USERNAME", help="a login")
        what.add_argument("--old", action="store_true", help="what time alone makes superfluous")
        parser.add_argument("--yes", action="store_true", help="do it")

    def handle(self, *, official, user, old, yes, **options):
        if old:
            self._old(yes)
        elif official:
            found = _official(official)
            self._person(forgetting.plan_official(found), forgetting.forget_official, found, yes)
        else:
            login = _user(user)
            self._person(forgetting.plan_user(login), forgetting.forget_user, login, yes)

    def _old(self, yes: bool) -> None:
        counts = retention.forget_old() if yes else retention.count_old()
        said = ", ".join(f"{count} {word}" for word, count in counts.items())
        self.stdout.write(f"Dilupakan: {said}." if yes else f"Akan dilupakan dengan --yes: {said}.")

    def _person(self, plan: forgetting.Plan, forget: Any, person: Any, yes: bool) -> None:
        self.stdout.write(plan.whom)
        for word, lines in (("dilupakan", plan.forgotten), ("tetap", plan.kept)):
            for line in dict.fromkeys(lines):
                self.stdout.write(f"  {word}: {line}")
        if plan.hindrances:
            raise CommandError(f"Belum dapat dilupakan: {'; '.join(plan.hindrances)}. Akhiri dulu tugasnya.")
        is_owner = forgetting.may_change_history()
        if not yes:
            self.stdout.write("Ini baru rencana. Ulangi dengan --yes untuk melakukannya.")
            self.stdout.write("" if is_owner else OWNER)
            return
        if not is_owner:
            raise CommandError(OWNER)
        forget(person)
        self.stdout.write("Sudah dilupakan. Periksa bukti dengan: manage.py verify_ledger")


def _official(text: str) -> Official:
    digits = "".join(text.split())
    if not digits.isdecimal() or not digits.isascii() or len(digits) > NIP_DIGITS:
        raise CommandError("Tulis NIP 18 angka, atau nomor baris pejabat.")
    wanted = {"nip": digits} if len(digits) == NIP_DIGITS else {"pk": int(digits)}
    found = Official.objects.select_related("user").filter(**wanted).first()
    if found is None:
        raise CommandError("Tidak ada pejabat dengan NIP atau nomor itu.")
    return found


def _user(name: str) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        raise CommandError("Tidak ada akun dengan nama pengguna itu.")
    return found
