"""Nobody makes this server write to strangers without end, nor to one mailbox under many addresses."""

import pytest

from tests.client import Client
from tests.factories import make_user

pytestmark = pytest.mark.django_db
RESET, CODE = "/akun/kata-sandi/lupa/", "/akun/masuk/kode/"


def test_c11_thirty_mails_an_hour_go_to_strangers_whichever_page_is_asked(client, mailoutbox):
    answers = set()
    for number in range(40):
        response = client.post([RESET, CODE][number % 2], {"email": f"asing{number}@contoh.example"})
        answers.add((response.status_code, response["Location"]))
    assert len(mailoutbox) == 30
    assert len(answers) == 2  # one of each page, before and after


def test_c11_who_is_known_gets_mail_also_when_strangers_get_none(client, mailoutbox):
    for number in range(31):
        client.post(RESET, {"email": f"asing{number}@contoh.example"})
    user = make_user()
    mailoutbox.clear()
    client.post(RESET, {"email": user.email})
    Client().post(CODE, {"email": user.email})
    assert [mail.to for mail in mailoutbox] == [[user.email]] * 2


def test_a_mail_server_that_is_down_is_told_to_strangers_beyond_the_limit_too(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"mail_to_strangers": "1/h/key"}
    client.post(RESET, {"email": "satu@contoh.example"})
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    page = client.post(RESET, {"email": "dua@contoh.example"}, follow=True)
    assert "Surat belum dapat dikirim. Tunggu sebentar, lalu coba lagi." in page.text


def test_c11_one_mailbox_has_one_limit_whatever_follows_the_plus_sign(client, mailoutbox):
    typed = [
        "korban@contoh.example",
        "korban+1@contoh.example",
        "Korban+2@Contoh.example",
        "KORBAN+3@contoh.example",
    ]
    answers = [client.post(RESET, {"email": address}).status_code for address in typed]
    assert answers == [302, 302, 302, 429]
    assert len(mailoutbox) == 3


def test_c11_a_stranger_gets_five_mails_about_codes_whatever_follows_the_plus_sign(client, mailoutbox):
    for number in range(8):
        client.post(CODE, {"email": f"korban+{number}@contoh.example"})
    assert len(mailoutbox) == 5
