"""The matrix of a declaration: every post in protocol order, counted and filtered. Reads only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.groups import group_of, grouped
from agencies.models import search_key
from commitments.models import Declaration, Signatory
from commitments.states import HAS_SIGNED, MISSING, SignatoryState


@dataclass
class Matrix:
    """What the page shows: all figures over all posts, and the rows that the filter leaves."""

    slots: list[Signatory]
    shown: list[Signatory]
    state: str
    query: str
    group: str

    @property
    def groups(self) -> list[dict]:
        """The shown rows under their headings; each heading counts all of its posts."""
        totals = dict(grouped(self.slots))
        signed = {name: sum(slot.state in HAS_SIGNED for slot in run) for name, run in totals.items()}
        return [
            {"name": name, "slots": run, "total": len(totals[name]), "signed": signed[name]}
            for name, run in grouped(self.shown)
        ]

    @property
    def group_names(self) -> list[str]:
        return [name for name, _run in groupby(self.slots, key=lambda slot: group_of(slot.position))]

    @property
    def chips(self) -> list[dict]:
        counts = Counter(slot.state for slot in self.slots)
        return [
            {"value": state.value, "label": state.label, "count": counts[state.value]}
            for state in SignatoryState
            if counts[state.value] or state != SignatoryState.EXCUSED
        ]

    @property
    def missing(self) -> int:
        return sum(slot.state in MISSING for slot in self.slots)

    @property
    def headline(self) -> str:
        """Today's figures: what is not settled, what waits for a reviewer."""
        unsettled = self.missing
        waiting = sum(slot.state == SignatoryState.SIGNED for slot in self.slots)
        if not unsettled and not waiting:
            return _("Semua jabatan tuntas")
        values = {"unsettled": unsettled, "waiting": waiting}
        if not waiting:
            return (
                ngettext(
                    "%(unsettled)d jabatan belum tuntas", "%(unsettled)d jabatan belum tuntas", unsettled
                )
                % values
            )
        if not unsettled:
            return _("%(waiting)d perlu diperiksa") % values
        return (
            ngettext(
                "%(unsettled)d jabatan belum tuntas, %(waiting)d perlu diperiksa",
                "%(unsettled)d jabatan belum tuntas, %(waiting)d perlu diperiksa",
                unsettled,
            )
            % values
        )


def matrix_of(
    declaration: Declaration,
    *,
    state: str = "",
    query: str = "",
    group: str = "",
    slots: Iterable[Signatory] | None = None,
) -> Matrix:
    """Unknown filters are ignored; the search ignores spaces, case and punctuation.

    `slots` are those of `for_matrix()`, where a caller needs more of each.
    """
    slots = list(declaration.signatories.for_matrix() if slots is None else slots)
    state = state if state in SignatoryState.values else ""
    key = search_key(query)
    shown = [
        slot
        for slot in slots
        if (not state or slot.state == state)
        and (not key or key in slot.position.search_key or key in _holder_key(slot))
        and (not group or group_of(slot.position) == group)
    ]
    return Matrix(slots, shown, state, query, group)


def _holder_key(slot: Signatory) -> str:
    return search_key(slot.signer.full_name) if slot.signer else ""
