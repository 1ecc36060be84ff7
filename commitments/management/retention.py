"""What time alone makes superfluous. The worker forgets it once an hour; nothing here is evidence."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from agencies.admin_exchange import sweep_uploads
from commitments import one_time, outbox
from commitments.models import OutgoingMail
from commitments.states import MailState

FAILED_LOGINS_KEPT = timedelta(days=90)


def old_mails() -> Any:
    """Mails that are over and done with for longer than they are kept, and still say something."""
    over = OutgoingMail.objects.filter(state__in=[MailState.SENT, MailState.DROPPED])
    return over.filter(created_at__lt=timezone.now() - outbox.KEPT).exclude(Q(to="") & Q(body=""))


def ended_sessions() -> Any:
    return Session.objects.filter(expire_date__lt=timezone.now())


def old_failures() -> Any:
    """Logins that failed long ago; None in a version that does not keep any."""
    model: Any = apps.all_models["agencies"].get("failedlogin")
    return model and model.objects.filter(at__lt=timezone.now() - FAILED_LOGINS_KEPT)


def count_old() -> dict[str, int]:
    """What would be forgotten now: word → how many."""
    failures = old_failures()
    counts = {"surat": old_mails().count(), "sesi berakhir": ended_sessions().count()}
    return counts | ({} if failures is None else {"percobaan masuk yang gagal": failures.count()})


def forget_old() -> dict[str, int]:
    """That a mail went out, when and of which kind stays; to whom and what it said goes."""
    counts = count_old()
    old_mails().update(to="", body="")
    ended_sessions().delete()
    failures = old_failures()
    if failures is not None:
        failures.delete()
    one_time.forget_old()
    sweep_uploads()
    return counts
