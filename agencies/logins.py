"""Failed logins, and how long what is known of logins is kept."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.utils import timezone

from agencies.models import FailedLogin, User

KEPT = timedelta(days=90)
RUN_OUT = timedelta(days=1)  # a session lives for twelve hours after its last page


def record_failure(step: str, *, user: User | None, device: str) -> None:
    """Somebody did not get in. Of an unknown name nothing is kept but the time and the device."""
    FailedLogin.objects.create(step=step, user=user, device=device[:60])


def forget_old() -> None:
    """Failures after 90 days, and the device and address of an open login a day after it has run out at the latest."""
    FailedLogin.objects.filter(at__lt=timezone.now() - KEPT).delete()
    UserSession.objects.filter(last_seen_at__lt=timezone.now() - RUN_OUT).delete()
