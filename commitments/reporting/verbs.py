"""Reporting: an office says what an action reached, and somebody of another office looks at it."""

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from commitments import dates
from commitments.models import Report
from commitments.moves import MoveError, move_work
from commitments.permissions import verifiable_reports
from commitments.states import EDITABLE, Completion, WorkState


@transaction.atomic
def save(report: Report, *, by: User) -> Report:
    """Keep what an office writes about a quarter. Possible until it is handed in, and again when it came back."""
    if report.pk:
        now = Report.objects.select_for_update().get(pk=report.pk)
        if now.state not in EDITABLE:
            raise MoveError(_("Laporan ini sudah diajukan. Tunggu sampai diperiksa."))
    report.reported_by = by
    report.save()
    return report


def submit(report: Report, *, by: User) -> None:
    move_work(report, WorkState.SUBMITTED, by=by, changes={"note": ""}, report=report.pk)


def accept(report: Report, *, found: Completion, by: User) -> None:
    """Find a completion, which may differ from the claimed one: both stay."""
    _require_other_office(report, by)
    changes = {"found": found, "decided_by": by, "decided_at": dates.now(), "note": ""}
    move_work(report, WorkState.ACCEPTED, by=by, changes=changes, report=report.pk)


def give_back(report: Report, *, note: str, by: User) -> None:
    if not note.strip():
        raise MoveError(_("Tulis apa yang perlu diperbaiki."))
    _require_other_office(report, by)
    note = note.strip()
    changes = {"found": "", "decided_by": by, "decided_at": dates.now(), "note": note}
    move_work(report, WorkState.NEEDS_WORK, by=by, changes=changes, report=report.pk, note=note)


def _require_other_office(report: Report, by: User) -> None:
    if not verifiable_reports(by).filter(pk=report.pk).exists():
        raise MoveError(_("Laporan kantor sendiri diperiksa orang dari kantor lain."))
