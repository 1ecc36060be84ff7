"""The public page of 75 posts against an empty view, and an exact copy of 20 MB against one pass of SHA-256 over it."""

import hashlib
import os
import statistics
import time
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from commitments.verifying import verbs
from commitments.verifying.verbs import Verdict
from tests.benchmarks import stage
from tests.benchmarks.load import Server, Shot, Volley, fire
from tests.benchmarks.report import Figure
from tests.factories import make_document, make_user

ROUNDS, EACH, CLIENTS = 6, 24, 4
CHUNK = 64 * 2**10  # as Django hands an upload on


def measure(server: Server) -> list[Figure]:
    declaration = stage.declaration_with(stage.posts(75))
    stage.sign_all(declaration)
    code = [declaration.code]
    shots = {
        "empty view": Shot("GET", "/kosong/", stage.cookies_of(make_user())),
        "page, 75 posts": Shot("GET", reverse("commitments:verify_code", args=code)),
        "JSON, 75 posts": Shot("GET", reverse("commitments:verify_json", args=code)),
        "unknown code": Shot("GET", reverse("commitments:verify_code", args=["ZZZZ"]), expect=404),
    }
    took = {name: Volley() for name in shots}
    for shot in shots.values():
        fire(server.port, [shot] * EACH, clients=CLIENTS)
    for _ in range(ROUNDS):
        for name, shot in shots.items():
            took[name] += fire(server.port, [shot] * EACH, clients=CLIENTS)
    empty = took.pop("empty view")
    return [
        *(_of_empty(name, volley, empty) for name, volley in took.items()),
        _exact_copy(),
    ]


def _of_empty(name: str, volley: Volley, empty: Volley) -> Figure:
    detail = {
        "ms": round(volley.median, 1),
        "p95 ms": round(volley.p95, 1),
        "empty ms": round(empty.median, 1),
    }
    return Figure("verify", f"{name}, of an empty view", volley.median / empty.median, "×", "", detail)


def _exact_copy() -> Figure:
    """What the check costs beyond reading every byte once, which nobody can do without."""
    content = os.urandom(settings.LARGEST_FILE)
    make_document(stage.declaration_with(stage.posts(1)), content)
    chunks = [content[start : start + CHUNK] for start in range(0, len(content), CHUNK)]
    assert verbs.check(chunks).verdict == Verdict.EXACT
    ours, floor = _median(lambda: verbs.check(chunks)), _median(lambda: hashlib.sha256(content).hexdigest())
    detail = {"ms": round(ours, 1), "SHA-256 ms": round(floor, 1)}
    return Figure("verify", "exact copy of 20 MB, of one SHA-256", ours / floor, "×", "≤ 1.5", detail)


def _median(run: Callable[[], object], times: int = 15) -> float:
    """Milliseconds."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)
