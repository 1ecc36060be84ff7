"""Open logins and failed ones: the owner sees them, and can end them."""

import io
import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from agencies import logins
from agencies.models import FailedLogin
from commitments import one_time
from commitments.one_time import Outcome
from commitments.states import CodePurpose
from pug_bekasi.identity import devices, sessions
from tests.client import Client
from tests.factories import PASSWORD, current_code, make_totp, make_user

pytestmark = pytest.mark.django_db
LOGIN, LIST = "/akun/masuk/", "/akun/keamanan/perangkat/"
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"
NEW_PASSWORD = "rahasia-lain-yang-panjang"


def logged_in(user, agent: str = ANDROID, address: str = "10.0.0.7") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    return client


def is_in(client) -> bool:
    return client.get("/tugas/").status_code == 200


# --- Open logins


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 13) SamsungBrowser/25.0 Chrome/121.0", "Samsung Internet, Android"),
        ("curl/8.5.0", "?"),
        ("", "?"),
        ("<script>" * 200, "?"),
    ],
)  # fmt: skip
def test_a_device_is_named_in_plain_words(agent, words):
    assert devices.in_words(agent) == words


def test_the_owner_sees_open_logins_and_nobody_else_does():
    user, other = make_user(), make_user()
    phone, desk = logged_in(user), logged_in(user, "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0", "10.0.0.8")
    logged_in(other, "Opera/9.80 (iPad) OPR/70.0", "10.0.0.99")
    page = phone.get(LIST).text
    assert "Chrome, Android" in page
    assert "Firefox, Windows" in page
    assert "10.0.0.8" in page
    assert "Perangkat ini" in page
    assert "10.0.0.99" not in page
    assert is_in(desk)


def test_one_login_is_ended_and_the_others_stay():
    user = make_user()
    here, there, third = logged_in(user), logged_in(user), logged_in(user)
    row = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(reverse("end_session", args=[row.pk]))["Location"] == LIST
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]


def test_all_others_are_ended_at_once():
    user, stranger = make_user(), make_user()
    here, there, third = logged_in(user), logged_in(user), logged_in(user)
    foreign = logged_in(stranger)
    here.post(LIST)
    assert [is_in(client) for client in (here, there, third, foreign)] == [True, False, False, True]


def test_c08_the_login_of_another_is_404_and_goes_on():
    victim, thief = logged_in(make_user()), logged_in(make_user())
    row = UserSession.objects.get(session_key=victim.session.session_key)
    assert thief.post(reverse("end_session", args=[row.pk])).status_code == 404
    assert thief.get(reverse("end_session", args=[row.pk])).status_code == 405
    assert is_in(victim)


def test_the_own_login_is_ended_by_logging_out():
    here = logged_in(make_user())
    row = UserSession.objects.get()
    assert here.post(reverse("end_session", args=[row.pk]))["Location"] == "/akun/keluar/"
    here.post("/akun/keluar/")
    assert not is_in(here)


def test_no_other_login_lives_on_after_a_new_password():
    user = make_user()
    here, there = logged_in(user), logged_in(user)
    here.post(
        "/akun/kata-sandi/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )
    assert [is_in(here), is_in(there)] == [True, False]
    assert here.get(LIST).text.count("Chrome, Android") == 1


def test_no_login_lives_on_after_the_account_is_switched_off_nor_when_it_is_on_again(client):
    user = make_user()
    there = logged_in(user)
    client.force_login(make_user("admin"))
    fields = {
        "username": user.username,
        "email": user.email,
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    page = f"/admin/agencies/user/{user.pk}/change/"
    assert client.post(page, fields).status_code == 302
    assert not is_in(there)
    assert client.post(page, fields | {"is_active": "on"}).status_code == 302
    user.refresh_from_db()
    assert user.is_active
    assert not is_in(there)
    assert not Session.objects.filter(session_key=there.session.session_key).exists()


def test_last_seen_is_written_once_in_ten_minutes(monkeypatch, django_assert_num_queries):
    here = logged_in(make_user())
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(sessions, "_written", {})
    before = UserSession.objects.get().last_seen_at
    here.get("/tugas/")  # the login is fresh: it was written then
    assert UserSession.objects.get().last_seen_at == before
    later = time.time() + sessions.SEEN_EVERY
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    for _number in range(2):
        here.get("/tugas/")
    seen = UserSession.objects.get().last_seen_at
    assert seen > before
    here.get("/tugas/")
    assert UserSession.objects.get().last_seen_at == seen


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_a_server_behind_a_socket_knows_no_address_and_lets_in(address):
    here = logged_in(make_user(), address=address)
    page = here.get(LIST).text
    assert "Perangkat ini" in page
    assert "alamat" not in page.partition("Perangkat ini")[0].partition("terlihat")[2]


def test_c64_one_command_ends_logins_and_codes():
    user = make_user()
    there = logged_in(user)
    code = one_time.issue(CodePurpose.LOGIN, f"user:{user.pk}")
    call_command("revoke_everything", stdout=io.StringIO())
    assert not is_in(there)
    assert not UserSession.objects.exists()
    assert one_time.check(CodePurpose.LOGIN, f"user:{user.pk}", code) is Outcome.DEAD


# --- Failed logins


def failures() -> list[tuple]:
    rows = FailedLogin.objects.order_by("pk")
    return [(row.user and row.user.username, row.step, row.device) for row in rows]


def test_each_failed_step_is_kept_without_what_was_typed():
    user = make_user()
    make_totp(user)
    client = Client(headers={"user-agent": ANDROID})
    client.post(LOGIN, {"login": user.username.upper(), "password": "salah"})
    client.post(LOGIN, {"login": user.email, "password": "salah"})
    client.post(LOGIN, {"login": "tidak-ada", "password": "rahasia-orang"})
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    client.post("/akun/masuk/langkah-kedua/", {"code": "000000"})
    assert failures() == [
        (user.username, "password", "Chrome, Android"),
        (user.username, "password", "Chrome, Android"),
        (None, "password", "Chrome, Android"),
        (user.username, "second_factor", "Chrome, Android"),
    ]
    kept = str(list(FailedLogin.objects.values()))
    assert "tidak-ada" not in kept
    assert "rahasia-orang" not in kept


def test_a_login_that_works_leaves_none():
    user = make_user()
    factor = make_totp(user)
    client = logged_in(user)
    client.post("/akun/masuk/langkah-kedua/", {"code": current_code(factor)})
    assert is_in(client)
    assert failures() == []


def test_the_owner_sees_the_last_twenty_of_the_own(client):
    user = make_user()
    for number in range(25):
        logins.record_failure("password", user=user, device=f"Chrome, Nomor{number:02d}")
    logins.record_failure("password", user=make_user(), device="Milik orang lain")
    client.force_login(user)
    page = client.get("/akun/keamanan/").text
    assert page.count("Nomor") == 20
    assert "Nomor24" in page
    assert "Nomor04" not in page
    assert "Milik orang lain" not in page


def test_administrators_see_all_of_them_and_change_none(client):
    logins.record_failure("code", user=None, device="Chrome, Android")
    row = FailedLogin.objects.get()
    client.force_login(make_user("admin"))
    assert "Chrome, Android" in client.get("/admin/agencies/failedlogin/").text
    for verb in ("delete", "change"):
        assert (
            client.post(f"/admin/agencies/failedlogin/{row.pk}/{verb}/", {"post": "yes"}).status_code == 403
        )
    assert client.post("/admin/agencies/failedlogin/add/", {}).status_code == 403
    client.force_login(make_user("reviewer"))
    assert client.get("/admin/agencies/failedlogin/").status_code in {302, 403}


def test_the_worker_forgets_open_logins_that_have_run_out():
    logged_in(make_user()), logged_in(make_user())
    old = UserSession.objects.order_by("pk").first()
    UserSession.objects.filter(pk=old.pk).update(last_seen_at=timezone.now() - timedelta(days=2))
    call_command("work")
    assert UserSession.objects.count() == 1


def test_the_worker_forgets_them_after_ninety_days():
    for days in (89, 91):
        at = timezone.now() - timedelta(days=days)
        FailedLogin.objects.create(step="password", device=f"{days}", at=at)
    call_command("work")
    assert [row.device for row in FailedLogin.objects.all()] == ["89"]
