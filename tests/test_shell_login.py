"""The way in: one login page, no sign-up, limits by name, and a new password by mail."""

import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from agencies.models import User
from commitments.signing import verbs as signing
from tests.client import Client
from tests.factories import (
    PASSWORD,
    make_declaration,
    make_membership,
    make_official,
    make_signature,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/akun/masuk/", "/akun/kata-sandi/lupa/"
NEW_PASSWORD = "rahasia-lain-yang-panjang"


def log_in(client: Client, login: str, password: str = PASSWORD, **more):
    return client.post(LOGIN, {"login": login, "password": password} | more)


@pytest.mark.parametrize("field", ["username", "email"])
def test_login_by_name_or_mail_address_opens_the_tasks(client, field):
    user = make_user()
    response = log_in(client, getattr(user, field))
    assert (response.status_code, response["Location"]) == (302, reverse("commitments:tasks"))
    assert get_user(client) == user


def test_the_login_page_sends_who_has_no_account_to_the_only_ones_who_make_them(client):
    page = client.get(LOGIN).text
    assert "Akun hanya dibuat oleh Administrator DPPPA." in page
    assert "operator PUG" not in page


def first_page(client, user):
    return log_in(client, user.username)["Location"]


@pytest.mark.parametrize(
    ("role", "page"),
    [("admin", "declaration_list"), ("reviewer", "review_queue"), ("monitor", "declaration_list")],
)
def test_each_role_begins_at_its_work(client, role, page):
    assert first_page(client, make_user(role)) == reverse(f"commitments:{page}")


def test_an_operator_begins_at_the_office(client):
    assert first_page(client, make_membership().user) == reverse("commitments:office")


def test_who_signs_and_reviews_begins_at_the_tasks_while_something_waits(client):
    user = make_user("reviewer")
    position = make_tenure(official=make_official(user=user)).position
    (slot,) = make_declaration(positions=[position]).signatories.all()
    assert first_page(client, user) == reverse("commitments:tasks")
    client.logout()
    make_signature(slot)
    assert first_page(client, user) == reverse("commitments:review_queue")


def test_what_is_closed_or_cannot_be_signed_yet_does_not_wait(client):
    user = make_user("reviewer")
    position = make_tenure(official=make_official(user=user)).position
    make_declaration(positions=[position], state="closed", year=2025)
    (slot,) = make_declaration(positions=[position]).signatories.all()
    signing.decline(slot, reason="Sedang cuti.", by=user)
    assert first_page(client, user) == reverse("commitments:review_queue")


def test_a_signer_begins_at_the_tasks_also_when_nothing_waits(client):
    assert first_page(client, make_tenure().official.user) == reverse("commitments:tasks")


def test_the_page_that_was_asked_for_comes_before_the_page_of_the_role(client):
    response = log_in(client, make_user("reviewer").username, next="/kalender/")
    assert response["Location"] == "/kalender/"


def test_login_leads_on_to_the_page_that_was_asked_for(client):
    asked = client.get("/tugas/?urut=batas")
    assert asked["Location"] == f"{LOGIN}?next=/tugas/%3Furut%3Dbatas"
    page = client.get(asked["Location"])
    assert '<input type="hidden" name="next" value="/tugas/?urut=batas"' in page.text
    assert log_in(client, make_user().username, next="/tugas/?urut=batas")["Location"] == "/tugas/?urut=batas"


@pytest.mark.parametrize(
    "address", ["https://jahat.example/", "//jahat.example", "https://[", "javascript:alert(1)"]
)
def test_login_never_leads_to_another_site(client, address):
    assert client.get(LOGIN, {"next": address}).status_code == 200
    response = log_in(client, make_user().username, next=address)
    assert response["Location"] == reverse("commitments:tasks")


def test_a_refused_login_keeps_the_name_and_does_not_say_what_was_wrong(client):
    user = make_user()
    wrong_password = log_in(client, user.username, "salah")
    assert wrong_password.status_code == 422
    assert f'value="{user.username}"' in wrong_password.text
    sentence = "Nama pengguna atau kata sandi belum cocok. Periksa lagi, lalu coba masuk."
    assert sentence in wrong_password.text
    assert sentence in log_in(client, "tidak-ada", "salah").text
    assert sentence in log_in(client, "tidak@ada.example", "salah").text
    assert sentence in log_in(client, "x" * 300, "salah").text
    assert not get_user(client).is_authenticated


def test_an_empty_login_says_what_to_write(client):
    page = log_in(client, "", "")
    assert page.status_code == 422
    assert "tulis nama pengguna atau pos-el Anda." in page.text
    assert "tulis kata sandi Anda." in page.text


def test_an_inactive_user_stays_outside(client):
    user = make_user(is_active=False)
    response = log_in(client, user.username)
    assert response["Location"] == "/akun/nonaktif/"
    assert not get_user(client).is_authenticated
    assert "Hubungi Administrator DPPPA" in client.get("/akun/nonaktif/").text


def test_c12_the_session_key_rotates_at_login(client):
    client.get("/tugas/")
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    before = session.session_key
    log_in(client, make_user().username)
    assert client.session.session_key != before
    client.cookies["sessionid"] = before
    assert not get_user(client).is_authenticated


def test_the_session_ends_with_the_browser(client):
    log_in(client, make_user().username)
    assert client.cookies["sessionid"]["max-age"] == ""
    assert client.cookies["sessionid"]["httponly"]


def test_logout_takes_a_post(client):
    client.force_login(make_user())
    assert "Anda akan keluar dari akun ini." in client.get("/akun/keluar/").text
    assert get_user(client).is_authenticated
    response = client.post("/akun/keluar/")
    assert response["Location"] == reverse("commitments:landing")
    assert not get_user(client).is_authenticated


# --- C13: no sign-up


@pytest.mark.parametrize(
    "path", ["akun/daftar/", "akun/signup/", "accounts/signup/", "signup/", "akun/email/"]
)
def test_c13_there_is_no_sign_up(client, path):
    assert client.get(f"/{path}").status_code == 404
    assert client.post(f"/{path}", {"username": "baru", "password1": NEW_PASSWORD}).status_code == 404


def test_c13_no_address_of_allauth_but_those_we_want_exists():
    for name in ("account_signup", "account_email", "account_set_password", "account_change_phone"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_c13_an_empty_installation_offers_no_first_administrator(client, django_user_model):
    assert not django_user_model.objects.exists()
    page = client.get(LOGIN).text
    assert "Daftar" not in page
    assert client.get("/admin/").status_code == 302


def test_the_admin_has_no_login_of_its_own(client):
    """Not for visitors, and not for staff without the role, who could guess passwords there unlimited."""
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"] == f"{LOGIN}?next=%2Fadmin%2F"
    victim = {"username": make_user(is_staff=True).username, "password": PASSWORD}
    assert client.post("/admin/login/", victim)["Location"].startswith(LOGIN)
    assert not get_user(client).is_authenticated
    client.force_login(staff := make_user(is_staff=True))
    assert client.get("/admin/login/").status_code == 403
    assert client.post("/admin/login/", victim).status_code == 403
    assert get_user(client) == staff


def test_the_administrator_who_is_logged_in_needs_no_second_login(client):
    client.force_login(make_user("admin", is_staff=True))
    assert client.get("/admin/login/")["Location"] == "/admin/"


# --- C14: CSRF on every POST


@pytest.mark.parametrize("path", [LOGIN, "/akun/keluar/", "/akun/kata-sandi/", RESET, "/admin/login/"])
def test_c14_a_post_without_a_token_is_refused(path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user := make_user())
    response = client.post(path, {"login": user.username, "password": PASSWORD, "email": user.email})
    assert response.status_code == 403
    assert "Buka lagi halaman tadi, lalu kirim sekali lagi." in response.text
    assert get_user(client) == user


def test_c14_the_login_is_refused_without_and_taken_with_a_token():
    client, user = Client(enforce_csrf_checks=True), make_user()
    refused = log_in(client, user.username)
    assert refused.status_code == 403
    assert 'href="/akun/masuk/">' in refused.text  # and no login that leads to the login
    assert "Masuk lagi" not in refused.text
    assert not get_user(client).is_authenticated
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(LOGIN).text)[1]
    assert log_in(client, user.username, csrfmiddlewaretoken=token).status_code == 302


def test_c14_nothing_but_the_public_pages_opens_without_a_login(client):
    for name in ("tasks",):
        response = client.post(reverse(f"commitments:{name}"))
        assert response["Location"].startswith(LOGIN)


# --- C11: limits are by name


def test_c11_a_hall_behind_one_address_logs_in():
    for _number in range(35):
        assert log_in(Client(REMOTE_ADDR="10.0.0.1"), make_user().username).status_code == 302


def test_c11_bad_logins_for_other_names_do_not_lock_out_the_hall(client):
    for number in range(40):
        assert log_in(client, f"tebakan{number}", "salah").status_code == 422
    assert log_in(client, make_user().username).status_code == 302


def test_c11_failed_logins_for_one_name_are_limited(client):
    user = make_user()
    for number in range(6):
        # Neither the case of the name, nor the Host header, nor another address begins a new count.
        host, address = f"localhost:{8000 + number}", f"10.0.0.{number}"
        name = user.username.upper() if number % 2 else user.username
        bad = client.post(LOGIN, {"login": name, "password": "salah"}, HTTP_HOST=host, REMOTE_ADDR=address)
        assert "belum cocok" in bad.text
    refused = log_in(client, user.username)
    assert refused.status_code == 422
    assert "Terlalu banyak percobaan untuk nama ini." in refused.text
    assert log_in(client, make_user().username).status_code == 302


def test_c11_good_logins_are_not_counted():
    user = make_user()
    for _number in range(10):
        assert log_in(Client(), user.username).status_code == 302


def test_no_limit_of_allauth_is_by_address(settings):
    from allauth.account import app_settings

    assert [rate for rate in app_settings.RATE_LIMITS.values() if rate and "ip" in rate] == []
    assert set(app_settings.RATE_LIMITS) == set(settings.ACCOUNT_RATE_LIMITS)


# --- A new password


def reset_link(mailoutbox) -> str:
    found = re.search(r"http://localhost:8000(/akun/kata-sandi/baru/\S+)", mailoutbox[-1].body)
    assert found
    return found[1]


def set_new_password(client, link: str, first=NEW_PASSWORD, second=NEW_PASSWORD):
    form = client.get(link)["Location"]
    return client.post(form, {"password1": first, "password2": second})


def test_a_new_password_by_mail(client, mailoutbox):
    user = make_user(email="pejabat@contoh.example")
    response = client.post(RESET, {"email": "Pejabat@Contoh.example"}, HTTP_HOST="localhost:666")
    assert response["Location"] == "/akun/kata-sandi/lupa/terkirim/"
    mail = mailoutbox[0]
    assert (mail.to, mail.subject) == (["pejabat@contoh.example"], "Kata sandi baru untuk Komitmen PUG")
    assert user.username in mail.body
    assert mail.alternatives == []

    done = set_new_password(client, reset_link(mailoutbox))
    assert done["Location"] == "/akun/kata-sandi/baru/selesai/"
    assert mailoutbox[1].subject == "Kata sandi Komitmen PUG sudah diganti"
    assert re.search(r"diganti pada \d+ \w+ \d{4}, pukul \d\d\.\d\d WIB\.", mailoutbox[1].body)
    assert not get_user(client).is_authenticated
    assert log_in(client, user.username, NEW_PASSWORD).status_code == 302


def test_the_link_works_once(client, mailoutbox):
    client.post(RESET, {"email": make_user().email})
    link = reset_link(mailoutbox)
    set_new_password(client, link)
    again = client.get(link)
    assert "Tautan ini sudah dipakai atau kedaluwarsa." in again.text


def test_a_new_password_ends_the_wait_after_failed_logins(client, mailoutbox):
    user = make_user()
    for _number in range(7):
        log_in(client, user.username, "salah")
    client.post(RESET, {"email": user.email})
    set_new_password(client, reset_link(mailoutbox))
    assert log_in(client, user.username, NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("pendek", "pendek", "terlalu pendek"),
        ("password1234", "password1234", "terlalu umum"),
        ("19700101199503", "19700101199503", "angka"),
        (NEW_PASSWORD, "lain-sama-sekali", "kata sandi yang sama"),
    ],
)
def test_a_weak_password_is_refused(client, mailoutbox, first, second, sentence):
    client.post(RESET, {"email": make_user().email})
    refused = set_new_password(client, reset_link(mailoutbox), first, second)
    assert refused.status_code == 422
    assert sentence in refused.text


def test_asking_for_an_unknown_address_looks_the_same(client, mailoutbox):
    known = client.post(RESET, {"email": make_user().email})
    unknown = client.post(RESET, {"email": "tidak@ada.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [mail.to for mail in mailoutbox][1] == ["tidak@ada.example"]
    assert "tidak ada akun dengan alamat ini" in mailoutbox[1].body


def test_an_address_that_was_replaced_gets_no_link(client, mailoutbox):
    user = make_user(email="lama@contoh.example")
    client.post(RESET, {"email": "lama@contoh.example"})  # allauth now remembers the address
    user.email = "baru@contoh.example"
    user.save()
    client.post(RESET, {"email": "lama@contoh.example"})
    assert "tidak ada akun dengan alamat ini" in mailoutbox[1].body


def test_c11_mails_to_one_address_are_limited_and_others_go_out(client, mailoutbox):
    user = make_user()
    answers = [client.post(RESET, {"email": user.email}) for _number in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "Terlalu banyak percobaan" in answers[3].text
    assert client.post(RESET, {"email": make_user().email}).status_code == 302
    assert len(mailoutbox) == 4


def test_a_mail_server_that_is_down_is_told(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    page = client.post(RESET, {"email": make_user().email}, follow=True)
    assert "Surat belum dapat dikirim. Tunggu sebentar, lalu coba lagi." in page.text


def test_changing_the_password(client, mailoutbox):
    user = make_user()
    client.force_login(user)
    fields = {"oldpassword": "salah", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    refused = client.post("/akun/kata-sandi/", fields)
    assert refused.status_code == 422
    assert "kata sandi saat ini belum cocok." in refused.text
    changed = client.post("/akun/kata-sandi/", fields | {"oldpassword": PASSWORD}, follow=True)
    assert "Kata sandi Anda sudah diganti." in changed.text
    assert [mail.to for mail in mailoutbox] == [[user.email]]
    assert log_in(Client(), user.username, NEW_PASSWORD).status_code == 302


def test_c64_one_command_ends_every_session_and_voids_every_link(client, mailoutbox):
    inside, never_in = make_user(), make_user()
    other = Client()
    other.force_login(inside)
    User.objects.filter(pk=inside.pk).update(last_login=timezone.now() - timedelta(hours=1))
    for user in (inside, never_in):
        client.post(reverse("account_reset_password"), {"email": user.email})
    links = [re.search(r"http://[^/]+(/akun/kata-sandi/baru/\S+)", mail.body)[1] for mail in mailoutbox]
    assert len(links) == 2
    assert other.get(reverse("commitments:tasks")).status_code == 200

    call_command("revoke_everything", stdout=io.StringIO())

    assert other.get(reverse("commitments:tasks"))["Location"].startswith(LOGIN)
    for link in links:
        assert "sudah dipakai atau kedaluwarsa" in Client().get(link, follow=True).text
    assert log_in(Client(), inside.username).status_code == 302  # passwords are as they were
