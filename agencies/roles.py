"""The three roles of the office are groups. An operator is a Membership, a signer is an Official's own login."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ADMINISTRATOR = "Administrator DPPPA"
REVIEWER = "Peninjau DPPPA"
MONITOR = "Pemantau"
ROLES = (ADMINISTRATOR, REVIEWER, MONITOR)


def roles_of(user) -> frozenset[str]:
    """The user's role names, asked once per request object; nobody and inactive users have none."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_roles"):
        names = {group.name for group in user.groups.all()} & set(ROLES)
        user._roles = frozenset(names | {ADMINISTRATOR} if user.is_superuser else names)
    return user._roles


def refuse_lockout(user, *, by, roles: Iterable[str]) -> None:
    """Nobody locks the office out: raises ValidationError when the own account would lose its role or its login."""
    if user != by:
        return
    keeps_role = ADMINISTRATOR in roles or user.is_superuser
    if not keeps_role or not user.is_active:
        raise ValidationError(_("Anda tidak dapat mencabut peran Administrator atau akun Anda sendiri."))
