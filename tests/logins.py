"""Test clients that have come in, by whichever door."""

from dataclasses import asdict

from django.conf import settings
from django.test import Client

from agencies.models import User
from commitments import doors
from commitments.doors import Door


def enter(client: Client, person: User | Door | None) -> None:
    """As this login, or as a session that stands before such a door; nobody stays outside."""
    if isinstance(person, Door):
        session = client.session
        session[doors.KEY] = asdict(person)
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    elif person:
        client.force_login(person)
