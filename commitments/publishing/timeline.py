"""How a declaration came to where it stands: its latest events, and the versions beside it."""

from django.db.models import Count, Q

from commitments.models import Declaration, LedgerEntry, Signatory
from commitments.states import HAS_SIGNED

SIGNED = Count("signatories", filter=Q(signatories__state__in=HAS_SIGNED), distinct=True)


def timeline_of(declaration: Declaration, slots: list[Signatory]) -> list[LedgerEntry]:
    """The latest entries, each with the post it is about (if about one)."""
    posts = {slot.pk: str(slot.position) for slot in slots}
    entries = list(declaration.ledger.select_related("actor").order_by("-sequence")[:12])
    for entry in entries:
        entry.post = posts.get(entry.payload.get("slot"), "")  # type: ignore[attr-defined]
    return entries


def versions_of(declaration: Declaration) -> list[Declaration]:
    """This version and its neighbours, with how many posts signed each."""
    near = Q(pk=declaration.pk) | Q(pk=declaration.previous_id) | Q(previous=declaration)
    return list(Declaration.objects.filter(near).annotate(signed=SIGNED).order_by("-version"))
