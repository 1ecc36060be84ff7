"""How long a refused login takes tells nobody which names and addresses exist."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from agencies.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/akun/masuk/"
hashed: list[str] = []


class CountingHasher(MD5PasswordHasher):
    def encode(self, password, salt):
        hashed.append(password)
        return super().encode(password, salt)


@pytest.fixture
def checks(client, settings):
    """How often a password is hashed for a wrong login with that name."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]

    def count(login: str) -> int:
        hashed.clear()
        assert client.post(LOGIN, {"login": login, "password": "salah"}).status_code == 422
        return len(hashed)

    return count


def test_a_wrong_password_is_hashed_once_whoever_is_named(checks):
    make_user(username="pejabat", email="pejabat@contoh.example")
    make_user(username="lain@contoh.example", email="lain@contoh.example")
    names = ["pejabat@contoh.example", "tidak@ada.example", "pejabat", "tidak-ada", "lain@contoh.example"]
    assert [checks(name) for name in names] == [1] * 5


def test_a_login_without_a_password_takes_as_long(checks):
    user = make_user()
    user.set_unusable_password()
    user.save()
    assert [checks(user.username), checks(user.email)] == [1, 1]


def test_a_name_goes_before_an_address_that_reads_the_same(client):
    named = make_user(username="sama@contoh.example", email="satu@contoh.example")
    other = make_user(email="sama@contoh.example")
    other.set_password("rahasia-yang-lain")
    other.save()
    refused = client.post(LOGIN, {"login": "sama@contoh.example", "password": "rahasia-yang-lain"})
    assert refused.status_code == 422
    client.post(LOGIN, {"login": "Sama@contoh.example", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(named.pk)


def test_names_that_differ_in_case_only_mean_who_wrote_them_exactly(client):
    User.objects.create_user("Budi", "satu@contoh.example", PASSWORD)
    small = User.objects.create_user("budi", "dua@contoh.example", PASSWORD)
    assert client.post(LOGIN, {"login": "BUDI", "password": PASSWORD}).status_code == 422
    client.post(LOGIN, {"login": "budi", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(small.pk)
