"""The pages that are opened most against an empty view, and against Django's own admin list of 100 rows."""

from collections.abc import Iterator
from statistics import median

from django.urls import reverse

from tests.benchmarks import stage
from tests.benchmarks.load import Server, Shot, fire
from tests.benchmarks.report import Figure, ratio
from tests.factories import make_official, make_user

ROUNDS, EACH, CLIENTS = 6, 24, 4
EMPTY, STOCK = "empty view", "Django admin, 100 rows"


def measure(server: Server) -> Iterator[Figure]:
    shots = _shots()
    for shot in shots.values():
        fire(server.port, [shot] * EACH, clients=CLIENTS)
    took: dict[str, list[float]] = {name: [] for name in shots}
    for _ in range(ROUNDS):
        for name, shot in shots.items():
            took[name].append(fire(server.port, [shot] * EACH, clients=CLIENTS).median)
    empty, stock = took.pop(EMPTY), took.pop(STOCK)
    shown = {"empty ms": round(median(empty), 1), "admin ms": round(median(stock), 1)}
    for name, ours in took.items():
        detail = {"ms": round(median(ours), 1)} | shown
        yield ratio("pages", f"{name}, of an empty view", ours, empty)
        yield ratio("pages", f"{name}, of Django admin's list", ours, stock, "≤ 1", **detail)


def _shots() -> dict[str, Shot]:
    declaration = stage.declaration_with(stage.posts(75))
    stage.sign_all(declaration)
    for _ in range(100):
        make_official()
    reviewer = stage.cookies_of(make_user("reviewer"))
    root = stage.cookies_of(make_user("admin", is_staff=True, is_superuser=True))
    return {
        EMPTY: Shot("GET", "/kosong/", reviewer),
        STOCK: Shot("GET", "/stok/agencies/official/", root),
        "matrix, 75 posts": Shot("GET", reverse("commitments:matrix", args=[declaration.pk]), reviewer),
        "queue, 75 waiting": Shot("GET", reverse("commitments:review_queue"), reviewer),
        "landing": Shot("GET", reverse("commitments:landing")),
        "login": Shot("GET", reverse("account_login")),
    }
