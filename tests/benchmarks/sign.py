"""The sign POST against a view that only inserts a row of the same size; and where its time goes."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.template import Template
from django.template.backends.django import Template as Backend
from django.test import Client
from django.urls import reverse

from commitments import chain, notifications
from commitments.models.salted import Salted
from commitments.signing import forms
from tests.benchmarks import stage
from tests.benchmarks.load import Volley, fire
from tests.benchmarks.report import Figure
from tests.benchmarks.urls import FLOOR_TABLE
from tests.factories import holder_of

CLIENTS, ROUNDS, POSTS = 16, 4, 120


def measure(port: int) -> list[Figure]:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR_TABLE)
    positions = stage.posts(POSTS)
    rounds = [stage.sign_shots(stage.declaration_with(positions)) for _ in range(ROUNDS + 1)]
    warm, floor_warm = rounds.pop()
    fire(port, warm, clients=CLIENTS)
    fire(port, floor_warm, clients=CLIENTS)
    ours, floor = Volley(), Volley()
    for shots, floor_shots in rounds:
        ours += fire(port, shots, clients=CLIENTS)
        floor += fire(port, floor_shots, clients=CLIENTS)
    rates = {"ours/s": round(ours.rate, 1), "floor/s": round(floor.rate, 1)}
    tails = {"ours ms": round(ours.p95, 1), "floor ms": round(floor.p95, 1)}
    return [
        Figure("sign", "throughput, share of the floor view", ours.rate / floor.rate, "×", "≥ 0.33", rates),
        Figure("sign", "p95, multiple of the floor view", ours.p95 / floor.p95, "×", "≤ 3", tails),
        *_steps(positions),
    ]


def _steps(positions: list) -> Iterator[Figure]:
    """In this process, one signature after another: milliseconds of each step and its share."""
    slots = list(stage.declaration_with(positions).signatories.select_related("declaration"))
    spent: dict[str, float] = {}
    requests = []
    server = Client(SERVER_NAME="localhost").handler
    for slot in slots:
        client = Client(SERVER_NAME="localhost")
        client.handler = server  # its middleware is loaded once
        client.force_login(holder_of(slot))
        requests.append((client, reverse("commitments:sign", args=[slot.pk]), stage.sign_form(slot)))
    client, url, form = requests.pop()
    client.post(url, form)
    queries = [0]
    started = time.perf_counter()
    with _watched(spent, queries):
        for client, url, form in requests:
            assert client.post(url, form).status_code == 302
    total = time.perf_counter() - started
    spent["the rest (middleware, forms, Python)"] = total - sum(spent.values())
    each = 1000 / len(requests)
    yield Figure(
        "sign", "one POST in process", total * each, "ms", "", {"queries": queries[0] / len(requests)}
    )
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        yield Figure("sign", f"  {name}", seconds * each, "ms", "", {"share": round(seconds / total, 2)})


@contextmanager
def _watched(spent: dict[str, float], queries: list[int]) -> Iterator[None]:
    clock = _Clock(spent)

    def query(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        queries[0] += 1
        return clock.run("database", execute, sql, params, many, context)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(query))
        for name, owner, attribute in (
            ("canonical JSON and hashes", Salted, "record"),
            ("canonical JSON and hashes", chain, "entry_hash"),
            ("reading the drawing", forms, "parse_drawing"),
            ("templates", Template, "render"),
            ("templates", Backend, "render"),
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
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            whole = time.perf_counter() - started
            inner = self.stack.pop()
            self.stack[-1] += whole
            self.spent[name] = self.spent.get(name, 0) + whole - inner

    def around(self, name: str, function: Callable) -> Callable:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return self.run(name, function, *args, **kwargs)

        return wrapped
