"""Dates and times as Indonesian officials write them. One instant reads the same on screen, paper and in mail: WIB.

An English page says the names of days and months in English, in the same order and with the same clock.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from num2words import num2words

from agencies.languages import in_indonesian

WIB = ZoneInfo("Asia/Jakarta")
DAYS = (
    gettext_lazy("Senin"),
    gettext_lazy("Selasa"),
    gettext_lazy("Rabu"),
    gettext_lazy("Kamis"),
    gettext_lazy("Jumat"),
    gettext_lazy("Sabtu"),
    gettext_lazy("Minggu"),
)
MONTHS = (
    gettext_lazy("Januari"),
    gettext_lazy("Februari"),
    gettext_lazy("Maret"),
    gettext_lazy("April"),
    gettext_lazy("Mei"),
    gettext_lazy("Juni"),
    gettext_lazy("Juli"),
    gettext_lazy("Agustus"),
    gettext_lazy("September"),
    gettext_lazy("Oktober"),
    gettext_lazy("November"),
    gettext_lazy("Desember"),
)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """Today in WIB, wherever the server stands."""
    return now().astimezone(WIB).date()


def wib_date(value: date | datetime) -> date:
    return value.astimezone(WIB).date() if isinstance(value, datetime) else value


def same_day_in(year: int, value: date) -> date:
    """That day and month in the year; of 29 February the 28th where there is none."""
    try:
        return value.replace(year=year)
    except ValueError:
        return value.replace(year=year, day=28)


def long_date(value: date | datetime) -> str:
    """11 Mei 2022."""
    day = wib_date(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_date(value: date | datetime) -> str:
    """Rabu, 11 Mei 2022."""
    return f"{weekday(value)}, {long_date(value)}"


def month(value: date) -> str:
    """Mei 2022."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def weekday(value: date | datetime) -> str:
    """Rabu."""
    return str(DAYS[wib_date(value).weekday()])


def clock(value: datetime) -> str:
    """10.24 WIB."""
    return f"{value.astimezone(WIB):%H.%M} WIB"


def moment(value: datetime) -> str:
    """27 November 2026 pukul 10.24 WIB."""
    return _("%(day)s pukul %(clock)s") % {"day": long_date(value), "clock": clock(value)}


def iso(value: datetime) -> str:
    """2026-11-27T10:24:00+07:00: for machines, in WIB like everything else."""
    return value.astimezone(WIB).isoformat(timespec="seconds")


def number_in_words(number: int) -> str:
    """Sebelas; Dua Ribu Dua Puluh Dua."""
    return num2words(number, lang=get_language() or "id").title()


@in_indonesian
def date_in_words(value: date) -> str:
    """Rabu tanggal Sebelas bulan Mei tahun Dua Ribu Dua Puluh Dua. Always Indonesian: it becomes part of a text."""
    return (
        f"{weekday(value)} tanggal {number_in_words(value.day)} bulan {MONTHS[value.month - 1]} "
        f"tahun {number_in_words(value.year)}"
    )


def days_left(value: date) -> str:
    """3 hari lagi; hari ini; lewat 2 hari."""
    days = (value - today()).days
    if days == 0:
        return _("hari ini")
    if days > 0:
        return ngettext("%(days)d hari lagi", "%(days)d hari lagi", days) % {"days": days}
    return ngettext("lewat %(days)d hari", "lewat %(days)d hari", -days) % {"days": -days}
