"""Failed logins, and how long what is known of logins is kept."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import FailedLogin, User

KEPT = timedelta(days=90)
RUN_OUT = timedelta(days=1)  # a session lives for twelve hours after its last page


def called(typed: str) -> User | None:
    """Whom that name or mail address means, in one query. A name goes before an address that reads the same."""
    if not typed:
        return None
    found = list(User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).order_by("pk"))
    named = [user for user in found if user.username.casefold() == typed.casefold()]
    if len(named) > 1:  # made past our forms, and differing in case only
        return next((user for user in named if user.username == typed), None)
    return next(iter(named or found), None)


def record_failure(step: str, *, user: User | None, device: str) -> None:
    """Somebody did not get in. Of an unknown name nothing is kept but the time and the device."""
    FailedLogin.objects.create(step=step, user=user, device=device[:60])


def old_failures() -> QuerySet[FailedLogin]:
    return FailedLogin.objects.filter(at__lt=timezone.now() - KEPT)


def run_out() -> QuerySet[UserSession]:
    """Device and address of logins that have long run out."""
    return UserSession.objects.filter(last_seen_at__lt=timezone.now() - RUN_OUT)
