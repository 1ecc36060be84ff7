"""What the doors of a login cost: the same POST, in process, with them and without, in turns."""

import time
from collections.abc import Iterator
from statistics import median

from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client, override_settings
from django.urls import reverse

from agencies.roles import REVIEWER
from tests.benchmarks import stage
from tests.benchmarks.load import Server
from tests.benchmarks.report import Figure
from tests.factories import PASSWORD, current_code, holder_of, make_totp, make_user

DOORS = ("ask_second_factor", "note_last_seen", "known_devices", "usersessions")
ROUNDS = 30


def measure(server: Server) -> Iterator[Figure]:
    with_doors = Client(SERVER_NAME="localhost").handler
    with_doors.load_middleware()
    bare = [name for name in settings.MIDDLEWARE if not any(door in name for door in DOORS)]
    backends = ["allauth.account.auth_backends.AuthenticationBackend"]
    yield from _sign(with_doors, bare)
    yield from _login(with_doors, bare, backends)


def _sign(with_doors, bare) -> Iterator[Figure]:
    posts = stage.posts(2 * ROUNDS)
    slots = list(stage.declaration_with(posts).signatories.select_related("declaration"))
    shots = [(stage.cookies_of(holder_of(slot)), slot) for slot in slots]
    without = _handler(bare)
    spent: dict[bool, list[float]] = {True: [], False: []}
    for number, (cookies, slot) in enumerate(shots):
        doors = number % 2 == 0
        client = Client(SERVER_NAME="localhost")
        client.handler = with_doors if doors else without
        client.cookies.load(cookies)
        path = reverse("commitments:sign", args=[slot.pk])
        spent[doors].append(_timed(client, path, stage.sign_form(slot)))
    yield _figure("sign POST, of the same without second factor, last seen and known devices", spent)


def _login(with_doors, bare, backends) -> Iterator[Figure]:
    spent: dict[bool, list[float]] = {True: [], False: []}
    without = _handler(bare)
    for number in range(ROUNDS):
        doors = number % 2 == 0
        form = {"login": make_user().username, "password": PASSWORD}
        client = Client(SERVER_NAME="localhost")
        client.handler = with_doors if doors else without
        with override_settings(**({} if doors else {"AUTHENTICATION_BACKENDS": backends})):
            spent[doors].append(_timed(client, reverse("account_login"), form))
    yield _figure("login POST, of the same without them", spent)
    second = [_second_step(with_doors) for _ in range(5)]
    yield Figure("doors", "second step, of a login POST", median(second) / median(spent[True]), "×", "")


def _second_step(handler) -> float:
    user = make_user()
    user.groups.add(Group.objects.get_or_create(name=REVIEWER)[0])
    factor = make_totp(user)
    client = Client(SERVER_NAME="localhost")
    client.handler = handler
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return _timed(client, reverse("mfa_authenticate"), {"code": current_code(factor)})


def _handler(middleware: list[str]):
    with override_settings(MIDDLEWARE=middleware):
        handler = Client(SERVER_NAME="localhost").handler
        handler.load_middleware()
    return handler


def _timed(client: Client, path: str, form: dict[str, str]) -> float:
    begin = time.process_time()
    answer = client.post(path, form)
    assert answer.status_code == 302, answer.status_code
    return time.process_time() - begin


def _figure(name: str, spent: dict[bool, list[float]]) -> Figure:
    ours, floor = median(spent[True]), median(spent[False])
    detail = {"ms": round(1000 * ours, 1), "without": round(1000 * floor, 1)}
    return Figure("doors", name, ours / floor, "× CPU", "", detail)
