"""Enumerations of who exists. Labels are what people read; the values are what the database holds."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgencyKind(TextChoices):
    SETDA = "setda", _("Sekretariat Daerah")
    SETWAN = "setwan", _("Sekretariat DPRD")
    INSPEKTORAT = "inspektorat", _("Inspektorat")
    DINAS = "dinas", _("Dinas")
    BADAN = "badan", _("Badan")
    SATPOL = "satpol", _("Satuan Polisi Pamong Praja")
    RSUD = "rsud", _("Rumah sakit umum daerah")
    KECAMATAN = "kecamatan", _("Kecamatan")


class PositionCategory(TextChoices):
    SEKDA = "sekda", _("Sekretaris Daerah")
    ASISTEN = "asisten", _("Asisten")
    STAF_AHLI = "staf_ahli", _("Staf Ahli Wali Kota")
    KEPALA = "kepala", _("Kepala perangkat daerah")
    CAMAT = "camat", _("Camat")


class Capacity(TextChoices):
    """As what a person holds a post. UU 30/2014 art. 14: Plh. for an absent holder, Plt. for a vacant post."""

    DEFINITIVE = "definitif", _("Definitif")
    PLT = "plt", _("Plt.")
    PLH = "plh", _("Plh.")
    PJ = "pj", _("Pj.")


def acting(capacity: str) -> str:
    """Plt., Plh. or Pj. before a name or post; empty for a definitive holder."""
    return "" if capacity == Capacity.DEFINITIVE else str(Capacity(capacity).label)


class Sex(TextChoices):
    MALE = "L", _("Laki-laki")
    FEMALE = "P", _("Perempuan")


class Rank(TextChoices):
    """Pangkat and golongan of civil servants (unverified list, DPPPA to confirm; PPPK have none)."""

    I_A = "I/a", _("Juru Muda (I/a)")
    I_B = "I/b", _("Juru Muda Tingkat I (I/b)")
    I_C = "I/c", _("Juru (I/c)")
    I_D = "I/d", _("Juru Tingkat I (I/d)")
    II_A = "II/a", _("Pengatur Muda (II/a)")
    II_B = "II/b", _("Pengatur Muda Tingkat I (II/b)")
    II_C = "II/c", _("Pengatur (II/c)")
    II_D = "II/d", _("Pengatur Tingkat I (II/d)")
    III_A = "III/a", _("Penata Muda (III/a)")
    III_B = "III/b", _("Penata Muda Tingkat I (III/b)")
    III_C = "III/c", _("Penata (III/c)")
    III_D = "III/d", _("Penata Tingkat I (III/d)")
    IV_A = "IV/a", _("Pembina (IV/a)")
    IV_B = "IV/b", _("Pembina Tingkat I (IV/b)")
    IV_C = "IV/c", _("Pembina Utama Muda (IV/c)")
    IV_D = "IV/d", _("Pembina Utama Madya (IV/d)")
    IV_E = "IV/e", _("Pembina Utama (IV/e)")


# Named by migrations instead of the labels, so that a change of wording is never a migration.
class LoginStep(TextChoices):
    PASSWORD = "password", _("kata sandi")
    CODE = "code", _("kode lewat pos-el")
    SECOND_FACTOR = "second_factor", _("langkah kedua")


def login_steps():
    return LoginStep.choices


def agency_kinds():
    return AgencyKind.choices


def position_categories():
    return PositionCategory.choices


def capacities():
    return Capacity.choices


def sexes():
    return Sex.choices


def ranks():
    return Rank.choices
