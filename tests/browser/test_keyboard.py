"""Without a mouse: sign by typing, review, verify. Only Tab, Enter, Space and arrow keys are pressed."""

import pytest

from commitments.models import Review, Signature
from tests.browser.conftest import DESKTOP, app_of
from tests.factories import PASSWORD, current_code, holder_of, make_declaration, make_signature, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]
ENOUGH = 60  # presses of Tab, more than any of these pages has stops before what is looked for

# What a person sees of the focus, and what a screen reader says of it.
FOCUSED = """() => {
  const element = document.activeElement;
  const shown = element.matches(".method input") ? element.closest("label") : element;
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const name = element.labels?.[0]?.innerText || element.getAttribute("aria-label") || element.innerText || "";
  return {
    name: name.replace(/\\s+/g, " ").trim(),
    id: element.id,
    tag: element.localName,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def settled(page) -> dict:
    """Where the focus is, once the page has scrolled there."""
    for _ in range(40):
        focused = page.evaluate(FOCUSED)
        if focused["inside"]:
            break
        page.wait_for_timeout(50)
    return focused


def tab_to(page, name: str) -> dict:
    """Tab until the focus is on what is called so; at every stop on the way the focus can be seen and has a name."""
    for _ in range(ENOUGH):
        page.keyboard.press("Tab")
        focused = settled(page)
        if focused["tag"] == "body":
            continue
        assert focused["outlined"], f"no visible focus: {focused}"
        assert focused["inside"], f"the focus is out of sight: {focused}"
        assert focused["name"], f"a stop without a name: {focused}"
        if name in focused["name"]:
            return focused
    raise AssertionError(f"Tab never reached {name!r}")


def press(page, name: str, *, key: str = "Enter") -> None:
    """Tab there, press, and wait for the page that answers."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press(key)


def log_in(watched, user, path: str) -> None:
    watched.go(f"/akun/masuk/?next={path}")
    tab_to(watched.page, "Nama pengguna")
    watched.page.keyboard.type(user.username)
    tab_to(watched.page, "Kata sandi")
    watched.page.keyboard.type(PASSWORD)
    factor = app_of(user)
    with watched.page.expect_navigation():
        watched.page.keyboard.press("Enter")
    if factor:
        tab_to(watched.page, "Kode 6 angka")
        watched.page.keyboard.type(current_code(factor))
        with watched.page.expect_navigation():
            watched.page.keyboard.press("Enter")
    watched.page.wait_for_url(f"**{path}")


def test_the_skip_link_comes_first_and_leads_past_the_menu(visit):
    visitor = visit(DESKTOP)
    visitor.go("/v/")
    visitor.page.keyboard.press("Tab")
    first = visitor.page.evaluate(FOCUSED)
    assert (first["name"], first["outlined"]) == ("Langsung ke isi", True)
    assert visitor.page.locator(".skip").bounding_box()["y"] >= 0
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_c66_a_signer_signs_by_keyboard_and_typed_counts_as_drawn(visit):
    declaration = make_declaration(slots=2)
    slot, drawn = declaration.signatories.in_protocol_order()
    make_signature(drawn)
    signer = visit(DESKTOP)
    log_in(signer, holder_of(slot), "/tugas/")
    page = signer.page
    press(page, "Baca dan tanda tangani")
    page.wait_for_selector("[data-sign]")
    page.wait_for_selector("#m-draw:checked")  # the pad is ready
    assert tab_to(page, "Gores di layar")["id"] == "m-draw"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED)["id"] == "m-type"
    assert tab_to(page, "Ketik nama lengkap Anda")["id"] == "typed-name"
    page.keyboard.type(slot.holder.full_name)
    assert tab_to(page, "Saya telah membaca")["id"] == "consent"
    page.keyboard.press("Space")
    assert page.is_checked("#consent")
    tab_to(page, "Saya belum dapat menandatangani")
    press(page, "Tanda tangani")
    page.wait_for_url("**/bukti/*/")
    assert "Tanda tangan Anda tersimpan" in page.inner_text("h1")
    signed = {signature.method: signature.signatory.state for signature in Signature.objects.all()}
    assert signed == {"typed": "signed", "drawn": "signed"}
    signer.go(f"/deklarasi/{declaration.pk}/")
    assert "2 dari 2 jabatan menandatangani" in page.inner_text("main")


def test_c66_a_reviewer_accepts_and_returns_by_keyboard(visit):
    declaration = make_declaration(slots=2)
    first, second = [make_signature(slot) for slot in declaration.signatories.in_protocol_order()]
    office = visit(DESKTOP)
    log_in(office, make_user("reviewer"), f"/pemeriksaan/{first.pk}/")
    page = office.page
    press(page, "Setujui", key="Space")
    page.wait_for_url(f"**/pemeriksaan/{second.pk}/")
    tab_to(page, "Kembalikan dengan alasan")
    page.keyboard.press("Enter")
    tab_to(page, "Catatan")
    page.keyboard.type("Goresan terpotong.")
    press(page, "Kembalikan")
    assert list(Review.objects.order_by("pk").values_list("decision", "reason")) == [
        ("accepted", ""),
        ("returned", "Goresan terpotong."),
    ]
    assert "Dikembalikan kepada" in page.inner_text("[role=status]")


def test_c66_anybody_verifies_a_code_by_keyboard(visit):
    declaration = make_declaration(state="closed")
    visitor = visit(DESKTOP)
    visitor.go("/")
    tab_to(visitor.page, "Kode pada lembar")
    visitor.page.keyboard.type(declaration.printed_code.lower())
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert "Tercatat dan berlaku" in visitor.page.inner_text("h1")


# What assistive technology is told: role and name, in the order of the page.
SPOKEN = {
    "sign": [
        'radio "Gores di layar"',
        'radio "Ketik nama" [checked]',
        'textbox "Ketik nama lengkap Anda"',
        'checkbox "Saya telah membaca',
        'button "Tanda tangani"',
    ],
    "review": ['button "Setujui"', 'link "Kembalikan"'],
    "verify": ['textbox "Kode pada lembar"', 'button "Periksa kode"'],
}


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_c66_a_screen_reader_is_told_what_each_control_is(visit, name):
    declaration = make_declaration(slots=2)
    slot, other = declaration.signatories.in_protocol_order()
    signature = make_signature(other)
    people = {"sign": holder_of(slot), "review": make_user("reviewer")}
    paths = {"sign": f"/tanda-tangan/{slot.pk}/", "review": f"/pemeriksaan/{signature.pk}/", "verify": "/v/"}
    watched = visit(DESKTOP)
    if name in people:
        watched.login(people[name])
    watched.go(paths[name])
    if name == "sign":
        watched.page.wait_for_selector("#m-draw:checked")
        watched.page.check("#m-type")
    spoken = watched.page.locator("main").aria_snapshot()
    places = [spoken.find(words) for words in SPOKEN[name]]
    assert -1 not in places, spoken
    if name != "review":
        assert places == sorted(places)
