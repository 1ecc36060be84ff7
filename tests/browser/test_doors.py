"""Journeys of those who have no login: from the mail to the receipt, and beside a host."""

import re

import pytest
from django.core import mail

from commitments import outbox
from commitments.inviting import verbs as inviting
from commitments.models import Signatory, Signature
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_journeys import draw
from tests.factories import make_declaration, make_official, make_tenure, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]


def invited_slot() -> Signatory:
    official = make_official(email="pejabat@contoh.example", user=None)
    return make_declaration(positions=[make_tenure(official=official).position]).signatories.get()


def written(pattern: str) -> str:
    """What the newest mail says there."""
    match = re.search(pattern, str(mail.outbox[-1].body))
    assert match
    return match[1]


def test_from_the_mail_to_the_receipt_without_a_login(visit):
    slot = invited_slot()
    inviting.make_link(Signatory.objects.get(pk=slot.pk), by=make_user("admin"))
    outbox.send_due()
    holder = visit(PHONE)
    page = holder.page
    holder.go(written(r"(/ttd/#\S+)"))
    page.wait_for_url("**/ttd/kode/")
    holder.check()
    page.click("text=Kirim kode")
    page.wait_for_selector("text=Kode dikirim")
    page.fill("#code", "000000" if written(r"Kode Anda: (\d{6})") != "000000" else "111111")
    page.click("text=Buka naskah")
    page.wait_for_selector("text=Kode belum cocok")
    holder.check()
    page.fill("#code", written(r"Kode Anda: (\d{6})"))
    page.click("text=Buka naskah")
    page.wait_for_url("**/ttd/naskah/")
    draw(page, PHONE)
    page.check("#consent")
    holder.check()
    page.click("button[form=sign-form]")
    page.wait_for_url("**/ttd/bukti/")
    holder.check()
    assert Signature.objects.get().link.signatory == slot
    page.click("button:has-text('Selesai')")
    page.wait_for_url(holder.base + "/")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    holder.expected.add(404)  # the receipt has gone with the session
    page.go_back()
    assert "#" not in page.url


def test_without_a_script_the_link_is_pasted(browser, live_server, settings):
    settings.SITE_URL = live_server.url
    slot = invited_slot()
    inviting.make_link(Signatory.objects.get(pk=slot.pk), by=make_user("admin"))
    outbox.send_due()
    context = browser.new_context(java_script_enabled=False, **PHONE)
    page = context.new_page()
    link = written(r"(http\S+/ttd/#\S+)")
    page.goto(link)
    page.fill("#secret", link)
    page.click("main button[type=submit]")
    page.wait_for_url("**/ttd/kode/")
    context.close()


def test_beside_a_host_on_one_device(visit):
    slot = invited_slot()
    host = make_user("reviewer", first_name="Pendamping", last_name="Contoh")
    office = visit(DESKTOP)
    office.login(host)
    page = office.page
    office.go(f"/jabatan-penanda-tangan/{slot.pk}/undang/")
    office.check()
    other_tab = page.context.new_page()
    other_tab.goto(f"{office.base}/deklarasi/{slot.declaration_id}/matriks/")
    page.click("text=Dampingi sekarang")
    page.check("#present")
    page.click("text=Serahkan perangkat >> nth=-1")
    page.wait_for_url("**/ttd/naskah/")
    other_tab.wait_for_url(office.base + "/")  # what the host had open elsewhere is gone
    other_tab.close()
    office.check()
    draw(page, DESKTOP)
    page.check("#consent")
    page.click("button[form=sign-form]")
    page.wait_for_selector("text=Kembalikan perangkat ini")
    office.check()
    page.click("button:has-text('Selesai')")
    office.go("/pemeriksaan/")
    assert "/akun/masuk/" in page.url
    assert Signature.objects.get().host == host
