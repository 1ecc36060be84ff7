"""Devices on which somebody has logged in before. Strangers who type a name wrongly six times close it for strangers,
and not for its owner, whose own device has a count of its own (OWASP's "device cookie").

The cookie opens nothing. It is signed over what the owner's sessions are signed over: a new password ends it.
"""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.signing import BadSignature, TimestampSigner
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from agencies.logins import called
from agencies.models import User

LONGEST = 200  # characters


@receiver(user_logged_in, dispatch_uid="known_device")
def _remember(sender: Any, *, request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.known_device_of = user  # type: ignore[attr-defined]


def hand_out(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whoever has just logged in leaves with the cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "known_device_of", None)
        if user is not None:
            _set_cookie(response, user)
        return response

    return middleware


def _set_cookie(response: HttpResponse, user: User) -> None:
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        _signer(user).sign(f"{user.pk}.{secrets.token_urlsafe(16)}"),
        max_age=settings.DEVICE_COOKIE_AGE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def token_for(request: HttpRequest | None, typed: str) -> str | None:
    """What tells this device from others, if the login that was typed has been open on it."""
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "") if request else ""
    if not cookie or len(cookie) > LONGEST:
        return None
    user = called(typed)
    return _read(cookie, user) if user else None


def _read(cookie: str, user: User) -> str | None:
    try:
        owner, _dot, token = _signer(user).unsign(cookie, max_age=settings.DEVICE_COOKIE_AGE).partition(".")
    except BadSignature:
        return None
    return token if owner == str(user.pk) else None


def _signer(user: User) -> TimestampSigner:
    return TimestampSigner(salt=f"device|{user.get_session_auth_hash()}")
