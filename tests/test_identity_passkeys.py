"""Kunci sandi: added, used to log in and as the second step, by a device in software."""

import html
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user

from agencies.models import FailedLogin
from tests.client import Client
from tests.factories import PASSWORD, make_user
from tests.passkeys import SoftPasskey, make_passkey

pytestmark = pytest.mark.django_db
ADD, LIST = "/akun/keamanan/kunci-sandi/baru/", "/akun/keamanan/kunci-sandi/"
LOGIN, BY_PASSKEY, STEP = "/akun/masuk/", "/akun/masuk/kunci-sandi/", "/akun/masuk/langkah-kedua/"
CODES = "/akun/keamanan/kode-cadangan/"


def options_in(page) -> dict:
    return json.loads(html.unescape(re.findall(r'data-passkey-options="([^"]+)"', page.text)[0]))


def add(client, passkey, name="Ponsel"):
    return client.post(ADD, {"name": name, "credential": passkey.create(options_in(client.get(ADD)))})


def begin(client) -> dict:
    return client.get(BY_PASSKEY, headers={"Accept": "application/json"}).json()["request_options"]


@pytest.fixture
def passkey_of():
    """passkey_of(user): a device that this user has added."""

    def made(user) -> SoftPasskey:
        passkey, client = SoftPasskey(), Client()
        client.force_login(user)
        assert add(client, passkey).status_code == 302
        return passkey

    return made


def test_a_passkey_is_added_and_counts_in_this_session(client):
    admin = make_user("admin")
    client.post(LOGIN, {"login": admin.username, "password": PASSWORD})
    assert client.get("/deklarasi/")["Location"] == "/akun/keamanan/"
    assert add(client, SoftPasskey())["Location"] == CODES
    assert client.get("/deklarasi/").status_code == 200
    assert "Ponsel" in client.get(LIST).text


def test_a_device_that_asks_for_no_finger_is_refused(client):
    client.force_login(make_user())
    refused = add(client, SoftPasskey(verifies=False))
    assert refused.status_code == 422
    assert "Kunci sandi tidak dikenali" in refused.text
    assert not Authenticator.objects.exists()


def test_an_answer_from_another_site_or_for_another_question_is_refused(client):
    client.force_login(make_user())
    assert add(client, SoftPasskey(origin="https://jahat.example")).status_code == 422
    old = options_in(client.get(ADD))
    client.get(ADD)
    assert client.post(ADD, {"name": "x", "credential": SoftPasskey().create(old)}).status_code == 422


def test_the_host_of_a_passkey_is_the_configured_one(client):
    client.force_login(make_user())
    assert options_in(client.get(ADD, HTTP_HOST="127.0.0.1"))["publicKey"]["rp"]["id"] == "localhost"


def test_login_by_passkey_is_both_factors_and_leads_to_the_page_that_was_asked_for(passkey_of):
    admin = make_user("admin")
    passkey, person = passkey_of(admin), Client()
    sent = {"credential": passkey.get(begin(person)), "next": "/kalender/"}
    assert person.post(BY_PASSKEY, sent)["Location"] == "/kalender/"
    assert get_user(person) == admin
    assert person.get("/admin/").status_code == 200


def test_c12_login_by_passkey_rotates_the_session_key_and_an_answer_works_once(passkey_of):
    passkey, person = passkey_of(make_user()), Client()
    credential = passkey.get(begin(person))
    before = person.session.session_key
    person.post(BY_PASSKEY, {"credential": credential})
    assert person.session.session_key != before
    again = Client()
    begin(again)
    refused = again.post(BY_PASSKEY, {"credential": credential, "next": "/kalender/"}, follow=True)
    assert refused.redirect_chain[0][0] == f"{LOGIN}?next=%2Fkalender%2F"
    assert "Kunci sandi tidak dikenali" in refused.text
    assert not get_user(again).is_authenticated


def test_a_passkey_of_another_person_opens_nothing(passkey_of):
    thief, victim = passkey_of(make_user()), make_user()
    passkey_of(victim)
    person = Client()
    person.post(LOGIN, {"login": victim.username, "password": PASSWORD})
    refused = person.post(STEP, {"credential": thief.get(options_in(person.get(STEP)))})
    assert refused.status_code == 422
    assert not get_user(person).is_authenticated
    assert [(row.user, row.step) for row in FailedLogin.objects.all()] == [(victim, "second_factor")]


def test_a_passkey_as_the_second_step(passkey_of):
    user = make_user()
    passkey, person = passkey_of(user), Client()
    person.post(LOGIN, {"login": user.username, "password": PASSWORD})
    page = person.get(STEP)
    assert person.post(STEP, {"credential": passkey.get(options_in(page))}).status_code == 302
    assert get_user(person) == user


def test_a_login_that_is_switched_off_has_no_passkey(passkey_of):
    user = make_user()
    passkey, person = passkey_of(user), Client()
    user.is_active = False
    user.save()
    answer = person.post(BY_PASSKEY, {"credential": passkey.get(begin(person))})
    assert answer["Location"] == "/akun/nonaktif/"
    assert not get_user(person).is_authenticated


def test_a_removed_passkey_opens_nothing(client, passkey_of):
    user = make_user()
    passkey = passkey_of(user)
    client.force_login(user)
    row = Authenticator.objects.get(type="webauthn")
    client.post(f"/akun/keamanan/kunci-sandi/{row.pk}/hapus/")
    person = Client()
    person.post(BY_PASSKEY, {"credential": passkey.get(begin(person))})
    assert not get_user(person).is_authenticated
    assert not Authenticator.objects.exists()  # recovery codes stand in for nothing


def test_c11_no_limit_by_address_stands_before_passkeys(passkey_of):
    for _number in range(15):
        passkey, person = passkey_of(make_user()), Client(REMOTE_ADDR="10.0.0.1")
        assert person.post(BY_PASSKEY, {"credential": passkey.get(begin(person))}).status_code == 302


def test_confirming_who_one_is_by_passkey(client, passkey_of):
    user = make_user()
    passkey = passkey_of(user)
    client.force_login(user, second_factor=False)
    page = client.get("/akun/pastikan/kunci-sandi/?next=/akun/keamanan/aplikasi/")
    stranger = SoftPasskey()
    stranger.user_handle = b"1"
    url = "/akun/pastikan/kunci-sandi/"
    wrong = {"credential": stranger.get(options_in(page)), "next": "/akun/keamanan/aplikasi/"}
    refused = client.post(url, wrong)
    assert refused.status_code == 422
    right = {"credential": passkey.get(options_in(refused)), "next": "/akun/keamanan/aplikasi/"}
    assert client.post(url, right)["Location"] == "/akun/keamanan/aplikasi/"
    assert client.get("/akun/keamanan/aplikasi/").status_code == 200


def test_a_passkey_made_for_a_test_looks_like_a_real_one():
    row = make_passkey(make_user())
    assert row.wrap().authenticator_data.credential_data.credential_id
