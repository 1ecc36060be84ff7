"""The headed groups of every list and paper, in protocol order."""

from itertools import groupby
from typing import Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from agencies.kinds import AgencyKind, PositionCategory
from agencies.models import Position

BY_CATEGORY = {
    PositionCategory.SEKDA: _("Sekretaris Daerah"),
    PositionCategory.ASISTEN: _("Asisten"),
    PositionCategory.STAF_AHLI: _("Staf Ahli Wali Kota"),
    PositionCategory.CAMAT: _("Camat"),
}
BY_KIND = {
    AgencyKind.SETDA: _("Sekretariat Daerah"),
    AgencyKind.SETWAN: _("Sekretariat DPRD dan Inspektorat"),
    AgencyKind.INSPEKTORAT: _("Sekretariat DPRD dan Inspektorat"),
    AgencyKind.DINAS: _("Dinas, Badan, Satpol PP, dan RSUD"),
    AgencyKind.BADAN: _("Dinas, Badan, Satpol PP, dan RSUD"),
    AgencyKind.SATPOL: _("Dinas, Badan, Satpol PP, dan RSUD"),
    AgencyKind.RSUD: _("Dinas, Badan, Satpol PP, dan RSUD"),
    AgencyKind.KECAMATAN: _("Camat"),
}


class HasPosition(Protocol):
    @property
    def position(self) -> Position: ...


T = TypeVar("T", bound=HasPosition)


def group_of(position: Position) -> str:
    """The heading this post stands under. Needs the position's agency."""
    own = BY_CATEGORY.get(PositionCategory(position.category))
    return str(own or BY_KIND[AgencyKind(position.agency.kind)])


def grouped(rows: list[T]) -> list[tuple[str, list[T]]]:
    """Rows in protocol order → (heading, rows) for each run under one heading."""
    return [(name, list(run)) for name, run in groupby(rows, key=lambda row: group_of(row.position))]
