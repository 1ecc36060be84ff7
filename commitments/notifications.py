"""Who is told what. Each mail is a row written in the transaction of its cause; `send_mail` does the rest."""

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.models import User
from agencies.roles import ADMINISTRATOR, REVIEWER
from commitments import dates
from commitments.models import Declaration, OutgoingMail, Review, Signatory, Signature


def owe(
    key: str, template: str, *, to: Iterable[str], declaration: Declaration, **context
) -> OutgoingMail | None:
    """One mail row, unless nobody has an address or this very mail is owed already (`key` says which one it is)."""
    addresses = sorted({address for address in to if address})
    if not addresses:
        return None
    context |= {"declaration": declaration, "site": settings.SITE_URL}
    text = render_to_string(f"emails/{template}.txt", context)
    subject, _, body = text.strip().partition("\n")
    mail, _ = OutgoingMail.objects.get_or_create(
        dedup_key=key,
        defaults={
            "declaration": declaration,
            "to": "\n".join(addresses),
            "subject": " ".join(subject.removeprefix("Perihal:").split())[:200],
            "body": body.strip() + "\n",
            "created_at": dates.now(),
        },
    )
    return mail


def link(name: str, *args) -> str:
    """An absolute address under the configured host, whatever Host header came in."""
    return settings.SITE_URL.rstrip("/") + reverse(f"commitments:{name}", args=args)


def reviewer_addresses() -> list[str]:
    reviewers = User.objects.filter(is_active=True, groups__name__in=[ADMINISTRATOR, REVIEWER])
    return list(reviewers.exclude(email="").values_list("email", flat=True).distinct())


def published(declaration: Declaration) -> None:
    """An invitation to every holder who has an address."""
    slots = declaration.signatories.select_related("position").with_holders().in_protocol_order()
    for slot in slots.select_related("declaration"):
        invite(slot)


def invite(slot: Signatory) -> None:
    if not slot.holder:
        return
    owe(
        f"invited:{slot.pk}:{slot.holder.pk}",
        "invited",
        to=[slot.holder.official.address],
        declaration=slot.declaration,
        slot=slot,
        holder=slot.holder,
        link=link("sign", slot.pk),
    )


def signed(signature: Signature) -> None:
    slot = signature.signatory
    owe(
        f"signed:{signature.pk}",
        "signed",
        to=reviewer_addresses(),
        declaration=slot.declaration,
        signature=signature,
        link=link("review", signature.pk),
    )


def declined(slot: Signatory, *, times: int) -> None:
    owe(
        f"declined:{slot.pk}:{times}",
        "declined",
        to=reviewer_addresses(),
        declaration=slot.declaration,
        slot=slot,
        link=link("matrix", slot.declaration_id),
    )


def reviewed(review: Review) -> None:
    signature = review.signature
    again = link("sign", signature.signatory_id)
    owe(
        f"{review.decision}:{signature.pk}",
        review.decision,
        to=[signature.official.address],
        declaration=signature.signatory.declaration,
        signature=signature,
        review=review,
        link=again if review.decision == "returned" else link("receipt", signature.pk),
    )


def reminder_text(slot: Signatory) -> str:
    """A ready text for an operator to send by hand: no secret in it, the link leads through the login."""
    context = {"slot": slot, "declaration": slot.declaration, "link": link("sign", slot.pk)}
    return render_to_string("emails/reminder.txt", context).strip()
