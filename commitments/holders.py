"""Who holds a post while its declaration is being signed: each change stands in the chain, with its letter."""

from contextlib import suppress
from typing import Any

from django.db import transaction

from agencies.models import Tenure, User
from commitments import chain
from commitments.models import Signatory
from commitments.models.salted import plain
from commitments.states import DeclarationState, EntryKind


def record(tenure: Tenure, *, by: User | None) -> None:
    """An entry for each open declaration that asks this post: the tenure as it is now, without its holder's name.

    The name is no business of a public chain before its owner signs; the number leads an auditor to it.
    """
    slots = Signatory.objects.filter(position=tenure.position_id, declaration__state=DeclarationState.OPEN)
    for slot in slots.select_related("declaration").order_by("pk"):
        with suppress(chain.NotOpen), transaction.atomic():  # closed at this very moment: then it asks nobody
            _append(slot, tenure, by=by)


def _append(slot: Signatory, tenure: Tenure, *, by: User | None) -> None:
    chain.append(
        slot.declaration,
        EntryKind.HOLDER_NAMED,
        actor=by,
        about=[],
        only_open=True,
        slot=slot.pk,
        tenure=tenure.pk,
        capacity=tenure.capacity,
        basis=tenure.basis,
        basis_date=plain(tenure.basis_date),
        starts_on=plain(tenure.starts_on),
        ends_on=plain(tenure.ends_on),
    )


def follow(sender: Any, *, instance: Any, history_instance: Any, **kwargs: Any) -> None:
    """Receiver of every new line in the history of tenures, whichever page or import wrote it. One that is deleted
    again names nobody."""
    if isinstance(instance, Tenure) and history_instance.history_type != "-":
        record(instance, by=history_instance.history_user)
