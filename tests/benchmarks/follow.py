"""The pages of the follow-through at 10, 100 and 500 actions an office: queries, and time against one statement."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.models import Action, Criterion, Evidence, Plan, Report
from tests.benchmarks.load import Server
from tests.benchmarks.report import Figure, ratio
from tests.client import Client
from tests.factories import make_agency, make_criterion, make_framework, make_plan, make_user

YEAR, OFFICES, SIZES, ROUNDS = 2090, 20, (10, 100, 500), 7
OF_AN_OFFICE = """SELECT a.*, r.*, e.state FROM commitments_action a
    LEFT JOIN commitments_report r ON r.action_id = a.id LEFT JOIN commitments_evidence e ON e.action_id = a.id
    WHERE a.plan_id = %s"""
OF_THE_CITY = """SELECT p.agency_id, c.criterion_id, count(*) FROM commitments_evidence_criteria c
    JOIN commitments_evidence e ON e.id = c.evidence_id JOIN commitments_action a ON a.id = e.action_id
    JOIN commitments_plan p ON p.id = a.plan_id WHERE p.year = %s AND e.state = 'accepted' GROUP BY 1, 2"""
OF_THE_TABLE = """SELECT a.*, r.*, g.name FROM commitments_action a JOIN commitments_plan p ON p.id = a.plan_id
    JOIN agencies_agency g ON g.id = p.agency_id LEFT JOIN commitments_report r ON r.action_id = a.id
    WHERE p.year = %s"""


def measure(server: Server) -> Iterator[Figure]:
    client = Client(SERVER_NAME="localhost")
    client.force_login(make_user("monitor"))
    framework = make_framework(year=YEAR)
    criteria = [make_criterion(framework=framework) for _number in range(7)]
    plans = [make_plan(agency=make_agency(), year=YEAR) for _number in range(OFFICES)]
    before = 0
    counts: dict[str, list[int]] = {}
    for size in SIZES:
        for plan in plans:
            _grow(plan, before, size, criteria)
        before = size
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        for name, address, sql, value in (
            ("office", reverse("commitments:plan", args=[plans[0].pk]), OF_AN_OFFICE, plans[0].pk),
            ("city", reverse("commitments:city", args=[YEAR]), OF_THE_CITY, YEAR),
            (
                "RAD as CSV",
                reverse("commitments:city_sheet", args=[YEAR, "rad-pug", "csv"]),
                OF_THE_TABLE,
                YEAR,
            ),
        ):
            counts.setdefault(name, []).append(_queries(client, address))
            ours = _took(partial(_shown, client, address))
            plain = _took(partial(_rows, sql, value))
            shown = {"ms": round(median(ours) * 1000, 1), "SQL ms": round(median(plain) * 1000, 1)}
            yield ratio("follow", f"{name}, {size} actions, of one statement", ours, plain, **shown)
    for name, found in counts.items():
        detail = {f"at {size}": float(number) for size, number in zip(SIZES, found, strict=True)}
        yield Figure(
            "follow", f"{name}: queries at 500 over those at 10", found[-1] / found[0], "×", "≤ 1", detail
        )


def _grow(plan: Plan, before: int, size: int, criteria: list[Criterion]) -> None:
    actions = Action.objects.bulk_create(
        Action(
            plan=plan, title=f"Kegiatan {number}", indicator="Orang", unit="orang", target_4=100,
            person_in_charge="Bidang", due_on=date(YEAR, 12, 1),
        )
        for number in range(before, size)
    )  # fmt: skip
    Report.objects.bulk_create(
        Report(
            action=action,
            quarter=quarter,
            reached=20 * quarter,
            men=9,
            women=11,
            narrative="…",
            claimed="limited",
        )
        for action in actions
        for quarter in (1, 2, 3, 4)
    )
    decided = {"state": "accepted", "decided_by": make_user("reviewer")}
    pieces = Evidence.objects.bulk_create(
        Evidence(action=action, title=f"Bukti {number}", **decided)
        for action in actions
        for number in range(3)
    )
    tags = Evidence.criteria.through
    tags.objects.bulk_create(
        tags(evidence=piece, criterion=criteria[number % len(criteria)])
        for number, piece in enumerate(pieces)
    )


def _queries(client: Client, address: str) -> int:
    _shown(client, address)
    with CaptureQueriesContext(connection) as found:
        _shown(client, address)
    return len(found)


def _shown(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def _rows(sql: str, value: int) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return cursor.fetchall()


def _took(work: Callable[[], object]) -> list[float]:
    """Seconds by the clock, each round."""
    work()
    took = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return took
