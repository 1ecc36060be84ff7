"""The invitation on paper: to one holder, for one post. Its QR opens nothing; a host does."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.languages import in_indonesian
from commitments import dates
from commitments.documents import drawings, render
from commitments.documents.declaration import letterhead
from commitments.models import Signatory


def letter_address(slot: Signatory) -> str:
    return settings.SITE_URL + reverse("commitments:letter", args=[slot.declaration.code, slot.pk])


@in_indonesian
def invitation_html(slot: Signatory) -> str:
    declaration = slot.declaration
    context = {
        "slot": slot,
        "declaration": declaration,
        "holder": slot.holder,
        "letterhead": letterhead(declaration),
        "address": letter_address(slot).split("://", 1)[-1],
        "today": dates.today(),
        "created": dates.now(),
    }
    return render_to_string("documents/invitation.html", context)


def invitation_pdf(slot: Signatory) -> render.Paper:
    images = {"emblem:city": drawings.emblem(), "qr:verify": drawings.qr(letter_address(slot))}
    return render.to_pdf(
        invitation_html(slot), styles=["paper.css", "invitation.css", "a4.css"], images=images
    )
