"""The page on privacy: it answers everybody, and its figures are those that the code works with."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from commitments import one_time, outbox
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
PAGE = "/privasi/"


def test_everybody_may_read_what_is_kept_without_login_script_or_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(PAGE)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.text.count("<h1>") == 1


@pytest.mark.parametrize(
    ("person", "address"),
    [
        (None, "/"),
        (None, "/akun/masuk/"),
        (None, "/tidak-ada/"),
        ("monitor", "/tugas/"),
        ("admin", "/admin/"),
    ],
)
def test_every_foot_leads_to_it(client, person, address):
    if person:
        client.force_login(make_user(person))
    foot = client.get(address).text.rpartition("<footer")[2]
    assert f'<a href="{reverse("commitments:privacy")}">Privasi</a>' in foot


def test_its_figures_are_those_of_the_settings(client):
    page = client.get(PAGE).text
    assert ("12 jam, atau sampai" in page, settings.SESSION_COOKIE_AGE) == (True, 12 * 3600)
    assert ("Berlaku 10 menit" in page, one_time.LIFETIME) == (True, timedelta(minutes=10))
    assert ("dihapus sesudah 24 jam" in page, one_time.KEPT) == (True, timedelta(hours=24))
    assert ("dihapus sesudah 365 hari" in page, outbox.KEPT) == (True, timedelta(days=365))
    assert ("180 hari" in page, settings.DEVICE_COOKIE_AGE) == (True, 180 * 24 * 3600)
    assert ("satu tahun" in page, settings.LANGUAGE_COOKIE_AGE) == (True, 365 * 24 * 3600)


def test_it_names_every_cookie_there_is(client, settings):
    names = {
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        settings.DEVICE_COOKIE_NAME,
    }
    page = client.get(PAGE).text
    assert [name for name in names if f"<b>{name}</b>" not in page] == []
    client.post("/bahasa/", {"language": "en", "next": "/"})
    client.get("/akun/masuk/")
    client.post("/akun/masuk/", {"login": make_user().username, "password": PASSWORD})
    assert set(client.cookies) == names


def test_whom_to_ask_is_a_setting_and_is_never_made_up(client, settings):
    assert "Kontak belum diisi; hubungi DPPPA." in client.get(PAGE).text
    settings.PRIVACY_CONTACT = "privasi@contoh.example, telepon <021>"
    page = client.get(PAGE).text
    assert '<a href="mailto:privasi@contoh.example">privasi@contoh.example</a>, telepon &lt;021&gt;' in page
    assert "Kontak belum diisi" not in page


def test_what_was_not_checked_with_lawyers_is_said_to_be_unchecked(client):
    page = client.get(PAGE).text
    assert "belum diperiksa Bagian Hukum" in page
    assert "paling lambat 3 × 24 jam" in page


# --- security.txt


def test_security_txt_names_the_contact_and_is_absent_without_one(client, settings):
    address = "/.well-known/security.txt"
    settings.SECURITY_CONTACT = ""
    assert client.get(address).status_code == 404
    settings.SECURITY_CONTACT = "keamanan@contoh.example"
    settings.SITE_URL = "https://komitmen.example"
    answer = client.get(address)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    contact, expires, languages, canonical = answer.text.splitlines()
    assert contact == "Contact: mailto:keamanan@contoh.example"
    assert expires.startswith("Expires: 20")
    assert expires.endswith("Z")
    assert languages == "Preferred-Languages: id, en"
    assert canonical == f"Canonical: https://komitmen.example{address}"
    settings.SECURITY_CONTACT = "https://kota.example/lapor"
    assert client.get(address).text.startswith("Contact: https://kota.example/lapor\n")
