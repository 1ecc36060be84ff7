"""The page of one office in one year: its actions, what each has reached, and what is owed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Prefetch

from commitments import dates, progress
from commitments.models import Action, Evidence, Plan, Point, Report
from commitments.models.follow_up import QUARTERS
from commitments.states import EDITABLE, Completion, WorkState


@dataclass
class Line:
    """One action with its newest report, the newest that was verified, and its evidence by state.

    What is counted was handed in: a draft, or what came back, is the office's own (`newest`).
    """

    action: Action
    reports: list[Report]
    today: date
    evidence: Counter[str] = field(default_factory=Counter)

    @property
    def newest(self) -> Report | None:
        handed_in = [report for report in self.reports if report.state not in EDITABLE]
        return handed_in[-1] if handed_in else None

    @property
    def verified(self) -> Report | None:
        return next((report for report in reversed(self.reports) if report.state == WorkState.ACCEPTED), None)

    @property
    def share(self) -> Decimal | None:
        """As the office says."""
        return progress.share(self.newest.reached, self.action.target_4) if self.newest else None

    @property
    def percent(self) -> int | None:
        return progress.percent(self.share)

    @property
    def claimed(self) -> str:
        return self.newest.claimed if self.newest else Completion.NOT_STARTED

    @property
    def claimed_label(self) -> str:
        return str(Completion(self.claimed).label)

    @property
    def counted(self) -> Report | None:
        """The newest report, where people are counted at all."""
        return self.newest if self.action.has_beneficiaries else None

    @property
    def waits(self) -> bool:
        """Whether the office says that all is done, and somebody else has to look."""
        newest = self.newest
        return newest is not None and newest != self.verified and newest.claimed == Completion.COMPLETE

    @property
    def quarters(self) -> list[tuple[int, Report | None]]:
        by_quarter = {report.quarter: report for report in self.reports}
        return [(quarter, by_quarter.get(quarter)) for quarter in QUARTERS]

    @property
    def is_done(self) -> bool:
        return self.verified is not None and self.verified.found == Completion.COMPLETE

    @property
    def days_left(self) -> int:
        return self.action.days_left(self.today)

    @property
    def is_overdue(self) -> bool:
        """From the day after the due date, in WIB, while nobody has found it complete (C53)."""
        return self.days_left < 0 and not self.is_done

    @property
    def pieces(self) -> int:
        return self.evidence.total()

    @property
    def women_of_100(self) -> float | None:
        """For the bar beside the numbers; None where nobody is counted by sex."""
        men, women = (self.counted.men, self.counted.women) if self.counted else (None, None)
        if men is None or women is None or men + women == 0:
            return None
        return round(100 * women / (men + women), 1)

    @property
    def men_of_100(self) -> float:
        return round(100 - (self.women_of_100 or 0), 1)


@dataclass
class Office:
    plan: Plan
    lines: list[Line]

    @property
    def ordered(self) -> list[Line]:
        """By point of the promise, in its order; what belongs to none comes last."""
        return sorted(self.lines, key=_place)

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)

    @property
    def overdue(self) -> list[Line]:
        return [line for line in self.lines if line.is_overdue]

    @property
    def evidence(self) -> Counter[str]:
        return sum((line.evidence for line in self.lines), Counter())

    @property
    def pieces(self) -> int:
        return self.evidence.total()

    @property
    def men(self) -> int:
        return sum(line.counted.men or 0 for line in self.lines if line.counted)

    @property
    def women(self) -> int:
        return sum(line.counted.women or 0 for line in self.lines if line.counted)

    @property
    def unsplit(self) -> int:
        return sum(line.counted.unsplit or 0 for line in self.lines if line.counted)

    @property
    def percent(self) -> int | None:
        return progress.percent(progress.whole((line.share, line.action.weight) for line in self.lines))


def by_point(lines: Iterable[Line]) -> list[tuple[Point | None, list[Line]]]:
    """Lines in order → (point, lines) for each run."""
    return [(point, list(run)) for point, run in groupby(lines, key=lambda line: line.action.point)]


def _place(line: Line) -> tuple:
    point = line.action.point
    return (point is None, point.order if point else 0, line.action.due_on, line.action.pk)


def lines_of(actions: Iterable[Action], *, today: date) -> list[Line]:
    return [
        Line(
            action,
            sorted(action.reports.all(), key=lambda report: report.quarter),
            today,
            Counter(piece.state for piece in action.evidence.all()),
        )
        for action in actions
    ]


def office_of(plan: Plan) -> Office:
    """Four queries, however many actions there are."""
    evidence = Prefetch("evidence", Evidence.objects.only("state", "action"))
    actions = plan.actions.select_related("point__declaration").prefetch_related("reports", evidence)
    return Office(plan, lines_of(actions, today=dates.today()))
