"""For whoever enlarges the page, is made ill by movement, or prints it."""

import re
import subprocess

import pytest

from commitments.publishing import verbs as publishing
from tests.browser.conftest import DESKTOP
from tests.browser.looking import CUT
from tests.factories import holder_of, make_declaration, make_position, make_signature, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]
# 1366 px at 200 % are 683 px of CSS; 320 px is WCAG's reflow (1280 px at 400 %).
ZOOMED = [
    {"viewport": {"width": 683, "height": 384}, "device_scale_factor": 2},
    {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 2},
]


@pytest.mark.parametrize("device", ZOOMED, ids=["200 percent", "320 px"])
def test_c66_signing_reviewing_and_verifying_work_enlarged(visit, device):
    declaration = make_declaration(slots=2)
    slot, other = declaration.signatories.in_protocol_order()
    signature = make_signature(other)
    faults = []

    def look(watched, path: str) -> None:
        watched.go(path)
        faults.extend(f"{path}: {fault}" for fault in watched.page.evaluate(CUT))

    signer = visit(device)
    signer.login(holder_of(slot))
    look(signer, "/tugas/")
    look(signer, f"/tanda-tangan/{slot.pk}/")
    signer.page.click("label[for=m-type]")
    signer.page.fill("#typed-name", slot.holder.full_name)
    signer.page.check("#consent")
    signer.page.click("button[form=sign-form]")
    signer.page.wait_for_url("**/bukti/*/")
    faults.extend(signer.page.evaluate(CUT))
    office = visit(device)
    office.login(make_user("reviewer"))
    look(office, "/pemeriksaan/")
    look(office, f"/deklarasi/{declaration.pk}/matriks/")
    look(office, f"/pemeriksaan/{signature.pk}/")
    with office.page.expect_navigation():
        office.page.click("button[form='accept']")
    assert signature.reviews.get().decision == "accepted"
    look(office, "/v/")
    office.page.fill("#kode", declaration.code)
    with office.page.expect_navigation():
        office.page.click("main form button")
    faults.extend(office.page.evaluate(CUT))
    assert faults == []


# The longest transition or animation of anything on the page, in seconds.
LONGEST = """() => Math.max(0, ...[...document.querySelectorAll("*")].flatMap((element) =>
  ["", "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(element, part);
    const times = (text) => text.split(",").map(parseFloat);
    const moves = style.animationName === "none" ? [0] : times(style.animationDuration);
    return [...moves, ...times(style.transitionDuration)];
  })))"""


def test_nothing_moves_for_whoever_asked_for_stillness(visit):
    declaration = make_declaration(slots=2)
    signature = make_signature(declaration.signatories.first())
    office = visit(DESKTOP)
    office.login(make_user("admin"))
    paths = [f"/pemeriksaan/{signature.pk}/", f"/deklarasi/{declaration.pk}/matriks/", "/deklarasi/baru/"]
    found = {}
    for motion in ("no-preference", "reduce"):
        office.page.emulate_media(reduced_motion=motion)
        for path in paths:
            office.go(path)
            found[motion] = max(found.get(motion, 0), office.page.evaluate(LONGEST))
    assert found["no-preference"] > 0.01  # otherwise the next line proves nothing
    assert found["reduce"] <= 0.01


CONTROLS = ".topbar, .footer, .toolbar, .chips, .btn, .seg, .crumb, .col-act, .act, .skip"
F4 = (round(215 / 25.4 * 72), round(330 / 25.4 * 72))  # points


def printed(page, tmp_path) -> tuple[str, list[str]]:
    """What pdfinfo says, and the text of each page."""
    file = tmp_path / "page.pdf"
    file.write_bytes(page.pdf(prefer_css_page_size=True))
    info = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    return info, text.split("\f")[:-1]


def test_matrix_and_detail_print_on_f4_without_controls_and_repeat_the_head(visit, tmp_path):
    declaration = make_declaration(slots=3)
    for _ in range(60):
        publishing.add_slot(declaration, position=make_position(), by=declaration.created_by)
    office = visit(DESKTOP)
    office.login(make_user("admin"))
    for path in (f"/deklarasi/{declaration.pk}/matriks/", f"/deklarasi/{declaration.pk}/"):
        office.page.emulate_media(media="screen")
        office.go(path)
        assert office.page.locator(CONTROLS).locator("visible=true").count() > 0
        office.page.emulate_media(media="print")
        assert office.page.locator(CONTROLS).locator("visible=true").all_inner_texts() == []
        info, pages = printed(office.page, tmp_path)
        (size,) = re.findall(r"Page size:\s+([\d.]+) x ([\d.]+) pts", info)
        assert tuple(round(float(side)) for side in size) == F4
        if path.endswith("/matriks/"):
            assert len(pages) > 1
            rows = [text for text in pages if "Kepala Dinas Contoh" in text]
            assert [("Jabatan" in text and "Keadaan" in text) for text in rows] == [True] * len(rows)
            assert "63 jabatan" in pages[0]
        else:
            assert "0 dari 63 jabatan menandatangani" in pages[0]
