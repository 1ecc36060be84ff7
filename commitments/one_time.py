"""One-time codes: six digits to somebody's own address, kept only as a keyed hash, and counted in the database."""

import secrets
from datetime import timedelta
from enum import Enum

from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from commitments import dates
from commitments.models import OneTimeCode
from commitments.states import CodePurpose

DIGITS = 6
LIFETIME = timedelta(minutes=10)
TRIES = 5  # of one code
PER_HOUR = 5  # codes sent to one subject: whoever guesses without a pause needs years for a hit
KEPT = timedelta(days=1)  # a dead code is of no use to anybody, and counts for an hour


class Outcome(Enum):
    OK = "ok"
    WRONG = "wrong"
    DEAD = "dead"  # expired, used, replaced by a newer one, or tried too often: only a new code helps


def issue(purpose: CodePurpose, subject: str) -> str | None:
    """A new code for this subject, which ends the ones before it; None when it had too many in the last hour.

    The caller sends it to the subject's own address, and keeps it nowhere.
    """
    now = dates.now()
    sent = OneTimeCode.objects.filter(
        purpose=purpose, subject=subject, created_at__gt=now - timedelta(hours=1)
    )
    if sent.count() >= PER_HOUR:
        return None
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = OneTimeCode.objects.create(
        purpose=purpose,
        subject=subject,
        digest=_digest(purpose, subject, code),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    # Counted once more with this one in it: of many processes at once, whichever wrote last sees the rows of all. No
    # lock is needed for that, only that the caller opens no transaction around it.
    if sent.count() > PER_HOUR:
        row.delete()
        return None
    return code


def check(purpose: CodePurpose, subject: str, typed: str) -> Outcome:
    """Whether this is the subject's code; the right one is used up by it.

    A try is counted before anything is compared, in one statement: whoever asks from many processes at once has five
    in all.
    """
    newest = (
        OneTimeCode.objects.filter(purpose=purpose, subject=subject).order_by("-created_at", "-pk").first()
    )
    if newest is None:
        return Outcome.DEAD
    alive = OneTimeCode.objects.filter(pk=newest.pk, used_at=None, expires_at__gt=dates.now())
    if not alive.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        return Outcome.DEAD
    digits = "".join(typed.split())
    if not constant_time_compare(_digest(purpose, subject, digits), newest.digest):
        return Outcome.WRONG
    return Outcome.OK if alive.update(used_at=dates.now()) else Outcome.DEAD


def end_all() -> int:
    """No code that is under way opens anything any more. Returns how many there were."""
    now = dates.now()
    return OneTimeCode.objects.filter(used_at=None, expires_at__gt=now).update(expires_at=now)


def forget_old() -> None:
    OneTimeCode.objects.filter(created_at__lt=dates.now() - KEPT).delete()


def _digest(purpose: CodePurpose, subject: str, code: str) -> str:
    """Keyed by SECRET_KEY: six digits alone are guessed from a plain hash in a second."""
    return salted_hmac("one-time-code", f"{purpose}|{subject}|{code}", algorithm="sha256").hexdigest()
