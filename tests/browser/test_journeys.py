"""The main job, end to end, as its people do it: once on a phone, once on a desktop."""

import pytest

from commitments import chain
from commitments.models import Declaration, Review, Signature
from commitments.printing import jobs
from tests.browser.conftest import DESKTOP, PHONE, aside
from tests.factories import PASSWORD, holder_of, make_declaration, make_signature, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]


def draw(page, device) -> None:
    """Two strokes on the pad, by finger where there is one."""
    page.click("label[for=m-draw]")
    canvas = page.locator("[data-pad] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for stroke in ([(0.1, 0.7), (0.25, 0.2), (0.4, 0.8), (0.5, 0.3)], [(0.55, 0.5), (0.7, 0.55), (0.9, 0.4)]):
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=6)
        page.mouse.up()


def sign(signer, slot, device, *, by: str) -> None:
    signer.go("/tugas/")
    signer.check()
    signer.page.click("text=tanda tangani >> nth=0")
    signer.page.wait_for_selector("[data-sign]")
    signer.check()
    if by == "drawing":
        draw(signer.page, device)
    else:
        signer.page.click("label[for=m-type]")
        signer.page.fill("#typed-name", slot.holder.full_name)
    signer.page.check("#consent")
    signer.page.click("button[form=sign-form]")
    signer.page.wait_for_url("**/bukti/*/")
    signer.check()


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_sign_return_sign_again_accept_close_print(visit, device):
    make_user("admin", username="admin")
    declaration = make_declaration(slots=2, by=make_user("admin"))
    slot = declaration.signatories.in_protocol_order()[0]

    signer = visit(device)
    signer.go("/")
    signer.check()
    signer.login(holder_of(slot))
    sign(signer, slot, device, by="drawing")

    office = visit(device)
    office.login(make_user("admin"))
    office.go("/pemeriksaan/")
    office.check()
    office.page.click("text=Mulai memeriksa")
    office.check()
    office.page.click("summary:has-text('Kembalikan dengan alasan')")
    office.page.click("form[action$='/kembalikan/'] button")  # without a reason: refused, and told
    assert "Pilih atau tulis alasan" in office.page.inner_text("main")
    office.check()
    office.page.fill("#id_note", "Goresan terpotong.")
    office.page.click("form[action$='/kembalikan/'] button")

    signer.go("/tugas/")
    assert "Goresan terpotong." in signer.page.inner_text("main")
    sign(signer, slot, device, by="typing")

    office.go("/pemeriksaan/")
    office.page.click("text=Mulai memeriksa")
    office.page.click("button[form='accept']")
    office.go(f"/deklarasi/{declaration.pk}/matriks/")
    office.check()
    assert "1 jabatan belum tuntas" in office.page.inner_text("h1")
    office.go(f"/deklarasi/{declaration.pk}/matriks/ringkas/")
    office.check()
    office.go(f"/deklarasi/{declaration.pk}/")
    office.check()
    office.page.click("text=Tutup penandatanganan")
    office.check()
    office.page.click("main form button[type=submit]")
    office.go(f"/deklarasi/{declaration.pk}/cetak/")
    assert "Naskah final sedang disiapkan" in office.page.inner_text("h1")
    office.check()
    assert aside(jobs.work_due) == (1, 0)
    office.page.wait_for_selector("h1:has-text('Naskah final siap dicetak')")  # without a reload
    office.check()
    answer = office.page.request.get(f"{office.base}/deklarasi/{declaration.pk}/final.pdf")
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")

    declaration = Declaration.objects.get(pk=declaration.pk)
    assert declaration.state == "closed"
    assert [signature.method for signature in Signature.objects.order_by("pk")] == ["drawn", "typed"]
    assert chain.verify(declaration) == []
    visitor = visit(device)
    visitor.go(f"/v/{declaration.code}")
    assert "Tercatat dan berlaku" in visitor.page.inner_text("h1")
    visitor.check()


def test_a_draft_is_written_checked_and_published(visit):
    positions = [slot.position for slot in make_declaration(slots=1).signatories.all()]
    office = visit(DESKTOP)
    office.login(make_user("admin"))
    office.go("/deklarasi/")
    office.check()
    office.page.click("text=Susun deklarasi")
    office.check()
    office.page.fill("#id_title", "Deklarasi Contoh")
    office.page.fill("#id_points", "")
    office.page.click("text=Simpan draf")
    assert "Belum tersimpan" in office.page.inner_text("main")
    assert office.page.input_value("#id_title") == "Deklarasi Contoh"
    office.check()
    office.page.fill("#id_points", "menyediakan data terpilah;\n- menurut jenis kelamin;")
    office.page.click("text=Simpan draf")
    office.check()
    office.page.click("a:has-text('Terbitkan')")
    office.check()
    office.page.click("main form button[type=submit]")
    office.page.wait_for_selector("text=Naskah diterbitkan dan terkunci")
    published = Declaration.objects.get(title="Deklarasi Contoh")
    assert (published.state, published.signatories.count()) == ("open", len(positions))
    assert [point.sub_points for point in published.points.all()] == [["menurut jenis kelamin;"]]


def test_c18_a_blocked_canvas_is_noticed_and_typing_is_offered(visit):
    declaration = make_declaration(slots=1)
    slot = declaration.signatories.get()
    signer = visit(PHONE)
    signer.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    signer.login(holder_of(slot))
    signer.go(f"/tanda-tangan/{slot.pk}/")
    signer.page.wait_for_selector("[data-trouble-blocked]:not([hidden])")
    assert signer.page.is_checked("#m-type")
    signer.check()


def test_c19_rotation_resize_and_reload_keep_the_strokes(visit):
    declaration = make_declaration(slots=1)
    slot = declaration.signatories.get()
    signer = visit(PHONE)
    signer.login(holder_of(slot))
    signer.go(f"/tanda-tangan/{slot.pk}/")
    draw(signer.page, PHONE)
    before = signer.page.inner_text("[data-pad-status]")
    signer.page.set_viewport_size({"width": 844, "height": 390})
    signer.page.wait_for_timeout(300)
    assert signer.page.inner_text("[data-pad-status]") == before
    signer.page.reload()
    signer.page.wait_for_selector("[data-sign]")
    assert signer.page.inner_text("[data-pad-status]") == before
    signer.page.check("#consent")
    signer.page.click("button[form=sign-form]")
    signer.page.wait_for_url("**/bukti/*/")
    strokes = Signature.objects.get().strokes["strokes"]
    assert len(strokes) == 2
    assert sum(len(stroke) for stroke in strokes) > 10


def test_a_login_that_ends_while_drawing_costs_no_stroke(visit):
    slot = make_declaration(slots=1).signatories.get()
    signer = visit(PHONE)
    signer.login(holder_of(slot))
    page, address = signer.page, f"/tanda-tangan/{slot.pk}/"
    signer.go(address)
    draw(page, PHONE)
    page.check("#consent")
    page.context.clear_cookies()  # the form's token is gone with the login
    signer.expected.add(403)
    page.click("button[form=sign-form]")
    page.click("text=Masuk lagi")
    page.fill("input[name=login]", holder_of(slot).username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**{address}")
    page.wait_for_selector("text=Goresan tercatat")
    signer.go("/tugas/")
    signer.go(address)
    page.wait_for_selector("text=Goresan tercatat")
    page.check("#consent")
    page.click("button[form=sign-form]")
    page.wait_for_url("**/bukti/*/")
    assert len(Signature.objects.get().strokes["strokes"]) == 2
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('ttd:'))") == []


@pytest.mark.parametrize("reloaded", [False, True], ids=["same page", "reloaded"])
def test_a_network_cut_while_sending_costs_no_stroke(visit, reloaded):
    slot = make_declaration(slots=1).signatories.get()
    signer = visit(PHONE)
    signer.login(holder_of(slot))
    page, address = signer.page, f"/tanda-tangan/{slot.pk}/"
    signer.go("/tugas/")
    signer.go(address)
    draw(page, PHONE)
    page.check("#consent")
    page.route("**" + address, lambda route: route.abort())
    page.click("button[form=sign-form]")
    page.wait_for_selector("text=Sambungan terputus")
    signer.complaints.clear()  # what the browser says about the cut
    signer.check()
    page.unroute("**" + address)
    if reloaded:
        signer.go(address)
    page.wait_for_selector("text=Goresan tercatat")
    page.check("#consent")
    page.click("button[form=sign-form]")
    page.wait_for_url("**/bukti/*/")
    assert len(Signature.objects.get().strokes["strokes"]) == 2


def test_an_answer_that_is_lost_on_the_way_back_is_asked_for_again(visit):
    """The signature has arrived, and the signer cannot know: pressing once more leads to its receipt."""
    slot = make_declaration(slots=1).signatories.get()
    signer = visit(PHONE)
    signer.login(holder_of(slot))
    page, address = signer.page, f"/tanda-tangan/{slot.pk}/"
    signer.go(address)
    draw(page, PHONE)
    page.check("#consent")

    def lose(route):
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**" + address, lose)
    page.click("button[form=sign-form]")
    page.wait_for_selector("text=Sambungan terputus")
    signer.complaints.clear()
    page.unroute("**" + address)
    page.click("button[form=sign-form]")
    page.wait_for_url("**/bukti/*/")
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("interruption", ["scroll", "locked screen", "the system takes the finger"])
def test_c19_a_stroke_that_is_interrupted_stays(visit, interruption):
    declaration = make_declaration(slots=1)
    slot = declaration.signatories.get()
    signer = visit(PHONE)
    signer.login(holder_of(slot))
    signer.go(f"/tanda-tangan/{slot.pk}/")
    page = signer.page
    page.click("label[for=m-draw]")
    canvas = page.locator("[data-pad] canvas")
    canvas.scroll_into_view_if_needed()
    begin_stroke(page, canvas.bounding_box())
    if interruption == "scroll":
        page.evaluate("scrollBy(0, -120)")
    elif interruption == "locked screen":
        page.evaluate(HIDE)
    else:
        canvas.evaluate(CANCEL)
    status = page.locator("[data-pad-status]")
    if interruption != "scroll":  # the stroke is kept now, before the finger is lifted
        assert status.inner_text() == "Goresan tercatat"
    page.mouse.up()
    assert status.inner_text() == "Goresan tercatat"
    stored = page.evaluate("JSON.parse(document.querySelector('[name=drawing]').value).strokes")
    assert sum(len(stroke) for stroke in stored) > 5
    canvas.scroll_into_view_if_needed()
    begin_stroke(page, canvas.bounding_box(), height=0.3)  # the pad still takes a stroke, beside the first
    page.mouse.up()
    after = page.evaluate("JSON.parse(document.querySelector('[name=drawing]').value).strokes")
    assert after[: len(stored)] == stored
    assert len(after) > len(stored)
    page.check("#consent")
    page.click("button[form=sign-form]")
    page.wait_for_url("**/bukti/*/")
    kept = Signature.objects.get().strokes["strokes"]  # in hundredths of a pixel
    assert [[point[:2] for point in stroke] for stroke in kept] == [
        [[round(100 * x), round(100 * y)] for x, y, *_ in stroke] for stroke in after
    ]


# The screen is locked: the page is hidden before the finger is lifted.
HIDE = """() => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
  delete document.hidden;
}"""


# The system has taken the finger for a gesture of its own; nothing else is told.
CANCEL = """(canvas) => canvas.dispatchEvent(
  new PointerEvent("pointercancel", { pointerId: 1, pointerType: "mouse", isPrimary: true, bubbles: true }))"""


def begin_stroke(page, box, *, height: float = 0.7) -> None:
    """A stroke from left to right whose end does not come."""
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + height * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + (height - 0.2) * box["height"], steps=12)


def test_a_password_can_be_read_while_it_is_typed(visit):
    user = make_user()
    person = visit(PHONE)
    person.go("/akun/masuk/")
    page = person.page
    page.fill("input[name=login]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.check("text=Tampilkan kata sandi")
    assert page.get_attribute("input[name=password]", "type") == "text"
    person.check()
    page.click("main button[type=submit]")
    page.wait_for_url("**/tugas/")


def test_everything_works_without_a_script(browser, live_server, settings):
    settings.SITE_URL = live_server.url
    declaration = make_declaration(slots=1)
    slot = declaration.signatories.get()
    context = browser.new_context(java_script_enabled=False, **PHONE)
    page = context.new_page()
    page.goto(live_server.url + f"/akun/masuk/?next=/tanda-tangan/{slot.pk}/")
    page.fill("input[name=login]", holder_of(slot).username)
    page.fill("input[name=password]", "sandi-contoh-yang-panjang")
    page.click("main button[type=submit]")
    page.fill("#typed-name", slot.holder.full_name)
    page.check("#consent")
    page.click("button[form=sign-form]")
    page.wait_for_url("**/bukti/*/")
    context.close()
    assert Signature.objects.get().method == "typed"


def test_shortcuts_can_be_switched_off_and_never_fire_while_typing(visit):
    declaration = make_declaration(slots=2)
    first, second = [make_signature(slot) for slot in declaration.signatories.in_protocol_order()]
    office = visit(DESKTOP)
    office.login(make_user("reviewer"))
    office.go(f"/pemeriksaan/{first.pk}/")
    page = office.page

    page.click("[data-shortcuts] summary")
    page.uncheck("[data-shortcuts-switch]")
    page.locator("h1").click()
    page.keyboard.press("s")
    page.wait_for_timeout(300)
    assert page.url.endswith(f"/pemeriksaan/{first.pk}/")
    page.reload()
    assert not page.is_checked("[data-shortcuts-switch]")
    page.click("[data-shortcuts] summary")
    page.check("[data-shortcuts-switch]")

    page.locator("h1").click()
    page.keyboard.press("k")
    page.fill("#id_note", "")
    page.focus("#id_note")
    page.keyboard.type("js")
    assert page.input_value("#id_note") == "js"
    page.locator("h1").click()
    page.keyboard.press("s")
    page.wait_for_url(f"**/pemeriksaan/{second.pk}/")
    assert [review.signature_id for review in Review.objects.all()] == [first.pk]


def test_a_row_of_the_queue_is_accepted_in_place(visit):
    signature = make_signature(make_declaration(slots=1).signatories.get())
    office = visit(DESKTOP)
    office.login(make_user("reviewer"))
    office.go("/pemeriksaan/")
    office.page.click(f"#signature-{signature.pk} button")
    office.page.wait_for_selector(f"#signature-{signature.pk} .st-accepted")
    assert office.page.inner_text("#review-count").split()[0] == "0"
    assert "diterima" in office.page.inner_text("#messages")
