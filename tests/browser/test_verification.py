"""The public pages as a citizen meets them: on a small phone without JavaScript, and on a desktop."""

import io
from datetime import timedelta

import pikepdf
import pytest

from agencies.tenures import appoint
from commitments import codes, dates
from commitments.models import Declaration
from commitments.publishing import verbs as publishing
from tests.browser.conftest import DESKTOP
from tests.factories import (
    make_declaration,
    make_document,
    make_official,
    make_signature,
    make_tenure,
    make_user,
)

pytestmark = [pytest.mark.django_db(transaction=True)]
# axe itself is a script, so a phone that runs none is looked at by its own test.
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DEVICES = pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
LONG = "Kepala Dinas Pengendalian Penduduk, Keluarga Berencana, dan Pemberdayaan Masyarakat Contoh"


def pdf(title: str) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(595, 842))
    made.docinfo["/Title"] = title
    made.save(out)
    return out.getvalue()


def changed(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as opened:
        opened.add_blank_page()
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


@pytest.fixture
def closed():
    """A closed one with an acting signer, a replaced one, and a post that never signed."""
    tenures = [make_tenure(capacity="plt"), make_tenure(), make_tenure()]
    tenures[1].position.title = LONG
    tenures[1].position.save()
    declaration = make_declaration(positions=[tenure.position for tenure in tenures], number="100/PUG/2026")
    slots = {slot.position_id: slot for slot in declaration.signatories.all()}
    make_signature(slots[tenures[0].position_id], state="accepted")
    make_signature(slots[tenures[1].position_id], state="accepted", at=dates.now() - timedelta(days=2))
    official = make_official(name="Penerus Contoh")
    appoint(tenures[1].position, official=official, starts_on=dates.today(), by=declaration.created_by)
    publishing.close(declaration, by=declaration.created_by)
    make_document(declaration, pdf(declaration.title))
    return declaration


def looks_right(page, path: str, heading: str) -> None:
    """Axe finds nothing, and nothing is wider than the screen."""
    page.go(path)
    seen(page, heading)


def seen(page, heading: str) -> None:
    assert page.page.inner_text("h1") == heading
    page.check()
    wider = page.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0, page.page.url


@DEVICES
def test_c47_every_state_of_a_code(visit, closed, device):
    open_one = make_declaration(slots=2)
    make_signature(open_one.signatories.first())
    page = visit(device)
    looks_right(page, f"/v/{closed.code}", "Tercatat dan berlaku")
    looks_right(page, f"/v/{open_one.code}", "Tercatat, masih ditandatangani")
    new = publishing.revise(Declaration.objects.get(pk=closed.pk), by=closed.created_by)
    publishing.publish(new, by=closed.created_by)
    looks_right(page, f"/v/{closed.code}", "Digantikan versi baru")
    publishing.withdraw(open_one, reason="Contoh.", by=closed.created_by)
    looks_right(page, f"/v/{open_one.code}", "Dicabut")
    page.expected.add(404)
    looks_right(page, f"/v/{codes.new_code()}", "Kode tidak ditemukan")
    looks_right(page, "/v/?kode=0000-0000-1", "Kode ini salah ketik")


def upload(page, content: bytes) -> None:
    page.page.set_input_files(
        "#id_file", {"name": "naskah.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.page.click("main button[type=submit]")
    page.page.wait_for_selector(".verdict")


@DEVICES
def test_c50_a_file_is_held_against_the_record(visit, closed, device):
    page = visit(device)
    looks_right(page, "/v/", "Periksa keaslian lembar")
    page.page.click("main a[href='/v/berkas/']")
    seen(page, "Periksa berkas PDF")
    page.page.click("main button[type=submit]")
    assert "Pilih berkas PDF yang akan diperiksa." in page.page.inner_text("main")
    page.check()
    document = closed.documents.get()
    with document.file.open("rb") as stored:
        issued = stored.read()
    upload(page, issued)
    seen(page, "Salinan persis")
    upload(page, changed(issued))
    seen(page, "Diubah setelah diterbitkan")
    assert "Ditambahkan: halaman 2." in page.page.inner_text("main")
    upload(page, pdf("Lain"))
    seen(page, "Bukan berkas kami")
    upload(page, b"bukan pdf")
    seen(page, "Bukan PDF yang dapat dibaca")


def test_c47_without_javascript_on_a_cheap_phone(browser, live_server, settings, closed):
    """From the box on the front page to the verdict, and a file as well, with scripts switched off."""
    settings.SITE_URL = live_server.url
    context = browser.new_context(java_script_enabled=False, **PHONE)
    page = context.new_page()
    page.goto(live_server.url)
    page.fill("#kode", closed.printed_code.lower())
    page.click("main button[type=submit]")
    assert page.inner_text("h1") == "Tercatat dan berlaku"
    assert page.locator("tbody tr").count() == 3
    page.click("main a[href='/v/berkas/']")
    page.set_input_files("#id_file", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"bukan"})
    page.click("main button[type=submit]")
    assert page.inner_text("h1") == "Bukan PDF yang dapat dibaca"
    context.close()


@DEVICES
def test_the_history_of_a_slot_is_reached_from_the_matrix(visit, closed, device):
    page = visit(device)
    page.login(make_user("reviewer"))
    page.go(f"/deklarasi/{closed.pk}/matriks/")
    page.check()
    page.page.click(f"a:has-text('{LONG}')")
    page.page.wait_for_selector(".timeline")
    seen(page, LONG)
    assert "Penerus Contoh" in page.page.inner_text("main")
