"""What time alone makes superfluous. The worker forgets it once an hour; nothing here is evidence."""

from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from agencies import logins
from agencies.admin_exchange import sweep_uploads
from commitments import one_time, outbox
from commitments.models import OutgoingMail
from commitments.states import MailState


def old_mails() -> Any:
    """Mails that are over and done with for longer than they are kept, and still say something."""
    over = OutgoingMail.objects.filter(state__in=[MailState.SENT, MailState.DROPPED])
    return over.filter(created_at__lt=timezone.now() - outbox.KEPT).exclude(Q(to="") & Q(body=""))


def ended_sessions() -> Any:
    return Session.objects.filter(expire_date__lt=timezone.now())


def count_old() -> dict[str, int]:
    """What would be forgotten now: word → how many."""
    return {
        "surat": old_mails().count(),
        "sesi berakhir": ended_sessions().count(),
        "percobaan masuk yang gagal": logins.old_failures().count(),
    }


def forget_old() -> dict[str, int]:
    """That a mail went out, when and of which kind stays; to whom and what it said goes."""
    counts = count_old()
    old_mails().update(to="", body="")
    ended_sessions().delete()
    logins.run_out().delete()
    logins.old_failures().delete()
    one_time.forget_old()
    sweep_uploads()
    return counts
