"""The pages that are opened most against an empty view, and against Django's own admin list of 100 rows."""

from django.urls import reverse

from tests.benchmarks import stage
from tests.benchmarks.load import Shot, Volley, fire
from tests.benchmarks.report import Figure
from tests.factories import make_official, make_user

ROUNDS, EACH, CLIENTS = 6, 24, 4
STOCK = "Django admin, 100 rows"


def measure(port: int) -> list[Figure]:
    declaration = stage.declaration_with(stage.posts(75))
    stage.sign_all(declaration)
    for _ in range(100):
        make_official()
    reviewer = stage.cookies_of(make_user("reviewer"))
    root = stage.cookies_of(make_user("admin", is_staff=True, is_superuser=True))
    shots = {
        "empty view": Shot("GET", "/kosong/", reviewer),
        STOCK: Shot("GET", "/stok/agencies/official/", root),
        "matrix, 75 posts": Shot("GET", reverse("commitments:matrix", args=[declaration.pk]), reviewer),
        "queue, 75 waiting": Shot("GET", reverse("commitments:review_queue"), reviewer),
        "landing": Shot("GET", reverse("commitments:landing")),
        "login": Shot("GET", reverse("account_login")),
    }
    took = {name: Volley() for name in shots}
    for shot in shots.values():
        fire(port, [shot] * EACH, clients=CLIENTS)
    for _ in range(ROUNDS):
        for name, shot in shots.items():
            took[name] += fire(port, [shot] * EACH, clients=CLIENTS)
    empty, stock = took.pop("empty view"), took.pop(STOCK)
    figures = []
    for name, volley in took.items():
        detail = {"ms": round(volley.median, 1), "empty ms": round(empty.median, 1)}
        detail |= {"admin ms": round(stock.median, 1), "× empty": round(volley.median / empty.median, 1)}
        figures.append(
            Figure("pages", f"{name}, of the admin's list", volley.median / stock.median, "×", "≤ 1", detail)
        )
    return figures
