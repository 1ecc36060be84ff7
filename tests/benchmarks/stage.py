"""Who and what the measurements need."""

import json
from importlib import import_module
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.urls import reverse

from agencies.models import User
from commitments.management.sample_strokes import sample_drawing
from commitments.models import Declaration, Signatory, Signature
from commitments.publishing import verbs as publishing
from commitments.signing import verbs as signing
from commitments.signing.marks import Drawn
from commitments.states import DeclarationState
from pug_bekasi.identity import factors
from tests.benchmarks.load import Shot
from tests.client import shown_by
from tests.factories import CONSENT, holder_of, make_declaration, make_tenure, make_user

TOKEN = "a" * 32  # a CSRF secret may stand in cookie and form as it is


def posts(number: int) -> list:
    return [make_tenure().position for _ in range(number)]


def declaration_with(positions: list) -> Declaration:
    return make_declaration(positions=positions)


def put_away() -> None:
    """Ends what a topic has opened, so that the queue and the landing page of the next one hold what it says."""
    admin = make_user("admin")
    for declaration in Declaration.objects.filter(state=DeclarationState.OPEN):
        publishing.withdraw(declaration, reason="Selesai diukur.", by=admin)


def sign_all(declaration: Declaration) -> list[Signature]:
    """A drawn signature on every slot, each with strokes of its own."""
    slots = declaration.signatories.select_related("declaration", "position").in_protocol_order()
    return [
        signing.sign(
            slot, mark=Drawn(sample_drawing(slot.pk)), consent=CONSENT, key=uuid4(), by=holder_of(slot)
        )
        for slot in slots
    ]


def cookies_of(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.update(shown_by(user, second_factor=factors.is_required(user)))  # as each really logs in
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def sign_form(slot: Signatory) -> dict[str, str]:
    return {
        "csrfmiddlewaretoken": TOKEN,
        "key": str(uuid4()),
        "digest": slot.declaration.text_digest,
        "method": "drawn",
        "drawing": _as_drawn(slot.pk),
        "consent": "on",
    }


def _as_drawn(seed: int) -> str:
    """The text that the browser sends: CSS pixels, milliseconds, pressure from 0 to 1."""
    drawing = sample_drawing(seed)
    strokes = [[[x / 100, y / 100, t, p / 1000] for x, y, t, p in stroke] for stroke in drawing["strokes"]]
    return json.dumps(drawing | {"strokes": strokes}, separators=(",", ":"))


def sign_shots(declaration: Declaration) -> tuple[list[Shot], list[Shot]]:
    """For each slot the POST that signs it, and the same form sent to the floor."""
    ours, floor = [], []
    for slot in declaration.signatories.select_related("declaration").all():
        cookies, body = cookies_of(holder_of(slot)), urlencode(sign_form(slot)).encode()
        ours.append(Shot("POST", reverse("commitments:sign", args=[slot.pk]), cookies, body, expect=302))
        floor.append(Shot("POST", "/lantai/", cookies, body, expect=302))
    return ours, floor
