"""Reminding offices of what they owe after signing: one mail an office and day at most, none when nothing is owed."""

from commitments import dates, notifications
from commitments.models import Plan
from commitments.standing import Line, office_of
from commitments.states import WorkState

SOON = 7  # days before the due date


def remind_offices() -> int:
    """Owe a digest to each office that has something to do about this year's plan. Returns how many are new (C59)."""
    plans = Plan.objects.filter(year=dates.today().year).select_related("agency").order_by("pk")
    return sum(_remind(plan) for plan in plans)


def _remind(plan: Plan) -> bool:
    lines = office_of(plan).lines
    lists = {
        "late": [line for line in lines if line.is_overdue],
        "soon": [line for line in lines if 0 <= line.days_left <= SOON and not line.is_done],
        "returned": [line for line in lines if _came_back(line)],
    }
    return any(lists.values()) and notifications.digest(plan, **lists)


def _came_back(line: Line) -> bool:
    reports = any(report.state == WorkState.NEEDS_WORK for report in line.reports)
    return reports or bool(line.evidence[WorkState.NEEDS_WORK])
