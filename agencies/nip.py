"""NIP and NI PPPK: 18 digits that tell birth, appointment and sex. Pure functions.

PNS (Perka BKN 22/2007): YYYYMMDD birth, YYYYMM appointment, 1 man or 2 woman, three digits of serial.
PPPK: birth, year of first appointment, two digits of contract (21 and up in practice, unverified), sex, serial.
There is no check digit.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from agencies.kinds import Sex

# Years of age at appointment; generous, for the exceptions to the rule are unverified.
YOUNGEST, OLDEST, OLDEST_PPPK = 17, 59, 65
FIRST_CONTRACT_CODE = 21


class NipError(ValueError):
    """The number cannot be a NIP. Its text may be shown."""


@dataclass(frozen=True)
class Nip:
    digits: str
    birth: date
    appointed_year: int
    sex: Sex
    is_pppk: bool

    def __str__(self):
        return spaced(self.digits)


def spaced(digits: str | None) -> str:
    """19860926 201505 1 001."""
    digits = digits or ""
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}" if len(digits) == 18 else digits


def masked(digits: str | None) -> str:
    """Enough to recognise, not enough to misuse: the year of birth and the last two digits."""
    return f"{digits[:4]}•••• •••••• • •{digits[-2:]}" if digits else ""


def parse(text: str, *, today: date) -> Nip:
    """The number without spaces and dots, taken apart; raises NipError with a sentence that says what is wrong."""
    digits = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{18}", digits):
        raise NipError(_("NIP terdiri atas 18 angka. Periksa lagi jumlah angkanya."))
    birth = _birth(digits, today)
    year, is_pppk = _appointment(digits, birth, today)
    if digits[14] not in "12":
        raise NipError(_("Angka ke-15 harus 1 (laki-laki) atau 2 (perempuan)."))
    if digits[15:] == "000":
        raise NipError(_("Tiga angka terakhir tidak mungkin 000."))
    return Nip(digits, birth, year, Sex.MALE if digits[14] == "1" else Sex.FEMALE, is_pppk)


def _birth(digits: str, today: date) -> date:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise NipError(
            _("Delapan angka pertama bukan tanggal lahir. Periksa tahun, bulan, dan harinya.")
        ) from None
    if not 1900 <= birth.year < today.year:
        raise NipError(_("Tahun lahir pada NIP tidak mungkin. Periksa empat angka pertama."))
    return birth


def _appointment(digits: str, birth: date, today: date) -> tuple[int, bool]:
    """Year of appointment, and whether it is a PPPK's, whose two digits after the year are no month."""
    year, month = int(digits[8:12]), int(digits[12:14])
    is_pppk = month >= FIRST_CONTRACT_CODE
    if not is_pppk and not 1 <= month <= 12:
        raise NipError(_("Angka ke-13 dan ke-14 bukan bulan (01–12) dan bukan kode PPPK. Periksa lagi."))
    if (year, 1 if is_pppk else month) > (today.year, today.month):
        raise NipError(_("Tanggal pengangkatan pada NIP ada di masa depan. Periksa angka ke-9 sampai ke-14."))
    # Who is appointed in the month of a birthday has had it: the number does not tell the day.
    age = year - birth.year - (not is_pppk and month < birth.month)
    if not YOUNGEST <= age <= (OLDEST_PPPK if is_pppk else OLDEST):
        raise NipError(
            _("Usia saat pengangkatan menurut NIP tidak mungkin. Periksa tahun lahir dan tahun pengangkatan.")
        )
    return year, is_pppk
