"""What a declaration still misses, and why it cannot be chased by mail. Reads only."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Max, Q

from commitments import dates, notifications
from commitments.models import Declaration, Signatory
from commitments.states import MISSING, MailKind, SignatoryState


@dataclass
class Missing:
    """Every post whose signature is missing, in protocol order, by what can be done about it."""

    declaration: Declaration
    slots: list[Signatory]

    @property
    def reachable(self) -> list[Signatory]:
        """Last those who said that they cannot sign yet: they stand apart, and are ticked by hand."""
        found = [slot for slot in self.slots if _address(slot)]
        return sorted(found, key=_cannot_yet)

    @property
    def by_mail(self) -> list[tuple[bool, list[Signatory]]]:
        """The reachable in two lists: whether they have said that they cannot sign yet."""
        return [(said, list(run)) for said, run in groupby(self.reachable, key=_cannot_yet)]

    @property
    def without_address(self) -> list[Signatory]:
        return [slot for slot in self.slots if slot.holder and not _address(slot)]

    @property
    def vacant(self) -> list[Signatory]:
        return [slot for slot in self.slots if not slot.holder]

    @property
    def group_text(self) -> str:
        return notifications.group_reminder_text(self.declaration, self.slots)


def missing_from(declaration: Declaration) -> Missing:
    """Each slot carries `reminded_at`, the last reminder to its post, and `reminded_today`."""
    slots = (
        declaration.signatories.filter(state__in=MISSING)
        .select_related("declaration", "position__agency")
        .with_addresses()
        .annotate(reminded_at=Max("mails__created_at", filter=Q(mails__kind=MailKind.REMINDED)))
        .in_protocol_order()
    )
    found = list(slots)
    for slot in found:
        slot.reminded_today = bool(slot.reminded_at) and dates.wib_date(slot.reminded_at) == dates.today()
    return Missing(declaration, found)


def _cannot_yet(slot: Signatory) -> bool:
    return slot.state == SignatoryState.DECLINED


def _address(slot: Signatory) -> str:
    return slot.holder.official.address if slot.holder else ""
