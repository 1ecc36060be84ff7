"""The one door for a status: every change is checked against the move table and appends one ledger entry."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from commitments import chain
from commitments.models import Declaration, LedgerEntry, Signatory
from commitments.models.salted import Salted
from commitments.states import DECLARATION_MOVES, SIGNATORY_MOVES, EntryKind

MOVES: dict[type, dict] = {Declaration: DECLARATION_MOVES, Signatory: SIGNATORY_MOVES}


class MoveError(Exception):
    """The move is impossible. Its text may be shown to the user."""


def move(
    thing: Declaration | Signatory,
    to: str,
    *,
    by: User | None,
    kind: EntryKind,
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
    expected: dict[str, Any] = {"state": thing.state}
    if isinstance(
        thing, Signatory
    ):  # returned and signed anew in between is another signature in the same state
        expected["current_signature"] = thing.current_signature_id
    if to not in MOVES[type(thing)][thing.state]:
        raise MoveError(_("Tindakan ini tidak dapat dilakukan pada keadaan sekarang."))
    # No savepoint of its own: the verb's transaction fails as a whole, and each statement lengthens the chain's lock.
    with transaction.atomic(savepoint=False):
        values = {"state": to, **(changes or {})}
        if not type(thing).objects.filter(pk=thing.pk, **expected).update(**values):
            raise MoveError(_("Sudah diubah pengguna lain. Muat ulang halaman ini."))
        for name, value in values.items():
            setattr(thing, name, value)
        if isinstance(thing, Signatory):
            payload["slot"] = thing.pk
        # A slot moves only while its declaration is open: asked under the chain's lock, so that no close slips between.
        only_open = isinstance(thing, Signatory)
        about = [thing, *also]
        try:
            return chain.append(
                thing.declaration,
                kind,
                actor=by,
                about=about,
                made=made,
                only_open=only_open,
                at=at,
                **payload,
            )
        except chain.NotOpen as error:
            raise MoveError(_("Penandatanganan naskah ini tidak sedang dibuka.")) from error
