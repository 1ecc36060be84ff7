"""Chasing the signatures that are missing."""

from collections.abc import Iterable

from django.db import transaction

from commitments import notifications
from commitments.models import Signatory


@transaction.atomic
def remind(slots: Iterable[Signatory]) -> int:
    """A mail to the holder of each slot that has an address. Returns how many are new: one a day and holder at most."""
    return sum(notifications.remind(slot) for slot in slots)
