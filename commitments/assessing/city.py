"""How the city stands in one year: evidence by office and criterion, what is overdue, and how many women and men."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from agencies.kinds import Sex
from agencies.models import Agency
from commitments import dates
from commitments.assessing.people import People
from commitments.assessing.register import by_sex
from commitments.models import Action, Criterion, Evidence, FocalPoint, Framework, Plan, Report, Signatory
from commitments.states import EDITABLE, HAS_SIGNED, Completion, WorkState

SHADES = 4  # of a cell of the heat map, beside the empty one
OVERDUE_SHOWN = 50
NAMED_COLUMNS = 10


@dataclass(frozen=True)
class Cell:
    """What an office has shown of a criterion."""

    criterion: Criterion
    accepted: int

    @property
    def counted(self) -> int:
        """More than is asked for fills no gap elsewhere."""
        return min(self.accepted, self.criterion.needed)

    @property
    def shade(self) -> int:
        """0 for nothing, 4 for all that is asked; what is begun is never shown as nothing."""
        if not self.counted:
            return 0
        return max(1, SHADES * self.counted // self.criterion.needed)


@dataclass(frozen=True)
class Row:
    agency: Agency
    plan: Plan | None
    cells: list[Cell]

    @property
    def counted(self) -> int:
        return sum(cell.counted for cell in self.cells)


@dataclass(frozen=True)
class Bar:
    """One criterion over all offices."""

    criterion: Criterion
    counted: int
    needed: int

    @property
    def percent(self) -> int:
        return 100 * self.counted // self.needed if self.needed else 0


@dataclass
class City:
    year: int
    framework: Framework | None
    frameworks: list[Framework]
    offices: list[Agency]
    plans: dict[int, Plan]
    today: date

    @cached_property
    def criteria(self) -> list[Criterion]:
        return list(self.framework.criteria.all()) if self.framework else []

    @cached_property
    def rows(self) -> list[Row]:
        """The least complete first."""
        accepted = accepted_by_office(self.criteria, self.year)
        rows = [
            Row(
                office,
                self.plans.get(office.pk),
                [Cell(criterion, accepted[office.pk][criterion.pk]) for criterion in self.criteria],
            )
            for office in self.offices
        ]
        return sorted(rows, key=lambda row: (row.counted, row.agency.name))

    @property
    def is_wide(self) -> bool:
        """Too many criteria for their names to stand above the columns."""
        return len(self.criteria) > NAMED_COLUMNS

    @property
    def bars(self) -> list[Bar]:
        return [
            Bar(
                criterion,
                sum(row.cells[index].counted for row in self.rows),
                criterion.needed * len(self.offices),
            )
            for index, criterion in enumerate(self.criteria)
        ]

    @property
    def counted(self) -> int:
        return sum(bar.counted for bar in self.bars)

    @property
    def needed(self) -> int:
        return sum(bar.needed for bar in self.bars)

    @property
    def needed_of_one(self) -> int:
        return sum(criterion.needed for criterion in self.criteria)

    @property
    def behind(self) -> Bar | None:
        """The criterion that is furthest behind, where one is."""
        open_ones = [bar for bar in self.bars if bar.counted < bar.needed]
        return min(open_ones, key=lambda bar: bar.percent, default=None)

    @cached_property
    def overdue(self) -> list[Action]:
        return list(overdue_actions(self.year, self.today)[:OVERDUE_SHOWN])

    @cached_property
    def overdue_total(self) -> int:
        return overdue_actions(self.year, self.today).count()

    @cached_property
    def signers(self) -> People:
        return signers_of(self.year)

    @cached_property
    def trained(self) -> People:
        """Focal points and the Pokja of today; what they learned does not end with the year."""
        return by_sex(FocalPoint.objects.in_force(self.today).filter(trained_on__lte=self.today))

    @cached_property
    def beneficiaries(self) -> People:
        return beneficiaries_of(self.year)


def city_of(year: int, framework: str = "") -> City:
    """`framework` is the code of one of that year; without it, or with another, the first that is in use."""
    frameworks = list(Framework.objects.filter(year=year, in_use=True).order_by("pk"))
    chosen = next((one for one in frameworks if one.code == framework), frameworks[0] if frameworks else None)
    offices = list(Agency.objects.in_force().order_by("name"))
    plans = {plan.agency_id: plan for plan in Plan.objects.filter(year=year, agency__in=offices)}
    return City(year, chosen, frameworks, offices, plans, dates.today())


def accepted_by_office(criteria: Iterable[Criterion], year: int) -> dict[int, Counter[int]]:
    """Agency → criterion → pieces of accepted evidence: one query, whatever there is."""
    rows = (
        Evidence.criteria.through.objects.filter(
            criterion__in=[criterion.pk for criterion in criteria],
            evidence__state=WorkState.ACCEPTED,
            evidence__action__plan__year=year,
        )
        .values_list("evidence__action__plan__agency", "criterion")
        .annotate(pieces=Count("pk"))
    )
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for agency, criterion, pieces in rows:
        found[agency][criterion] = pieces
    return found


def overdue_actions(year: int, today: date) -> QuerySet[Action]:
    """Past their day in WIB, of offices in force, whose newest verified report was not found complete (C53)."""
    verified = Report.objects.filter(action=OuterRef("pk"), state=WorkState.ACCEPTED).order_by("-quarter")
    late = Action.objects.filter(
        plan__year=year, due_on__lt=today, plan__agency__in=Agency.objects.in_force()
    )
    late = late.annotate(found=Subquery(verified.values("found")[:1]))
    late = late.filter(Q(found__isnull=True) | ~Q(found=Completion.COMPLETE))
    return late.select_related("plan__agency").order_by("due_on", "pk")


def signers_of(year: int) -> People:
    """Who signed what the public sees as signed, by sex."""
    signed = Signatory.objects.published().filter(declaration__year=year, state__in=HAS_SIGNED)
    counts = signed.aggregate(
        men=Count("pk", filter=Q(current_signature__official__sex=Sex.MALE)),
        women=Count("pk", filter=Q(current_signature__official__sex=Sex.FEMALE)),
    )
    return People(**counts)


def beneficiaries_of(year: int) -> People:
    """Of the newest quarter of each action that was handed in: figures are counted from January."""
    handed_in = Report.objects.exclude(state__in=EDITABLE).filter(action__has_beneficiaries=True)
    newest = handed_in.filter(action=OuterRef("action")).order_by("-quarter").values("quarter")[:1]
    counted = handed_in.filter(action__plan__year=year).annotate(newest=Subquery(newest))
    sums = counted.filter(quarter=F("newest")).aggregate(
        men=Sum("men", default=0), women=Sum("women", default=0), unsplit=Sum("unsplit", default=0)
    )
    return People(**sums)
