"""The follow-through, end to end: an office plans, uploads and reports; DPPPA returns; the office mends; verified."""

import pytest

from commitments import dates, journal
from commitments.models import Evidence, Plan, Report
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_criterion, make_declaration, make_framework, make_membership, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_office_plans_uploads_reports_mends_and_is_verified(visit, device):
    year = dates.today().year
    declaration = make_declaration(slots=1, year=year)
    asked = make_criterion(framework=make_framework(year=year), name="Kelembagaan")
    membership = make_membership(agency=declaration.signatories.get().position.agency)
    office = visit(device)
    office.login(membership.user)
    page = office.page

    office.go("/tindak-lanjut/")
    office.check()
    page.click("text=Mulai rencana aksi")
    office.check()
    page.click("button:text('Mulai')")
    page.click("text=Tambah rencana aksi")
    office.check()
    page.select_option("#id_point", index=1)
    page.fill("#id_title", "Pelatihan focal point")
    page.get_by_label("Kelembagaan").check()
    page.fill("#id_indicator", "Orang yang dilatih")
    page.fill("#id_unit", "orang")
    page.fill("#id_target_4", "60")
    page.fill("#id_person_in_charge", "Sekretariat")
    page.fill("#id_due_on", f"{year}-12-15")
    page.click("text=Simpan rencana aksi")
    page.get_by_text("Rencana aksi tersimpan.").wait_for()
    office.check()

    page.click("text=Unggah bukti")
    page.set_input_files(
        "#files", [{"name": "SK.txt", "mimeType": "text/plain", "buffer": b"Surat keputusan contoh."}]
    )
    page.click("[data-upload] button[type=submit]")
    page.locator("[data-upload-status]").get_by_text("Selesai.").wait_for(timeout=60_000)
    page.click("text=Ajukan semua draf (1)")
    page.get_by_text("1 bukti diajukan.").wait_for()
    page.click("text=Kembali ke tindak lanjut kantor")

    page.locator("a.act", has_text="TW 1").click()
    page.fill("#id_reached", "30")
    page.fill("#id_men", "12")
    page.fill("#id_narrative", "Satu angkatan dilatih.")
    page.select_option("#id_claimed", "limited")
    page.click("text=Simpan dan ajukan")  # the women are missing: told, and nothing is lost
    page.get_by_text("Isi keduanya; tulis 0 bila memang tidak ada.").wait_for()
    assert page.input_value("#id_narrative") == "Satu angkatan dilatih."
    office.check()
    page.fill("#id_women", "18")
    page.click("text=Simpan dan ajukan")
    page.get_by_text("Laporan diajukan dan menunggu diperiksa.").wait_for()
    report = Report.objects.get()
    assert (report.state, report.people) == ("submitted", 30)

    dpppa = visit(DESKTOP)
    dpppa.login(make_user("reviewer"))
    dpppa.go("/tindak-lanjut/")
    dpppa.page.click("text=1 laporan menunggu diperiksa")
    dpppa.check()
    dpppa.page.locator("a.act", has_text="Periksa").click()
    dpppa.check()
    dpppa.page.fill("#id_note", "Lampirkan daftar hadir yang terpilah.")
    dpppa.page.click("text=Kembalikan untuk diperbaiki")
    dpppa.page.get_by_text("Laporan dikembalikan ke kantornya.").wait_for()

    page.locator("a.act", has_text="TW 1").click()
    page.get_by_text("Lampirkan daftar hadir yang terpilah.").wait_for()
    office.check()
    page.fill("#id_women", "19")
    page.click("text=Simpan dan ajukan")
    page.get_by_text("Laporan diajukan dan menunggu diperiksa.").wait_for()

    dpppa.go(f"/tindak-lanjut/aksi/{report.action_id}/triwulan/1/")
    dpppa.page.select_option("#id_found", "substantial")
    dpppa.page.click("text=Verifikasi laporan")
    dpppa.page.get_by_text("Laporan diverifikasi.").wait_for()
    dpppa.go(f"/tindak-lanjut/aksi/{report.action_id}/bukti/")
    dpppa.page.click("button:has-text('Terima')")
    dpppa.go("/tindak-lanjut/kota/")
    dpppa.check()
    assert "1 dari" in dpppa.page.inner_text("h1") or "Semua" in dpppa.page.inner_text("h1")

    report.refresh_from_db()
    assert (report.claimed, report.found, report.women) == ("limited", "substantial", 19)
    evidence = Evidence.objects.get()
    assert (evidence.state, list(evidence.criteria.all())) == ("accepted", [asked])
    assert journal.faults_of(Plan.objects.get()) == []
    page.reload()
    office.check()
