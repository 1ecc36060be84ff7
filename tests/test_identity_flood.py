"""A flood of passwords stops nobody: only so many are hashed at once, and some places are for known devices."""

from contextlib import ExitStack

import pytest
from django.contrib.auth import get_user

from agencies import limits
from agencies.models import FailedLogin
from pug_bekasi.adapter import CHECKS, CHECKS_OF_STRANGERS
from tests.client import Client
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/akun/masuk/"
BUSY = "Banyak yang sedang masuk bersamaan."


def log_in(client, user, password=PASSWORD):
    return client.post(LOGIN, {"login": user.username, "password": password})


@pytest.fixture
def flood():
    """So many passwords are being checked right now."""
    with ExitStack() as held:
        yield lambda number: [held.enter_context(limits.one_of(CHECKS, "password")) for _ in range(number)]


def test_beyond_the_limit_a_stranger_is_asked_to_come_again_and_keeps_the_name(client, flood):
    user = make_user()
    flood(CHECKS_OF_STRANGERS)
    answer = log_in(client, user)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert BUSY in answer.text
    assert f'value="{user.username}"' in answer.text
    assert client.get("/").status_code == 200  # other pages need no place


def test_who_was_asked_to_come_again_has_not_failed(client, flood):
    user = make_user()
    with ExitStack() as held:
        for _number in range(CHECKS_OF_STRANGERS):
            held.enter_context(limits.one_of(CHECKS, "password"))
        for _number in range(10):
            assert log_in(client, user, "salah").status_code == 503
    assert not FailedLogin.objects.exists()
    assert log_in(client, user).status_code == 302


def test_the_last_places_are_for_devices_that_are_known(flood):
    user, own = make_user(), Client()
    log_in(own, user)
    own.post("/akun/keluar/")
    flood(CHECKS_OF_STRANGERS)
    assert log_in(Client(), user).status_code == 503
    assert log_in(own, user).status_code == 302
    own.post("/akun/keluar/")
    flood(CHECKS - CHECKS_OF_STRANGERS)
    assert log_in(own, user).status_code == 503


def test_a_password_that_is_asked_for_again_needs_a_place_too(client, flood):
    user = make_user()
    client.force_login(user)
    flood(CHECKS)
    answer = client.post("/akun/pastikan/", {"password": PASSWORD})
    assert (answer.status_code, BUSY in answer.text) == (503, True)
    assert get_user(client) == user


def test_a_place_comes_back_with_the_answer(client):
    user = make_user()
    for number in range(CHECKS + 1):
        assert log_in(Client(), make_user(), "salah").status_code == 422, number
    assert log_in(client, user).status_code == 302
