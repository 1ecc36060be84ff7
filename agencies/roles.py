"""The three roles of the office are groups. An operator is a Membership, a signer is an Official's own login."""

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
