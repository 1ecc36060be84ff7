"""Failed logins, and the end of open ones."""

from datetime import timedelta

from django.utils import timezone

from agencies.models import FailedLogin, User

KEPT = timedelta(days=90)


def record_failure(step: str, *, user: User | None, device: str) -> None:
    """Somebody did not get in. Of an unknown name nothing is kept but the time and the device."""
    FailedLogin.objects.create(step=step, user=user, device=device[:60])


def purge_failures() -> int:
    """Forgets what is older than 90 days; gives how many."""
    return FailedLogin.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
