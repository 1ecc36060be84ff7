"""Whose password is checked: that of one login, once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from agencies.logins import called
from agencies.models import User
from pug_bekasi.identity.factors import DECIDE


def typed_name(credentials: dict[str, Any]) -> str:
    """What stood in the field for name or address."""
    return credentials.get("username") or credentials.get("email") or ""


class OneCheck(AuthenticationBackend):
    """allauth looks by address and then by name, and so hashes twice for an address that exists: a stranger could time
    it. Here one login is looked for, and for nobody one password is hashed all the same.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        return self._check_password(called(typed_name(credentials)), credentials["password"])

    def get_user(self, user_id: int) -> User | None:
        """With what each request of theirs asks: whether this login decides about others. Signing is a query faster."""
        groups = Group.objects.filter(user=OuterRef("pk"), name__in=DECIDE)
        user = User.objects.annotate(decides=Exists(groups)).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
