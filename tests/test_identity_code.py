"""Masuk dengan kode lewat pos-el: for signers who know no password any more."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import FailedLogin
from commitments import dates
from commitments.models import OneTimeCode, OutgoingMail
from tests.client import Client
from tests.factories import current_code, make_official, make_slot, make_tenure, make_totp, make_user

pytestmark = pytest.mark.django_db
ASK, TYPE, LOGIN = "/akun/masuk/kode/", "/akun/masuk/kode/ketik/", "/akun/masuk/"


@pytest.fixture
def signer():
    return make_tenure(official=make_official(user=make_user(email="pejabat@contoh.example"))).official.user


def ask(client, address, **more):
    return client.post(ASK, {"email": address} | more)


def code_in(mail) -> str:
    return re.findall(r"^\d{3} \d{3}$", mail.body, re.MULTILINE)[0]


def test_a_code_by_mail_opens_the_tasks(client, signer, mailoutbox):
    assert ASK in client.get(LOGIN).text
    assert ask(client, "Pejabat@Contoh.example", next="/kalender/")["Location"] == TYPE
    assert "Bila Pejabat@Contoh.example terdaftar" in client.get(TYPE).text
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["Pejabat@Contoh.example"], "Kode masuk Komitmen PUG")
    assert client.post(TYPE, {"code": code_in(mail)})["Location"] == "/kalender/"
    assert get_user(client) == signer
    assert not OutgoingMail.objects.exists()


def test_without_a_page_that_was_asked_for_it_leads_to_the_work(client, signer, mailoutbox):
    ask(client, signer.email, next="https://jahat.example/")
    assert client.post(TYPE, {"code": code_in(mailoutbox[0])})["Location"] == reverse("commitments:tasks")


def test_c10_a_code_is_used_once(client, signer, mailoutbox):
    ask(client, signer.email)
    code = code_in(mailoutbox[0])
    client.post(TYPE, {"code": code})
    other = Client()
    ask(other, "lain@contoh.example")
    session = other.session
    session["login_code_asked"] = {"address": signer.email, "next": None}
    session.save()
    refused = other.post(TYPE, {"code": code})
    assert refused.status_code == 422
    assert "Kode ini sudah tidak berlaku" in refused.text
    assert not get_user(other).is_authenticated


def test_c10_a_code_for_one_person_fails_for_another(client, signer, mailoutbox):
    other = make_user()
    thief = Client()
    ask(thief, other.email)
    ask(client, signer.email)
    codes = {mail.to[0]: code_in(mail) for mail in mailoutbox}
    assert codes[signer.email] != codes[other.email]
    assert thief.post(TYPE, {"code": codes[signer.email]}).status_code == 422
    assert not get_user(thief).is_authenticated


def test_c10_a_code_lives_for_ten_minutes(client, signer, mailoutbox):
    ask(client, signer.email)
    row = OneTimeCode.objects.get()
    assert row.expires_at - row.created_at == timedelta(minutes=10)
    OneTimeCode.objects.update(expires_at=dates.now())
    assert "sudah tidak berlaku" in client.post(TYPE, {"code": code_in(mailoutbox[0])}).text


def test_c10_five_tries_are_counted_in_the_database_whoever_tries(client, signer, mailoutbox):
    ask(client, signer.email)
    code = code_in(mailoutbox[0])
    wrong = f"{(int(code.replace(' ', '')) + 1) % 1_000_000:06d}"
    cookies = client.cookies
    for _number in range(5):
        process = Client(REMOTE_ADDR="10.0.0.9")
        process.cookies = cookies
        assert "Kode belum cocok" in process.post(TYPE, {"code": wrong}).text
    assert "sudah tidak berlaku" in client.post(TYPE, {"code": code}).text
    assert OneTimeCode.objects.get().tries == 5
    assert FailedLogin.objects.filter(user=signer, step="code").count() == 6


def test_c10_the_code_is_in_no_row_no_session_and_no_log(client, signer, mailoutbox, caplog):
    caplog.set_level("DEBUG")
    ask(client, signer.email)
    code = code_in(mailoutbox[0])
    client.post(TYPE, {"code": "000 000"})
    kept = str(list(OneTimeCode.objects.values())) + str(dict(client.session)) + caplog.text
    assert code not in kept
    assert code.replace(" ", "") not in kept


def test_c11_one_person_gets_five_codes_an_hour_and_a_hall_gets_its_own(signer, mailoutbox):
    client = Client(REMOTE_ADDR="10.0.0.1")
    assert {ask(client, signer.email)["Location"] for _number in range(7)} == {TYPE}
    assert len(mailoutbox) == 5
    for _number in range(75):
        user = make_user()
        person = Client(REMOTE_ADDR="10.0.0.1")
        ask(person, user.email)
        assert person.post(TYPE, {"code": code_in(mailoutbox[-1])}).status_code == 302


def test_c12_the_session_key_rotates_when_the_code_is_taken(client, signer, mailoutbox):
    ask(client, signer.email)
    before = client.session.session_key
    client.post(TYPE, {"code": code_in(mailoutbox[0])})
    assert client.session.session_key != before
    client.cookies["sessionid"] = before
    assert not get_user(client).is_authenticated


def test_the_second_step_is_asked_after_the_code_too(client, signer, mailoutbox):
    factor = make_totp(signer)
    ask(client, signer.email)
    step = client.post(TYPE, {"code": code_in(mailoutbox[0])})
    assert step["Location"] == "/akun/masuk/langkah-kedua/"
    assert not get_user(client).is_authenticated
    client.post(step["Location"], {"code": current_code(factor)})
    assert get_user(client) == signer


def test_a_code_by_mail_does_not_change_what_guards_the_login(client, signer, mailoutbox):
    """Whoever reads the mail of another could else add a phone of the own."""
    ask(client, signer.email)
    client.post(TYPE, {"code": code_in(mailoutbox[0])})
    assert client.get("/akun/keamanan/aplikasi/")["Location"].startswith("/akun/pastikan/")


@pytest.mark.parametrize("role", ["admin", "reviewer"])
def test_who_decides_about_others_is_told_to_use_the_password(client, mailoutbox, role):
    user = make_user(role)
    ask(client, user.email)
    (mail,) = mailoutbox
    assert "tidak dapat masuk dengan kode" in mail.body
    assert not re.search(r"\d{3} ?\d{3}", mail.body)
    assert client.post(TYPE, {"code": "123456"}).status_code == 422


def test_who_gets_a_role_between_the_two_steps_stays_outside(client, signer, mailoutbox):
    ask(client, signer.email)
    signer.groups.add(*make_user("admin").groups.all())
    assert client.post(TYPE, {"code": code_in(mailoutbox[0])}).status_code == 422


def test_who_is_switched_off_between_the_two_steps_stays_outside(client, signer, mailoutbox):
    ask(client, signer.email)
    signer.is_active = False
    signer.save()
    assert client.post(TYPE, {"code": code_in(mailoutbox[0])}).status_code == 422


def test_known_or_not_looks_the_same_and_asks_the_same(signer, mailoutbox):
    addresses = [
        signer.email,
        make_user("admin").email,
        make_user(is_active=False).email,
        "tidak@ada.example",
    ]
    pages, counts = [], []
    for address in addresses:
        person = Client()
        with CaptureQueriesContext(connection) as asked:
            answer = ask(person, address)
        page = person.get(TYPE).text
        refused = person.post(TYPE, {"code": "000000"})
        token = re.compile(r'value="\w{64}"')
        texts = [token.sub("", text).replace(address, "") for text in (page, refused.text)]
        pages.append((answer.status_code, answer["Location"], refused.status_code, *texts))
        counts.append(len(asked))
    assert [page == pages[0] for page in pages] == [True] * 4
    assert max(counts) - min(counts) <= 2  # the roles of who is known
    assert [mail.to[0] for mail in mailoutbox] == addresses
    assert ["tidak ada akun" in mail.body for mail in mailoutbox] == [False, False, True, True]


def test_the_second_page_without_the_first_leads_there(client):
    assert client.get(TYPE)["Location"] == ASK
    assert client.post(TYPE, {"code": "1"})["Location"] == ASK


def test_who_is_logged_in_needs_no_code(client):
    client.force_login(make_user())
    assert client.get(ASK).status_code == 302


@pytest.mark.parametrize("path", [ASK, TYPE])
def test_c14_a_code_needs_a_token(path):
    client = Client(enforce_csrf_checks=True)
    assert client.post(path, {"email": "a@contoh.example", "code": "1"}).status_code == 403


@pytest.mark.parametrize("value", ["", "x", "a@b", "a" * 300 + "@contoh.example", "٣" * 6, "1" * 400, "🙂"])
def test_c71_whatever_is_typed_is_a_sentence(client, value):
    assert ask(client, value).status_code == 422
    ask(client, "a@contoh.example")
    assert client.post(TYPE, {"code": value}).status_code == 422


def test_a_mail_server_that_is_down_is_told_to_everybody(client, settings, signer):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    for address in (signer.email, "tidak@ada.example"):
        page = client.post(ASK, {"email": address}, follow=True)
        assert "Surat belum dapat dikirim." in page.text


def test_signing_after_a_login_by_code(client, mailoutbox):
    slot = make_slot()
    ask(client, slot.holder.official.user.email)
    client.post(TYPE, {"code": code_in(mailoutbox[-1])})
    assert client.get(reverse("commitments:sign", args=[slot.pk])).status_code == 200
