"""Whose password is checked: that of one login, once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from agencies.logins import called
from agencies.models import User


class OneCheck(AuthenticationBackend):
    """allauth looks by address and then by name, and so hashes twice for an address that exists: a stranger could time
    it. Here one login is looked for, and for nobody one password is hashed all the same.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        typed = credentials.get("username") or credentials.get("email") or ""
        return self._check_password(called(typed), credentials["password"])
