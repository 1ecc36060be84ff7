"""The public page of 75 posts against an empty view, and an exact copy of 20 MB against one pass of SHA-256 over it."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.urls import reverse

from commitments.models import Declaration
from commitments.verifying import verbs
from commitments.verifying.verbs import Verdict
from tests.benchmarks import stage
from tests.benchmarks.load import Server, Shot, fire
from tests.benchmarks.report import Figure, ratio
from tests.factories import make_document, make_user

ROUNDS, EACH, CLIENTS = 6, 24, 4
EMPTY = "empty view"
CHUNK = 64 * 2**10  # as Django hands an upload on


def measure(server: Server) -> Iterator[Figure]:
    declaration = stage.declaration_with(stage.posts(75))
    stage.sign_all(declaration)
    shots = _shots(declaration)
    for shot in shots.values():
        fire(server.port, [shot] * EACH, clients=CLIENTS)
    took: dict[str, list[float]] = {name: [] for name in shots}
    for _ in range(ROUNDS):
        for name, shot in shots.items():
            took[name].append(fire(server.port, [shot] * EACH, clients=CLIENTS).median)
    empty = took.pop(EMPTY)
    for name, ours in took.items():
        yield ratio("verify", f"{name}, of an empty view", ours, empty)
    yield _exact_copy()


def _shots(declaration: Declaration) -> dict[str, Shot]:
    code = [declaration.code]
    return {
        EMPTY: Shot("GET", "/kosong/", stage.cookies_of(make_user())),
        "page, 75 posts": Shot("GET", reverse("commitments:verify_code", args=code)),
        "JSON, 75 posts": Shot("GET", reverse("commitments:verify_json", args=code)),
        "mistyped code": Shot("GET", reverse("commitments:verify_code", args=["ZZZZ"]), expect=404),
    }


def _exact_copy() -> Figure:
    """What the check costs beyond reading every byte once, which nobody can do without."""
    content = os.urandom(settings.LARGEST_FILE)
    make_document(stage.declaration_with(stage.posts(1)), content)
    chunks = [content[start : start + CHUNK] for start in range(0, len(content), CHUNK)]
    assert verbs.check(chunks).verdict == Verdict.EXACT
    ours, floor = [], []
    for _ in range(15):  # in turns, so that a busy moment hits both
        ours.append(_seconds(lambda: verbs.check(chunks)))
        floor.append(_seconds(lambda: hashlib.sha256(content).digest()))
    return ratio("verify", "exact copy of 20 MB, of one SHA-256", ours, floor, "≤ 1.5")


def _seconds(run: Callable[[], object]) -> float:
    """Of a processor."""
    started = time.process_time()
    run()
    return time.process_time() - started
