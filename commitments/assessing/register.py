"""Who carries PUG in the offices: focal points and the Pokja, by decree, and how many women and men are trained."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.kinds import Sex
from agencies.models import Agency, User
from agencies.sheets import Cell, Table
from commitments import dates
from commitments.assessing.people import People
from commitments.models import FocalPoint
from commitments.permissions import agencies_of, may, visible_focal_points
from commitments.states import FocalKind

SOON = 30  # days before a decree ends


@dataclass(frozen=True)
class Entry:
    person: FocalPoint
    today: date

    @property
    def has_expired(self) -> bool:
        return self.person.has_expired(self.today)

    @property
    def days_left(self) -> int | None:
        """Until the last day of the decree; None where it has no end, or is not near."""
        if self.person.expires_on is None or self.has_expired:
            return None
        left = (self.person.expires_on - self.today).days
        return left if left <= SOON else None


@dataclass(frozen=True)
class Register:
    entries: list[Entry]
    without: list[Agency]
    everyone: People
    trained: People

    @property
    def expired(self) -> int:
        return sum(entry.has_expired for entry in self.entries)


def register_of(user: User) -> Register:
    """Those this user may see, and which of their offices have no focal point today: three queries."""
    today = dates.today()
    people = list(
        visible_focal_points(user).select_related("agency").order_by("agency__name", "kind", "name")
    )
    now = [person for person in people if person.decree_date <= today and not person.has_expired(today)]
    covered = {person.agency_id for person in now if person.kind == FocalKind.FOCAL_POINT}
    without = [office for office in _offices_of(user) if office.pk not in covered]
    trained = [person for person in now if person.trained_on and person.trained_on <= today]
    return Register([Entry(person, today) for person in people], without, by_sex(now), by_sex(trained))


def _offices_of(user: User) -> QuerySet[Agency]:
    offices = Agency.objects.in_force() if may(user, "see_work") else agencies_of(user)
    return offices.order_by("name")


def by_sex(people: Iterable[FocalPoint]) -> People:
    """Once each, who serves twice in an office or under a second decree."""
    sexes = [sex for _agency, _name, sex in {(one.agency_id, one.name.casefold(), one.sex) for one in people}]
    return People(sexes.count(Sex.MALE), sexes.count(Sex.FEMALE))


def register_table(register: Register) -> Table:
    headers = [
        _("Perangkat daerah"), _("Peran"), _("Nama"), _("Jenis kelamin"), _("Nomor SK"), _("Tanggal SK"),
        _("Berlaku sampai"), _("Dilatih PUG pada"),
    ]  # fmt: skip
    return headers, [_row(entry.person) for entry in register.entries]


def _row(person: FocalPoint) -> list[Cell]:
    return [
        person.agency.name,
        person.get_kind_display(),
        person.name,
        person.get_sex_display(),
        person.decree_number,
        person.decree_date,
        person.expires_on,
        person.trained_on,
    ]
