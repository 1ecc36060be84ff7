"""Reminding offices of what they owe after signing: one mail an office and day at most, none when nothing is owed."""

from itertools import groupby

from commitments import dates, notifications
from commitments.models import Plan
from commitments.standing import Line, office_of
from commitments.states import WorkState

SOON = 7  # days before the due date


def remind_offices() -> int:
    """Owe a digest to each office that has something to do about its plans. Returns how many are new (C59)."""
    this_year = dates.today().year  # what was due at the end of December is overdue in January
    plans = Plan.objects.filter(year__in=(this_year - 1, this_year)).select_related("agency")
    offices = groupby(plans.order_by("agency_id", "year"), key=lambda plan: plan.agency_id)
    return sum(_remind(list(plans)) for _agency, plans in offices)


def _remind(plans: list[Plan]) -> bool:
    """`plans` are those of one office, the newest last."""
    lines = [line for plan in plans for line in office_of(plan).lines if not (line.is_done or line.waits)]
    lists = {
        "late": [line for line in lines if line.is_overdue],
        "soon": [line for line in lines if 0 <= line.days_left <= SOON],
        "returned": [line for line in lines if _came_back(line)],
    }
    return any(lists.values()) and notifications.digest(plans[-1], **lists)


def _came_back(line: Line) -> bool:
    reports = any(report.state == WorkState.NEEDS_WORK for report in line.reports)
    return reports or bool(line.evidence[WorkState.NEEDS_WORK])
