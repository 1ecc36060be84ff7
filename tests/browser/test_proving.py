"""Evidence in the browser: several files go one by one, and the page says what became of each."""

import pytest

from commitments.models import Evidence
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_action, make_membership

pytestmark = [pytest.mark.django_db(transaction=True)]


def file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_files_go_one_by_one_and_the_list_shows_those_that_were_kept(visit, device):
    action = make_action()
    operator = visit(device)
    operator.login(make_membership(agency=action.plan.agency).user)
    operator.go(f"/tindak-lanjut/aksi/{action.pk}/bukti/")
    operator.check()
    page = operator.page
    files = [
        file("Rekap.txt", b"Contoh rekap."),
        file("Halaman.html", b"<html></html>"),
        # More than one request may carry besides the others.
        *[file(f"Besar {number}.txt", b"%d" % number * 12_000_000) for number in range(2)],
    ]
    page.set_input_files("#files", files)
    page.click("[data-upload] button[type=submit]")
    page.locator("[data-upload-status]").get_by_text("Selesai.").wait_for(timeout=60_000)
    results = page.locator("[data-upload-results] li").all_inner_texts()
    assert [text.partition(":")[0] for text in results] == [
        "Rekap.txt",
        "Halaman.html",
        "Besar 0.txt",
        "Besar 1.txt",
    ]
    assert "Halaman web (HTML)" in results[1]
    assert page.locator("#daftar article h3").all_inner_texts() == ["Rekap", "Besar 0", "Besar 1"]
    assert Evidence.objects.count() == 3
    operator.check()
    page.click("text=Ajukan semua draf (3)")
    page.get_by_text("3 bukti diajukan.").wait_for()
    assert set(Evidence.objects.values_list("state", flat=True)) == {"submitted"}
    operator.check()
