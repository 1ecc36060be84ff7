"""The sign POST against a view that only inserts a row of the same size; and where its time goes."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.models.sql import compiler
from django.template import Template
from django.template.backends.django import Template as Backend
from django.urls import reverse

from commitments import chain, notifications
from commitments.models.salted import Salted
from commitments.signing import forms
from tests.benchmarks import stage
from tests.benchmarks.load import Server, Shot, Volley, database_cpu, fire
from tests.benchmarks.report import Figure, ratio
from tests.benchmarks.urls import FLOOR_TABLE
from tests.client import Client
from tests.factories import holder_of

CLIENTS, ROUNDS, POSTS = 16, 5, 75
DOCUMENSO_RATE = 4  # signatures a second, measured on two such cores


@dataclass
class Round:
    """One volley, and the milliseconds of CPU that the server and the database had for each of its requests."""

    volley: Volley
    server_ms: float
    database_ms: float

    @property
    def cpu(self) -> float:
        return self.server_ms + self.database_ms


def measure(server: Server) -> Iterator[Figure]:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR_TABLE)
    positions = stage.posts(POSTS)
    _round(server, positions)  # warms both
    rounds = [_round(server, positions) for _ in range(ROUNDS)]
    ours, floor = zip(*rounds, strict=True)
    yield _compared("throughput, of the floor view", ours, floor, lambda one: one.volley.rate, "≥ 0.33")
    yield _compared("p95 ms, of the floor view", ours, floor, lambda one: one.volley.p95, "≤ 3")
    yield _compared("CPU ms a request, of the floor view", ours, floor, lambda one: one.cpu)
    yield _compared("CPU ms, server's alone", ours, floor, lambda one: one.server_ms)
    yield _compared("CPU ms, database's alone", ours, floor, lambda one: one.database_ms)
    yield Figure("sign", "stored mark, of the floor's stored row", _stored_bytes(), "×")
    rates = [one.volley.rate for one in ours]
    name = f"signatures/s, of Documenso's measured {DOCUMENSO_RATE}/s"
    yield ratio("sign", name, rates, [DOCUMENSO_RATE] * ROUNDS, **{"ours/s": round(median(rates), 1)})
    yield from _steps(positions)


def _round(server: Server, positions: list) -> tuple[Round, Round]:
    ours, floor = stage.sign_shots(stage.declaration_with(positions))
    return _fired(server, ours), _fired(server, floor)


def _fired(server: Server, shots: list[Shot]) -> Round:
    before = server.cpu(), database_cpu()
    volley = fire(server.port, shots, clients=CLIENTS)
    after = server.cpu(), database_cpu()
    each = 1000 / len(shots)
    return Round(volley, (after[0] - before[0]) * each, (after[1] - before[1]) * each)


def _compared(
    name: str, ours: Iterable[Round], floor: Iterable[Round], of: Callable[[Round], float], goal: str = ""
) -> Figure:
    mine, theirs = [of(one) for one in ours], [of(one) for one in floor]
    return ratio(
        "sign", name, mine, theirs, goal, ours=round(median(mine), 1), floor=round(median(theirs), 1)
    )


def _stored_bytes() -> float:
    """What the database keeps of a drawing, compressed, beside what it keeps of the floor's text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT avg(pg_column_size(strokes)) FROM commitments_signature)"
            " / (SELECT avg(pg_column_size(body)) FROM bench_floor)"
        )
        return float(cursor.fetchone()[0])


def _steps(positions: list) -> Iterator[Figure]:
    """In this process, one signature after another: milliseconds of CPU in each step, and its share."""
    requests = _requests(positions)
    client, url, form = requests.pop()
    client.post(url, form)
    spent: dict[str, float] = {}
    queries = [0]
    started, database = time.thread_time(), database_cpu()
    with _watched(spent, queries):
        for client, url, form in requests:
            assert client.post(url, form).status_code == 302
    total = time.thread_time() - started
    spent["the rest (middleware, forms, models, Python)"] = total - sum(spent.values())
    spent["the database server"] = database_cpu() - database
    total += spent["the database server"]
    each = 1000 / len(requests)
    yield Figure(
        "sign", "CPU of one POST in process", total * each, "ms", "", {"queries": queries[0] / len(requests)}
    )
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        yield Figure("sign", f"  {name}", seconds * each, "ms", "", {"share": round(seconds / total, 2)})


def _requests(positions: list) -> list[tuple[Client, str, dict[str, str]]]:
    requests = []
    server = Client(SERVER_NAME="localhost").handler
    for slot in stage.declaration_with(positions).signatories.select_related("declaration"):
        client = Client(SERVER_NAME="localhost")
        client.handler = server  # its middleware is loaded once
        client.cookies.load(stage.cookies_of(holder_of(slot)))
        requests.append((client, reverse("commitments:sign", args=[slot.pk]), stage.sign_form(slot)))
    return requests


@contextmanager
def _watched(spent: dict[str, float], queries: list[int]) -> Iterator[None]:
    clock = _Clock(spent)

    def query(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        queries[0] += 1
        return clock.run("sending queries", execute, sql, params, many, context)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(query))
        for name, owner, attribute in (
            ("canonical JSON and hashes", Salted, "record"),
            ("canonical JSON and hashes", chain, "entry_hash"),
            ("reading the drawing", forms, "parse_drawing"),
            ("templates", Template, "render"),
            ("templates", Backend, "render"),
            ("building queries", compiler.SQLCompiler, "as_sql"),
            ("building queries", compiler.SQLInsertCompiler, "as_sql"),
            ("building queries", compiler.SQLUpdateCompiler, "as_sql"),
        ):
            stack.enter_context(patch.object(owner, attribute, clock.around(name, getattr(owner, attribute))))
        stack.enter_context(patch.object(notifications, "owe", clock.around("mail rows", notifications.owe)))
        yield


class _Clock:
    """Gives each moment to the innermost step that is running."""

    def __init__(self, spent: dict[str, float]):
        self.spent, self.stack = spent, [0.0]

    def run(self, name: str, function: Callable, *args: Any, **kwargs: Any) -> Any:
        self.stack.append(0.0)
        started = time.thread_time()
        try:
            return function(*args, **kwargs)
        finally:
            whole = time.thread_time() - started
            inner = self.stack.pop()
            self.stack[-1] += whole
            self.spent[name] = self.spent.get(name, 0) + whole - inner

    def around(self, name: str, function: Callable) -> Callable:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return self.run(name, function, *args, **kwargs)

        return wrapped
