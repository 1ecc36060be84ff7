"""The dates that count for what is open: when to have signed, when it is declared, whose tenure ends. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import cast

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Tenure, User
from commitments import dates
from commitments.models import Declaration
from commitments.permissions import visible_declarations, visible_signatories
from commitments.states import MISSING, DeclarationState

AHEAD = timedelta(days=366)


@dataclass(frozen=True, order=True)
class Day:
    """One line of the calendar; `late` when the day is over and something is still missing."""

    on: date
    what: str
    about: str
    url: str
    note: str = ""
    late: bool = False


def upcoming(user: User) -> list[tuple[date, list[Day]]]:
    """The first day of each month with its lines: open declarations, and tenures that end within a year."""
    days = sorted([*_declaration_days(user), *_tenure_days(user)])
    months = groupby(days, key=lambda day: day.on.replace(day=1))
    return [(month, list(run)) for month, run in months]


def _declaration_days(user: User) -> Iterable[Day]:
    missing = Count("signatories", filter=Q(signatories__state__in=MISSING), distinct=True)
    open_ones = visible_declarations(user).filter(state=DeclarationState.OPEN)
    # The filter of visible rows joins the slots: count on the plain table.
    for declaration in Declaration.objects.filter(pk__in=open_ones.values("pk")).annotate(missing=missing):
        about = f"{declaration.title} {declaration.year}"
        url = reverse("commitments:declaration_detail", args=[declaration.pk])
        note = _("%(n)d tanda tangan belum ada") % {"n": declaration.missing} if declaration.missing else ""
        if declaration.sign_by:
            late = bool(declaration.missing) and declaration.sign_by < dates.today()
            yield Day(declaration.sign_by, _("Batas waktu tanda tangan"), about, url, note, late)
        yield Day(declaration.date, _("Tanggal deklarasi"), about, url)


def _tenure_days(user: User) -> Iterable[Day]:
    """Tenures that end while their post is still asked to sign."""
    slots = visible_signatories(user).filter(declaration__state=DeclarationState.OPEN, state__in=MISSING)
    today = dates.today()
    ending = Tenure.objects.in_force(today).filter(
        position__in=slots.values("position"), ends_on__lte=today + AHEAD
    )
    for tenure in ending.select_related("official", "position"):
        what = _("Masa jabatan berakhir")
        about = f"{tenure.label} {tenure.position.title}".strip()
        ends_on = cast(date, tenure.ends_on)  # the filter asks for one
        yield Day(ends_on, what, about, reverse("commitments:tasks"), tenure.official.full_name)
