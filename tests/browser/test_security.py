"""Verifikasi dua langkah as people meet it: an app on the phone, and a passkey by Chromium's virtual device."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from pug_bekasi.identity import keys
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import PASSWORD, current_code, make_tenure, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]


def log_in(person, user) -> None:
    """The password alone."""
    person.go("/akun/masuk/")
    person.page.fill("input[name=login]", user.username)
    person.page.fill("input[name=password]", PASSWORD)
    person.check()
    person.page.click("button:text-is('Masuk')")


def give_device(page) -> None:
    """A device with a finger sensor, and a finger on it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = kind | {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_administrator_sets_up_an_app_and_logs_in_with_it(visit, device):
    admin = make_user("admin")
    person = visit(device)
    page = person.page
    log_in(person, admin)
    page.wait_for_url("**/akun/keamanan/")
    assert "Peran Anda memutuskan" in page.inner_text("main")
    person.check()
    page.click("text=Pasang aplikasi")
    person.check()
    assert page.locator(".totp-code svg").bounding_box()["width"] > 150
    secret = "".join(page.locator(".totp-secret span").all_inner_texts())
    app = Authenticator(type="totp", data={"secret": keys.encrypt(secret)})
    page.fill("input[name=code]", "000000")
    page.click("text=Aktifkan")
    assert "Kode belum cocok" in page.inner_text("main")
    person.check()
    page.fill("input[name=code]", current_code(app))
    page.click("text=Aktifkan")
    page.wait_for_url("**/kode-cadangan/")
    person.check()
    with page.expect_download() as download:
        page.click("text=Unduh sebagai teks")
    spare = re.findall(r"^\d{4} \d{4}$", download.value.path().read_text(), re.MULTILINE)
    assert len(spare) == 10
    page.click("text=Sudah saya simpan")
    person.go("/deklarasi/")
    assert page.url.endswith("/deklarasi/")

    later = visit(device)
    log_in(later, admin)
    later.page.wait_for_url("**/langkah-kedua/")
    later.check()
    later.page.fill("input[name=code]", spare[0])
    later.page.click("text=Lanjutkan")
    later.page.wait_for_url("**/deklarasi/")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_passkey_is_added_and_opens_the_door(visit, device):
    reviewer = make_user("reviewer")
    person = visit(device)
    page = person.page
    give_device(page)
    log_in(person, reviewer)
    page.click("text=Tambah kunci sandi")
    page.fill("input[name=name]", "Laptop kantor")
    person.check()
    page.click("text=Buat kunci sandi")
    page.wait_for_url("**/kode-cadangan/")
    person.go("/pemeriksaan/")
    assert page.url.endswith("/pemeriksaan/")
    page.click("details.account summary")
    page.click("text=Keluar")

    person.go("/akun/masuk/?next=/kalender/")
    person.check()
    page.click("text=Masuk dengan kunci sandi")  # and nothing is typed
    page.wait_for_url("**/kalender/")
    page.click("details.account summary")
    page.click("text=Keluar")

    log_in(person, reviewer)  # the password first, then the passkey as the second step
    page.wait_for_url("**/langkah-kedua/")
    person.check()
    page.click("text=Pakai kunci sandi")
    page.wait_for_url("**/pemeriksaan/")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Laptop kantor"


def test_a_passkey_that_is_not_there_is_a_sentence(visit):
    person = visit(PHONE)
    give_device(person.page)
    person.go("/akun/masuk/")
    person.page.click("text=Masuk dengan kunci sandi")
    person.page.wait_for_selector("text=Kunci sandi tidak terpakai")
    person.check()


def test_a_signer_logs_in_by_a_code_from_the_mail(visit):
    signer = make_tenure().official.user
    person = visit(PHONE)
    page = person.page
    person.go("/akun/masuk/")
    page.click("text=Masuk dengan kode lewat pos-el")
    person.check()
    page.fill("input[name=email]", signer.email)
    page.click("text=Kirim kode")
    page.wait_for_url("**/masuk/kode/ketik/")
    person.check()
    page.fill("input[name=code]", re.findall(r"^\d{3} \d{3}$", str(mail.outbox[-1].body), re.MULTILINE)[0])
    page.click("button:text-is('Masuk')")
    page.wait_for_url("**/tugas/")


def test_open_logins_are_seen_and_ended(visit):
    user = make_user()
    here, there = visit(PHONE), visit(DESKTOP)
    for person in (here, there):
        log_in(person, user)
        person.page.wait_for_url("**/tugas/")
    here.page.click("details.account summary")
    here.page.click("text=Keamanan akun")
    here.check()
    here.page.click("text=Lihat perangkat")
    here.check()
    here.page.click("button:has-text('Keluarkan') >> nth=0")
    assert "Perangkat itu sudah dikeluarkan." in here.page.inner_text("main")
    there.go("/tugas/")
    there.page.wait_for_url("**/akun/masuk/**")
