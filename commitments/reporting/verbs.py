"""Reporting: an office says what an action reached, and somebody of another office looks at it."""

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from commitments import dates, journal
from commitments.models import Report
from commitments.moves import MoveError, move_work
from commitments.permissions import verifiable_reports
from commitments.states import EDITABLE, Completion, WorkState

WRITTEN = [
    "reached", "spent", "men", "women", "unsplit", "unsplit_reason", "narrative", "hindrance", "next_step", "claimed",
    "reported_by",
]  # fmt: skip


@transaction.atomic
def save(report: Report, *, by: User) -> Report:
    """Keep what an office writes about a quarter. Possible until it is handed in, and again when it came back.

    Of a row that is there only what the office writes is stored: the rest may have moved on since it was read.
    """
    journal.lock(report.action.plan_id)
    stored = Report.objects.filter(action=report.action_id, quarter=report.quarter).first()
    if stored and stored.pk != report.pk:
        raise MoveError(_("Laporan triwulan ini baru saja ditulis orang lain. Muat ulang halaman ini."))
    if stored and stored.state not in EDITABLE:
        raise MoveError(_("Laporan ini sudah diajukan. Tunggu sampai diperiksa."))
    report.reported_by = by
    report.save(update_fields=WRITTEN if stored else None)
    report.refresh_from_db()
    return report


def submit(report: Report, *, by: User) -> None:
    """Hand it in; raises MoveError for what only a draft may be."""
    if not report.is_complete:
        raise MoveError(_("Laporan ini belum lengkap. Buka, lengkapi, lalu tekan Simpan dan ajukan."))
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
