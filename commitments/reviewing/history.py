"""What happened to one slot: from the ledger, and from who held its post. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.models import Tenure
from commitments import dates
from commitments.models import LedgerEntry, Review, Signatory, Signature
from commitments.states import EntryKind

# Of the whole declaration, and so of each of its slots.
SHARED = (EntryKind.PUBLISHED, EntryKind.CLOSED, EntryKind.WITHDRAWN, EntryKind.SUPERSEDED)


@dataclass(frozen=True)
class Event:
    """`who` is the holder or signer as then, `by` the login that did it; a change of holder has a day and no clock."""

    at: datetime
    what: str
    icon: str = "file"
    who: str = ""
    note: str = ""
    by: str = ""
    of_the_day: bool = False


def history_of(slot: Signatory) -> list[Event]:
    """First things first. Names are those of the moment: a signature keeps its own, a tenure is its person's."""
    own = Q(payload__slot=slot.pk) | Q(kind__in=SHARED)
    ledger = LedgerEntry.objects.filter(own, declaration=slot.declaration_id).select_related("actor")
    entries = [entry for entry in ledger.order_by("sequence") if _concerns(entry, slot)]
    signatures = slot.signatures.defer("strokes", "scan").in_bulk()
    reviews = Review.objects.filter(signature__signatory=slot).in_bulk()
    events = [_event(entry, slot, signatures, reviews, entries) for entry in entries]
    return sorted([*events, *_holders(slot, entries)], key=lambda event: event.at)


def _concerns(entry: LedgerEntry, slot: Signatory) -> bool:
    """A late slot was not there when the declaration was published; holders are told by their own dates."""
    if entry.kind == EntryKind.HOLDER_NAMED:
        return False
    return entry.kind != EntryKind.PUBLISHED or slot.pk in entry.payload["slots"]


def _event(
    entry: LedgerEntry,
    slot: Signatory,
    signatures: dict[int, Signature],
    reviews: dict[int, Review],
    entries: list[LedgerEntry],
) -> Event:
    review = reviews.get(entry.payload.get("review", 0))
    number = review.signature_id if review else entry.payload.get("signature", 0)
    signature = signatures.get(number)
    return Event(
        entry.created_at,
        entry.get_kind_display(),
        entry.icon,
        who=_named(signature) if signature else "",
        note=review.reason if review else _note(entry, slot, signature, entries),
        by=str(entry.actor or ""),
    )


def _named(holder: Signature | Tenure) -> str:
    return f"{holder.label} {holder.full_name}".strip()


def _note(
    entry: LedgerEntry, slot: Signatory, signature: Signature | None, entries: list[LedgerEntry]
) -> str:
    if signature:
        return f"{signature.position_title}, {signature.method_in_words}, {signature.printed_number}"
    # The ledger proves the reason by a digest; the slot itself knows the last one.
    is_last = entry == next((last for last in reversed(entries) if last.kind not in SHARED), None)
    return slot.reason if is_last and entry.kind in (EntryKind.DECLINED, EntryKind.EXCUSED) else ""


def _holders(slot: Signatory, entries: list[LedgerEntry]) -> Iterable[Event]:
    """Who held the post since the slot is there, up to today."""
    since = dates.wib_date(entries[0].created_at) if entries else dates.today()
    tenures = slot.position.tenures.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since))
    for tenure in tenures.filter(starts_on__lte=dates.today()).select_related("official"):
        yield _holder(tenure, tenure.starts_on, time.min, _("Mulai memegang jabatan"))
        if tenure.ends_on and tenure.ends_on < dates.today():
            yield _holder(tenure, tenure.ends_on, time.max, _("Berakhir memegang jabatan"))


def _holder(tenure: Tenure, day: date, clock: time, what: str) -> Event:
    at = datetime.combine(day, clock, dates.WIB)
    return Event(at, what, "user", who=_named(tenure), note=tenure.basis, of_the_day=True)
