"""What a verifier should look at twice. Nothing here forbids: an office may have its reasons, and says them."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from commitments import dates
from commitments.models import Report
from commitments.states import EDITABLE


def oddities_of(report: Report) -> list[str]:
    return list(_oddities(report))


def _oddities(report: Report) -> Iterator[str]:
    action = report.action
    if dates.today() < date(action.plan.year, 3 * report.quarter - 2, 1):
        yield _("Triwulan ini belum dimulai.")
    if report.spent > action.budget:
        yield _("Anggaran terpakai melebihi anggarannya.")
    earlier = Report.objects.filter(action=action, quarter__lt=report.quarter).exclude(state__in=EDITABLE)
    before = earlier.order_by("-quarter").first()
    if before is None or before.reached is None or report.reached is None:
        return
    if report.reached < before.reached:
        yield _("Capaian kurang dari TW %(quarter)s, padahal dihitung sejak Januari.") % {
            "quarter": before.quarter
        }
    if (before.people or 0) > (report.people or 0):
        yield _("Penerima manfaat kurang dari TW %(quarter)s, padahal dihitung sejak Januari.") % {
            "quarter": before.quarter
        }
