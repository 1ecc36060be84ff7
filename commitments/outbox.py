"""Sending the mail that is owed: each row once, whatever dies in between.

A row is claimed before it goes out. A sender that is killed leaves it claimed, and a claimed row is never sent again by
itself: better one mail that an administrator has to release than two that contradict each other.
"""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db.models import F, Q

from commitments import dates, links
from commitments.models import OutgoingMail
from commitments.permissions import reviewer_addresses
from commitments.states import MailState

KEPT = timedelta(days=365)  # addresses and texts of mails that went out; that they did is kept

# How long to wait after each failed try; after the last the mail is stuck and shown to an administrator.
# Together they outlast a mail server that is down for a day.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440)]


def send_due() -> tuple[int, int]:
    """Send what is due now. Returns how many went out and how many failed."""
    now = dates.now()
    due = OutgoingMail.objects.select_related(
        "link__signatory__declaration", "link__tenure__official__user"
    ).filter(Q(not_before__isnull=True) | Q(not_before__lte=now), state=MailState.WAITING)
    results = [_send(mail) for mail in due.order_by("created_at", "pk") if _claim(mail)]
    return results.count(True), results.count(False)


def _claim(mail: OutgoingMail) -> bool:
    waiting = OutgoingMail.objects.filter(pk=mail.pk, state=MailState.WAITING)
    return bool(waiting.update(state=MailState.SENDING, attempts=F("attempts") + 1))


def _send(mail: OutgoingMail) -> bool:
    to = mail.to or "\n".join(reviewer_addresses())
    if not to:  # an administrator gives a reviewer an address, and releases it
        _settle(mail, state=MailState.STUCK, last_error="NobodyToSendTo")
        return False
    if mail.link and not mail.link.is_alive(dates.now()):
        _settle(mail, state=MailState.DROPPED, last_error="LinkEnded")
        return False
    body = mail.body if mail.link is None else mail.body.replace(links.PLACE, links.new_secret(mail.link))
    message = EmailMessage(mail.subject, body, to=to.split("\n"))
    try:
        message.send()
    except Exception as error:  # a mail server may fail in any way; the row keeps only the kind of failure
        _postpone(mail, error)
        return False
    _settle(mail, state=MailState.SENT, to=to, sent_at=dates.now(), last_error="")
    return True


def _postpone(mail: OutgoingMail, error: Exception) -> None:
    tries = mail.attempts + 1
    if tries > len(PAUSES):
        _settle(mail, state=MailState.STUCK, last_error=type(error).__name__)
        return
    not_before = dates.now() + PAUSES[tries - 1]
    _settle(mail, state=MailState.WAITING, not_before=not_before, last_error=type(error).__name__)


def _settle(mail: OutgoingMail, **changes) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(**changes)


def release(mail: OutgoingMail) -> bool:
    """An administrator sends a stuck or half-sent mail once more."""
    held = OutgoingMail.objects.filter(pk=mail.pk, state__in=[MailState.STUCK, MailState.SENDING])
    return bool(held.update(state=MailState.WAITING, not_before=None, last_error="dilepas kembali"))


def hold_all(*, because: str) -> int:
    """After a restore nobody knows what went out since the backup: every mail waits for an administrator."""
    open_mails = OutgoingMail.objects.filter(state__in=[MailState.WAITING, MailState.SENDING])
    return open_mails.update(state=MailState.STUCK, last_error=because)


def held() -> int:
    """How many mails need an administrator: stuck, or owed for more than an hour and left claimed."""
    hour_ago = dates.now() - timedelta(hours=1)
    return OutgoingMail.objects.filter(
        Q(state=MailState.STUCK) | Q(state=MailState.SENDING, created_at__lt=hour_ago)
    ).count()
