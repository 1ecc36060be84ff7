"""Strangers who guess at a name shut out strangers, and not its owner on a device the owner has used before."""

import pytest
from django.contrib.auth import get_user

from tests.client import Client
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/akun/masuk/"
FULL = "Terlalu banyak percobaan untuk nama ini."


def log_in(client, login, password=PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def device_of(user) -> Client:
    """A browser on which this person has logged in, and out again."""
    client = Client()
    assert log_in(client, user.username).status_code == 302
    client.post("/akun/keluar/")
    assert not get_user(client).is_authenticated
    return client


def exhaust(user) -> None:
    stranger = Client()
    for name in (user.username, user.email):
        for _number in range(6):
            log_in(stranger, name, "salah")
        assert FULL in log_in(stranger, name).text


@pytest.mark.parametrize("field", ["username", "email"])
def test_c11_strangers_do_not_shut_out_the_owner(field):
    user = make_user()
    own = device_of(user)
    exhaust(user)
    assert log_in(own, getattr(user, field)).status_code == 302


def test_c11_a_known_device_has_a_limit_of_its_own():
    user = make_user()
    own = device_of(user)
    for number in range(6):
        assert "belum cocok" in log_in(own, user.email if number % 2 else user.username, "salah").text
    assert FULL in log_in(own, user.username).text
    assert FULL in log_in(own, user.email).text
    assert log_in(Client(), user.username).status_code == 302  # and it shuts out nobody else


def test_c11_the_device_of_one_person_is_a_stranger_to_another():
    own, victim = device_of(make_user()), make_user()
    exhaust(victim)
    assert FULL in log_in(own, victim.username).text


def test_c11_a_cookie_that_was_changed_counts_for_nothing():
    user, other = make_user(), make_user()
    own = device_of(other)
    _owner, dot, rest = own.cookies["perangkat"].value.partition(".")
    exhaust(user)
    for cookie in (f"{user.pk}{dot}{rest}", "x", ":", "x" * 5000):
        own.cookies["perangkat"] = cookie
        assert FULL in log_in(own, user.username).text


def test_c11_a_new_password_makes_strangers_of_old_devices():
    user = make_user()
    own = device_of(user)
    user.set_password("rahasia-lain-yang-panjang")
    user.save()
    exhaust(user)
    assert FULL in log_in(own, user.username, "rahasia-lain-yang-panjang").text


def test_c11_the_cookie_ends_by_time(settings):
    user = make_user()
    own = device_of(user)
    exhaust(user)
    settings.DEVICE_COOKIE_AGE = -1
    assert FULL in log_in(own, user.username).text


def test_the_cookie_is_out_of_the_reach_of_scripts_and_other_sites(client, settings):
    settings.SECURE = True
    log_in(client, make_user().username)
    cookie = client.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", 180 * 24 * 3600)


def test_a_login_that_fails_hands_out_nothing(client):
    log_in(client, make_user().username, "salah")
    assert "perangkat" not in client.cookies
