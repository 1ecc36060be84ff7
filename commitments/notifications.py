"""Who is told what. Each mail is a row written in the transaction of its cause; `outbox` does the rest."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.languages import in_indonesian
from agencies.models import Official, User
from commitments import dates, links
from commitments.models import Declaration, OutgoingMail, Plan, Review, Signatory, Signature, SigningLink
from commitments.states import MailKind, MailState

logger = logging.getLogger(__name__)


@in_indonesian
def owe(
    kind: MailKind, key: str, *, to: Iterable[str] | None, slot: Signatory | None = None, **context
) -> None:
    """One mail row, mostly about a slot; `key` says which mail of its kind it is.

    `to=None` is for the reviewers, whoever they are when it goes out. Nothing is written when nobody has an address, or
    when this very mail is owed already.
    """
    addresses = sorted({address for address in to or () if address})
    if not addresses and to is not None:
        return
    declaration = slot.declaration if slot else None
    context |= {"slot": slot, "declaration": declaration, "site": settings.SITE_URL}
    text = render_to_string(f"emails/{kind.value}.txt", context)
    subject, _, body = text.strip().partition("\n")
    mail = OutgoingMail(
        kind=kind,
        dedup_key=f"{kind.value}:{key}",
        declaration=declaration,
        signatory=slot,
        link=context.get("personal"),
        to="\n".join(addresses),
        subject=" ".join(subject.removeprefix("Perihal:").split())[:200],
        body=body.strip() + "\n",
        created_at=dates.now(),
    )
    # The key drops what is owed already: one statement, where asking first and a savepoint would be four.
    OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)


def address(name: str, *args) -> str:
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
        link=address("sign", slot.pk),
    )


def link_made(link: SigningLink) -> None:
    """The mail with the personal link. Its secret is put in when it goes out: see `outbox`."""
    owe(
        MailKind.LINK,
        str(link.pk),
        slot=link.signatory,
        to=[link.tenure.official.address],
        personal=link,
        holder=link.tenure,
        link=f"{address('door')}#{links.PLACE}",
        until=link.expires_at,
    )


@in_indonesian
def send_code(link: SigningLink, code: str) -> bool:
    """A one-time code to the holder's own address, at once and past the outbox: no row ever holds it.

    Returns whether the mail server took it.
    """
    text = render_to_string("emails/link_code.txt", {"code": code, "slot": link.signatory})
    subject, _, body = text.strip().partition("\n")
    message = EmailMessage(
        subject.removeprefix("Perihal:").strip(), body.strip() + "\n", to=[link.tenure.official.address]
    )
    try:
        message.send()
    except OSError as error:  # every SMTPException is one
        logger.error("a one-time code was not sent: %s", type(error).__name__)
        return False
    return True


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


def digest(plan: Plan, *, late: list, soon: list, returned: list) -> bool:
    """What an office owes, to those who work for it: one mail a day (WIB), in place of one that did not get out before.

    `plan` is its newest one. Returns whether it is a new mail.
    """
    key = f"{plan.agency_id}:{dates.today().isoformat()}"
    digests = OutgoingMail.objects.filter(kind=MailKind.DIGEST)
    if digests.filter(dedup_key=f"{MailKind.DIGEST.value}:{key}").exists():
        return False
    older = digests.filter(dedup_key__startswith=f"{MailKind.DIGEST.value}:{plan.agency_id}:")
    older.filter(state=MailState.WAITING).update(state=MailState.DROPPED)
    workers = User.objects.filter(is_active=True, memberships__agency=plan.agency_id)
    to = list(workers.exclude(email="").values_list("email", flat=True))
    owe(
        MailKind.DIGEST,
        key,
        to=to,
        plan=plan,
        link=address("plan", plan.pk),
        late=late,
        soon=soon,
        returned=returned,
    )
    return bool(to)


def signed(signature: Signature) -> None:
    slot = signature.signatory
    owe(
        MailKind.SIGNED,
        str(signature.pk),
        slot=slot,
        to=None,
        signature=signature,
        link=address("review", signature.pk),
    )


def declined(slot: Signatory, *, times: int) -> None:
    owe(
        MailKind.DECLINED,
        f"{slot.pk}:{times}",
        slot=slot,
        to=None,
        link=address("matrix", slot.declaration_id),
    )


def reviewed(review: Review) -> None:
    signature = review.signature
    returned = review.decision == "returned"
    page = address("sign", signature.signatory_id) if returned else address("receipt", signature.pk)
    owe(
        MailKind(review.decision),
        str(signature.pk),
        slot=signature.signatory,
        to=[signature.official.address],
        signature=signature,
        review=review,
        link=page if signature.user_id else "",  # both pages ask for a login
    )


def follow_addresses(sender: Any, *, instance: Any, history_instance: Any, **kwargs: Any) -> None:
    """Receiver of every new line in the history of people and logins, whichever page or import wrote it.

    Whoever was reached at the address before is told there: links and codes go elsewhere from now on, and who changed
    it could be somebody who should not have.
    """
    if not isinstance(instance, Official | User) or history_instance.history_type != "~":
        return
    lines = type(history_instance).objects.filter(id=instance.pk, history_id__lt=history_instance.history_id)
    before = lines.order_by("-history_id").values_list("email", flat=True).first() or ""
    if before.casefold() != instance.email.casefold():
        key = f"{instance._meta.model_name}:{history_instance.history_id}"
        at = history_instance.history_date
        owe(MailKind.ADDRESS, key, to=[before], person=instance, at=at, contact=settings.PRIVACY_CONTACT)


@in_indonesian
def reminder_text(slot: Signatory) -> str:
    """A ready text to send by hand, by WhatsApp say: no secret in it, the link leads through the login."""
    context = {"slot": slot, "declaration": slot.declaration, "link": address("sign", slot.pk)}
    return render_to_string("emails/reminder.txt", context).strip()


@in_indonesian
def invitation_text(slot: Signatory) -> str:
    """A ready text to send by hand to the holder, however they may come in; no secret in it."""
    context = {
        "slot": slot,
        "declaration": slot.declaration,
        "holder": slot.holder,
        "link": address("sign", slot.pk),
    }
    return render_to_string("emails/invitation.txt", context).strip()


@in_indonesian
def group_reminder_text(declaration: Declaration, slots: Iterable[Signatory]) -> str:
    """One ready text for a group: which posts are still missing, and where to sign."""
    context = {"slots": slots, "declaration": declaration, "link": address("tasks")}
    return render_to_string("emails/reminder_group.txt", context).strip()
