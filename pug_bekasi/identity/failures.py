"""A login that failed, from the request it came with."""

from typing import Any

from django.http import HttpRequest

from agencies import logins
from pug_bekasi.identity import devices


def note_failure(request: HttpRequest, step: str, *, user: Any) -> None:
    """`user` is None when nobody has that name; what was typed is not kept."""
    agent = request.headers.get("User-Agent", "")
    logins.record_failure(step, user=user, device=devices.in_words(agent))
