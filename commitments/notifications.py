"""Who is told what. Each mail is a row written in the transaction of its cause; `outbox` does the rest."""

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.languages import in_indonesian
from commitments import dates
from commitments.models import Declaration, OutgoingMail, Review, Signatory, Signature
from commitments.states import MailKind


@in_indonesian
def owe(kind: MailKind, key: str, *, slot: Signatory, to: Iterable[str] | None, **context) -> None:
    """One mail row about this slot; `key` says which mail of its kind it is.

    `to=None` is for the reviewers, whoever they are when it goes out. Nothing is written when nobody has an address, or
    when this very mail is owed already.
    """
    addresses = sorted({address for address in to or () if address})
    if not addresses and to is not None:
        return
    context |= {"slot": slot, "declaration": slot.declaration, "site": settings.SITE_URL}
    text = render_to_string(f"emails/{kind.value}.txt", context)
    subject, _, body = text.strip().partition("\n")
    mail = OutgoingMail(
        kind=kind,
        dedup_key=f"{kind.value}:{key}",
        declaration=slot.declaration,
        signatory=slot,
        to="\n".join(addresses),
        subject=" ".join(subject.removeprefix("Perihal:").split())[:200],
        body=body.strip() + "\n",
        created_at=dates.now(),
    )
    # The key drops what is owed already: one statement, where asking first and a savepoint would be four.
    OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)


def link(name: str, *args) -> str:
    """An absolute address under the configured host, whatever Host header came in."""
    return settings.SITE_URL + reverse(f"commitments:{name}", args=args)


def published(declaration: Declaration) -> None:
    """An invitation to every holder who has an address."""
    slots = declaration.signatories.select_related("position").with_addresses().in_protocol_order()
    for slot in slots.select_related("declaration"):
        invite(slot)


def invite(slot: Signatory) -> None:
    if not slot.holder:
        return
    owe(
        MailKind.INVITED,
        f"{slot.pk}:{slot.holder.pk}",
        slot=slot,
        to=[slot.holder.official.address],
        holder=slot.holder,
        link=link("sign", slot.pk),
    )


def remind(slot: Signatory) -> bool:
    """A reminder to today's holder, at most one a day (WIB). Returns whether it is a new one."""
    if not slot.holder or not slot.holder.official.address:
        return False
    key = f"{slot.pk}:{slot.holder.pk}:{dates.today().isoformat()}"
    if OutgoingMail.objects.filter(dedup_key=f"{MailKind.REMINDED.value}:{key}").exists():
        return False
    address = slot.holder.official.address
    owe(MailKind.REMINDED, key, slot=slot, to=[address], text=reminder_text(slot))
    return True


def signed(signature: Signature) -> None:
    slot = signature.signatory
    owe(
        MailKind.SIGNED,
        str(signature.pk),
        slot=slot,
        to=None,
        signature=signature,
        link=link("review", signature.pk),
    )


def declined(slot: Signatory, *, times: int) -> None:
    owe(
        MailKind.DECLINED,
        f"{slot.pk}:{times}",
        slot=slot,
        to=None,
        link=link("matrix", slot.declaration_id),
    )


def reviewed(review: Review) -> None:
    signature = review.signature
    again = link("sign", signature.signatory_id)
    owe(
        MailKind(review.decision),
        str(signature.pk),
        slot=signature.signatory,
        to=[signature.official.address],
        signature=signature,
        review=review,
        link=again if review.decision == "returned" else link("receipt", signature.pk),
    )


@in_indonesian
def reminder_text(slot: Signatory) -> str:
    """A ready text to send by hand, by WhatsApp say: no secret in it, the link leads through the login."""
    context = {"slot": slot, "declaration": slot.declaration, "link": link("sign", slot.pk)}
    return render_to_string("emails/reminder.txt", context).strip()


@in_indonesian
def group_reminder_text(declaration: Declaration, slots: Iterable[Signatory]) -> str:
    """One ready text for a group: which posts are still missing, and where to sign."""
    context = {"slots": slots, "declaration": declaration, "link": link("tasks")}
    return render_to_string("emails/reminder_group.txt", context).strip()
