"""The one door for a status: every change is checked against the move table and appends one ledger entry."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from commitments import chain, journal
from commitments.models import Declaration, Evidence, LedgerEntry, PlanEntry, Report, Signatory
from commitments.models.salted import Salted
from commitments.states import (
    DECLARATION_ENTRIES,
    DECLARATION_MOVES,
    SIGNATORY_MOVES,
    SLOT_ENTRIES,
    WORK_MOVES,
    DeclarationState,
    EntryKind,
    PlanEntryKind,
)

MOVES: dict[type, dict] = {
    Declaration: DECLARATION_MOVES,
    Signatory: SIGNATORY_MOVES,
    Report: WORK_MOVES,
    Evidence: WORK_MOVES,
}
ENTRIES: dict[type, dict] = {Declaration: DECLARATION_ENTRIES, Signatory: SLOT_ENTRIES}
# What the caller has seen must still be so. Of a slot that is every column that ever changes: returned and signed anew
# in between, it is in the same state with another signature.
SEEN: dict[type, tuple[str, ...]] = {Declaration: ("state",), Signatory: Signatory.MUTABLE}


class MoveError(Exception):
    """The move is impossible. Its text may be shown to the user."""


def move(
    thing: Declaration | Signatory,
    to: str,
    *,
    by: User | None,
    also: Iterable[Salted] = (),
    made: Iterable[Salted] = (),
    changes: dict | None = None,
    at: datetime | None = None,
    **payload,
) -> LedgerEntry:
    """Change the state of `thing` (and the columns in `changes`), and write the entry that says so.

    `also` names further rows the entry speaks of, `made` those that this transaction has just inserted; `at` is the
    time the demo gives it, else now.
    Raises MoveError when the table forbids it or somebody was faster.
    """
    if to not in MOVES[type(thing)][thing.state]:
        raise MoveError(impossible())
    kind = ENTRIES[type(thing)][to]
    known = {column: getattr(thing, column) for column in SEEN[type(thing)]}
    values = {"state": to, **(changes or {})}
    # No savepoint of its own: the verb's transaction fails as a whole, and each statement lengthens the chain's lock.
    with transaction.atomic(savepoint=False):
        if not type(thing).objects.filter(pk=thing.pk, **known).update(**values):
            raise MoveError(_("Sudah diubah pengguna lain. Muat ulang halaman ini."))
        for name, value in values.items():
            setattr(thing, name, value)
        if isinstance(thing, Declaration):
            return chain.append(thing, kind, actor=by, about=[thing, *also], made=made, at=at, **payload)
        # The slot needs no second look: all of it that ever changes was compared by the update that moved it.
        made = [thing, *made]
        return append_while_open(
            thing.declaration, kind, actor=by, about=also, made=made, at=at, slot=thing.pk, **payload
        )


@transaction.atomic
def move_work(
    thing: Report | Evidence,
    to: str,
    *,
    by: User,
    changes: dict | None = None,
    at: datetime | None = None,
    **payload,
) -> PlanEntry:
    """As move(), of what an office hands in: the entry goes to the history of its plan.

    Every column must still be as `thing` has it: nobody decides about what they have not seen.
    """
    if to not in MOVES[type(thing)][thing.state]:
        raise MoveError(impossible())
    values = {"state": to, **(changes or {})}
    journal.lock(thing.action.plan_id)
    stored = type(thing).objects.get(pk=thing.pk)
    if stored.record() != thing.record():
        raise MoveError(_("Sudah diubah pengguna lain. Muat ulang halaman ini."))
    type(thing).objects.filter(pk=thing.pk).update(**values)
    for name, value in values.items():
        setattr(thing, name, value)
    return journal.append(thing.plan, PlanEntryKind(to), actor=by, about=[thing], at=at, **payload)


def append_while_open(declaration: Declaration, kind: EntryKind, **values) -> LedgerEntry:
    """An entry of what may only happen while the signing is open; raises MoveError when it has ended.

    The chain asks under its lock, so that no close slips between the question and the entry.
    """
    try:
        return chain.append(declaration, kind, only_open=True, **values)
    except chain.NotOpen as error:
        raise MoveError(not_open()) from error


def require_open(declaration: Declaration) -> None:
    """For the sentence only: `append_while_open` asks again, when nobody can close it any more."""
    if declaration.state != DeclarationState.OPEN:
        raise MoveError(not_open())


def impossible() -> str:
    return _("Tindakan ini tidak dapat dilakukan pada keadaan sekarang.")


def not_open() -> str:
    return _("Penandatanganan naskah ini tidak sedang dibuka.")
