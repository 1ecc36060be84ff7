"""Open logins: when each was last seen, and how they end. Each is a row of allauth's beside Django's session."""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils import timezone

SEEN_EVERY = 600  # seconds
MOST_REMEMBERED = 10_000
_written: dict[str, float] = {}  # session → when this process last wrote it


def note_seen(request: HttpRequest) -> None:
    """Writes at most once in ten minutes; a fresh login has just been written by allauth. Asks no query."""
    now = time.time()
    records = get_authentication_records(request, request.user)
    key = request.session.session_key or ""
    seen = max(_written.get(key, 0), records[-1]["at"] if records else 0)
    if now - seen < SEEN_EVERY:
        return
    if len(_written) > MOST_REMEMBERED:
        _written.clear()
    _written[key] = now
    UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())


def open_sessions(user: Any) -> list[UserSession]:
    """Those that still log in, the one last seen first; dead rows go away."""
    alive = UserSession.objects.purge_and_list(user)
    return sorted(alive, key=lambda session: session.last_seen_at, reverse=True)
