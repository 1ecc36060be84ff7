"""Making the papers that are owed: whatever dies in between, the next run finishes, and there is one file.

Unlike a mail, a paper may safely be made again: only one is ever recorded. So a claim has an end, and what a killed
worker held is taken by the next run without anybody's help.
"""

from datetime import timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _

from commitments import dates
from commitments.documents import keys
from commitments.documents.seal import SealNotReady, TimestampFailed
from commitments.models import Declaration, PaperJob
from commitments.models.documents import PaperJobQuerySet
from commitments.moves import MoveError
from commitments.printing import verbs
from commitments.states import DeclarationState, JobState

# A thousand signers take 20 seconds, a silent timestamp authority ten.
CLAIM = timedelta(minutes=5)
# How long to wait after each failed try; after the last the job is stuck and shown to an administrator. The last try
# goes without a trusted timestamp rather than to keep a hall waiting.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15)]


def work_due() -> tuple[int, int]:
    """Make what is due now. Returns how many papers were issued and how many failed."""
    due = PaperJob.objects.due(dates.now()).filter(declaration__state=DeclarationState.CLOSED)
    results = [_work(job) for job in due if _can_start(job) and _claim(job)]
    return results.count(True), results.count(False)


def _can_start(job: PaperJob) -> bool:
    """A job that waits for the seal costs no try, and goes on by itself once the seal is mended."""
    return job.unsealed or keys.state().ready


def _claim(job: PaperJob) -> bool:
    now = dates.now()
    still_due = PaperJob.objects.due(now).filter(pk=job.pk)
    if not still_due.update(state=JobState.WORKING, claimed_until=now + CLAIM, attempts=F("attempts") + 1):
        return False
    job.refresh_from_db()
    return True


def _work(job: PaperJob) -> bool:
    if job.attempts > len(PAUSES) + 1:  # each try before has killed its worker
        _settle(job, state=JobState.STUCK, last_error="WorkerDied")
        return False
    patient = job.attempts <= len(PAUSES)
    try:
        verbs.issue_final(job.declaration, by=job.asked_by, unsealed=job.unsealed, patient=patient)
    except SealNotReady:  # since a moment ago: wait for it, and count no try
        _settle(job, state=JobState.WAITING, attempts=F("attempts") - 1)
        return False
    except TimestampFailed:
        _postpone(job, "TimestampFailed")
        return False
    except Exception as error:  # the row keeps only the kind of failure
        _postpone(job, type(error).__name__)
        return False
    _settle(job, state=JobState.DONE)
    return True


def _postpone(job: PaperJob, error: str) -> None:
    if job.attempts > len(PAUSES):
        _settle(job, state=JobState.STUCK, last_error=error)
        return
    later = dates.now() + PAUSES[job.attempts - 1]
    _settle(job, state=JobState.WAITING, not_before=later, last_error=error)


def _settle(job: PaperJob, **changes) -> None:
    changes = {"claimed_until": None, "last_error": ""} | changes
    PaperJob.objects.filter(pk=job.pk, state=JobState.WORKING).update(**changes)


def of(declaration: Declaration) -> PaperJob | None:
    return PaperJob.objects.filter(declaration=declaration).select_related("declaration").first()


def ask(declaration: Declaration, *, by) -> PaperJob:
    """For a declaration that was closed before papers were made by themselves."""
    if declaration.state != DeclarationState.CLOSED:
        raise MoveError(_("Naskah final terbit setelah penandatanganan ditutup."))
    return PaperJob.objects.ask(declaration, by=by)


def run_again(job: PaperJob, *, unsealed: bool = False) -> bool:
    """An administrator has a job tried at once. It may come without a seal only where there is no seal at all."""
    if unsealed and keys.state().kind != keys.SealKind.MISSING:
        raise MoveError(_("Segel sudah disiapkan. Perbaiki segelnya; naskah final terbit dengan sendirinya."))
    dead = Q(state=JobState.WORKING, claimed_until__lt=dates.now())
    idle = PaperJob.objects.filter(Q(state__in=[JobState.STUCK, JobState.WAITING]) | dead, pk=job.pk)
    if unsealed:
        idle.update(unsealed=True)
    afresh = {"attempts": 0, "not_before": None, "claimed_until": None, "last_error": ""}
    return bool(idle.update(state=JobState.WAITING, **afresh))


def may_run_again(job: PaperJob) -> bool:
    """Whether it would help: not while a worker has it in hand, nor while it is about to be taken anyway."""
    if job.claimed_until:
        return job.claimed_until < dates.now()
    return job.state == JobState.STUCK or (job.state == JobState.WAITING and job.not_before is not None)


def held() -> PaperJobQuerySet:
    """The jobs that need an administrator: stuck, or asked for more than an hour ago and still not done."""
    hour_ago = dates.now() - timedelta(hours=1)
    late = ~Q(state=JobState.DONE) & Q(asked_at__lt=hour_ago)
    closed = Q(declaration__state=DeclarationState.CLOSED)
    return PaperJob.objects.filter(Q(state=JobState.STUCK) | late, closed)
