"""The evidence room: private, looked at by somebody of another office, and never what its name says."""

import io
import re
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from commitments import journal
from commitments.models import Evidence, EvidenceFile, PlanEntry
from commitments.moves import MoveError
from commitments.proving import kinds, verbs
from commitments.proving.kinds import FileRefused
from commitments.proving.verbs import Upload
from tests.commitments.test_races import all_at_once
from tests.commitments.test_scans import announced
from tests.factories import (
    make_action,
    make_criterion,
    make_evidence,
    make_framework,
    make_membership,
    make_official,
    make_plan,
    make_position,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db
MARKUP = "<script>alert(1)</script>"


def pdf(**how) -> bytes:
    out = io.BytesIO()
    made = pikepdf.new()
    made.add_blank_page()
    made.save(out, **how)
    return out.getvalue()


def picture(form="PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(out, form)
    return out.getvalue()


def office(*parts, types=b"<Types/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", types)
        for part in parts:
            made.writestr(part, b"<x/>")
    return out.getvalue()


@pytest.fixture
def action():
    return make_action()


@pytest.fixture
def operator(action):
    return make_membership(agency=action.plan.agency).user


def send(client, action, *files, **extra):
    """Each file is (name, bytes)."""
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("commitments:evidence_list", args=[action.pk]), {"file": sent}, **extra)


def address(name, evidence, *more):
    return reverse(f"commitments:{name}", args=[evidence.pk, *more])


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


# --- Kinds


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), "pdf"),
        (picture(), "png"),
        (picture("JPEG"), "jpeg"),
        (office("xl/workbook.xml"), "xlsx"),
        (office("word/document.xml"), "docx"),
        (office("ppt/presentation.xml"), "pptx"),
        (b"nama;jumlah\nPelatihan & rapat;12\n", "text"),
        ("\ufeffé\r\n".encode(), "text"),
        (b"sel <b>tebal</b>; a < b", "text"),
        (b"PKK Kota Bekasi;10;20\n", "text"),
        (b"MZ;1\n", "text"),
    ],
)
def test_c56_the_kind_is_read_from_the_bytes(content, kind):
    assert kinds.kind_of(content).code == kind


REFUSED = {
    "empty": (b"", "kosong"),
    "blank": (b" \n", "tidak berisi"),
    "HTML": (b"<!DOCTYPE html><p>x", "PDF"),
    "HTML behind a text": (b"x\n<HTML><body>", "PDF"),
    "HTML behind a mark": (b"\xef\xbb\xbf <p>", "PDF"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "PDF"),
    "a program": (b"MZ\x90\x00" + bytes(200), "program"),
    "an ELF": (b"\x7fELF" + bytes(200), "program"),
    "a shell script": (b"#!/bin/sh\nrm -rf ~\n", "program"),
    "a locked PDF": (pdf(encryption=pikepdf.Encryption(owner="x", user="x")), "kata sandi"),
    "a PDF locked for its owner": (pdf(encryption=pikepdf.Encryption(owner="x", user="")), "kata sandi"),
    "a PDF cut short": (pdf()[:200], "terpotong"),
    "a PDF of noise": (b"%PDF-1.7\nx\n%%EOF", "rusak"),
    "a PNG cut in half": (picture()[: len(picture()) // 2], "rusak"),
    "a PNG cut short": (picture()[:-16], "rusak"),
    "a JPEG cut in half": (picture("JPEG")[: len(picture("JPEG")) // 2], "rusak"),
    "HTML that calls itself PNG": (b"\x89PNG" + MARKUP.encode(), "rusak"),
    "81 megapixels": (announced(9_000, 9_000), "80 juta titik"),
    "a bomb": (announced(60_000, 60_000), "80 juta titik"),
    "old Office": (kinds.OLD_OFFICE + bytes(600), "berformat lama"),
    "a macro": (office("word/document.xml", "word/vbaProject.bin"), "makro"),
    "an old macro sheet": (office("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "makro"),
    "a macro type": (office("xl/workbook.xml", types=b"application/x.sheet.macroEnabled.main+xml"), "makro"),
    "a macro by its type": (
        office("word/document.xml", types=b"<T ContentType='application/vnd.ms-office.vbaProject'/>"),
        "makro",
    ),
    "a macro type in UTF-16": (
        office("xl/workbook.xml", types="<T macroEnabled/>".encode("utf-16")),
        "makro",
    ),
    "a macro behind a backslash": (office("word/document.xml", "word\\vbaProject.bin"), "makro"),
    "a PNG of very many pieces": (picture()[:33] + (bytes(4) + b"teXt" + bytes(4)) * 20_000, "rusak"),
    "a table of contents without end": (
        office("word/document.xml", *(f"x/{n:060}" for n in range(20_000))),
        "rusak",
    ),
    "an archive": (office("laporan.pdf"), "satu per satu"),
    "a damaged archive": (office("xl/workbook.xml")[:-30], "rusak"),
    "UTF-16": ("nama;jumlah".encode("utf-16"), "UTF-8"),
    "noise": (bytes(range(256)), "UTF-8"),
    "GIF": (b"GIF89a" + bytes(20), "UTF-8"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_c56_what_runs_or_does_not_open_is_refused_with_a_way_out(name):
    content, word = REFUSED[name]
    with pytest.raises(FileRefused, match=word):
        kinds.kind_of(content)


def test_a_file_over_the_limit_is_refused(settings):
    settings.LARGEST_FILE = 2**20
    with pytest.raises(FileRefused, match="lebih dari 1 MB"):
        kinds.kind_of(b"x" * (2**20 + 1))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Laporan.PDF", "Laporan.PDF"),
        ("laporan.exe", "laporan.exe.pdf"),
        ("laporan\u202efdp.exe", "laporan fdp.exe.pdf"),
        ("a\nb\x00c.pdf", "a b c.pdf"),
        ("a  \t b.pdf", "a b.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (".pdf", "berkas.pdf"),
        ("", "berkas.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_c56_a_name_ends_as_its_kind_does(name, kept):
    assert kinds.stored_name(name, kinds.PDF) == kept


# --- Bringing files


def test_each_file_becomes_a_draft_named_after_it(client, operator, action):
    action.criteria.set([make_criterion(), make_criterion()])
    client.force_login(operator)
    response = send(client, action, ("Daftar hadir.pdf", pdf()), ("Foto.jpg", picture("JPEG")))
    assert response.status_code == 302
    found = list(Evidence.objects.values_list("title", "state", "files__kind", "files__version"))
    assert found == [("Daftar hadir", "draft", "pdf", 1), ("Foto", "draft", "jpeg", 1)]
    assert [set(evidence.criteria.all()) for evidence in Evidence.objects.all()] == [
        set(action.criteria.all())
    ] * 2
    assert list(action.plan.entries.values_list("kind", flat=True))[-2:] == ["uploaded", "uploaded"]
    assert journal.faults_of(action.plan) == []


def test_a_refused_file_loses_nothing(client, operator, action):
    client.force_login(operator)
    page = send(client, action, ("baik.txt", b"Isi."), ("jahat.html", b"<html>"), ("kosong.txt", b""))
    assert page.status_code == 422
    assert [evidence.title for evidence in Evidence.objects.all()] == ["baik"]
    told = page.content.decode()
    assert told.index("Tidak tersimpan:") < told.index("jahat.html") < told.index("kosong.txt")
    assert "Tersimpan sebagai draf:" in told
    assert len(files_on_disk()) == 1


def test_a_script_is_told_file_by_file(client, operator, action):
    client.force_login(operator)
    kept = send(client, action, ("a.txt", b"Isi."), headers={"accept": "application/json"})
    again = send(client, action, ("b.txt", b"Isi."), headers={"accept": "application/json"})
    none = send(client, action, headers={"accept": "application/json"})
    assert (kept.status_code, again.status_code, none.status_code) == (200, 422, 422)
    assert kept.json() == {"files": [{"name": "a", "kept": True, "text": "Tersimpan sebagai draf."}]}
    (told,) = again.json()["files"]
    assert (told["name"], told["kept"]) == ("b.txt", False)
    assert "sudah ada: a, versi 1" in told["text"]


def test_the_same_file_is_kept_once_in_an_action(client, operator, action):
    client.force_login(operator)
    page = send(client, action, ("a.txt", b"Isi."), ("b.txt", b"Isi."))
    assert "Berkas yang sama sudah ada: a, versi 1" in page.content.decode()
    make_evidence(make_action(plan=action.plan), content=b"Isi.")  # elsewhere it may be evidence too
    assert EvidenceFile.objects.filter(evidence__action=action).count() == 1
    assert len(files_on_disk()) == 2


def test_nothing_chosen_and_too_many_are_refused(client, operator, action):
    client.force_login(operator)
    assert "Pilih berkas" in send(client, action).content.decode()
    page = send(client, action, *[(f"{number}.txt", b"%d" % number) for number in range(21)])
    assert page.status_code == 422
    assert "Paling banyak 20 berkas" in page.content.decode()
    assert not Evidence.objects.exists()


def test_the_page_warns_of_case_data_only_who_uploads(client, operator, action):
    warning = "Jangan unggah data kasus anak dan korban"
    client.force_login(operator)
    url = reverse("commitments:evidence_list", args=[action.pk])
    assert warning in client.get(url).content.decode()
    client.force_login(make_user("reviewer"))
    page = client.get(url).content.decode()
    assert warning not in page
    assert 'type="file"' not in page


def test_only_who_writes_the_plan_uploads(client, action):
    for person in (make_user(), make_user("admin"), make_user("monitor"), make_membership().user):
        client.force_login(person)
        assert send(client, action, ("a.txt", b"Isi.")).status_code == 404
    assert not Evidence.objects.exists()


def files_on_disk() -> list[Path]:
    from django.conf import settings

    return [path for path in (Path(settings.MEDIA_ROOT) / "evidence").rglob("*") if path.is_file()]


# --- The bytes


@pytest.mark.parametrize(
    ("content", "name", "media_type", "shown"),
    [
        (pdf(), "a.pdf", "application/pdf", "inline"),
        (picture(), "a.png", "image/png", "inline"),
        (b"a;b", "a.csv", "text/plain; charset=utf-8", "attachment"),
        (office("xl/workbook.xml"), "a.xlsx", kinds.XLSX.media_type, "attachment"),
    ],
)
def test_c56_only_pictures_and_pdfs_are_shown(client, content, name, media_type, shown):
    evidence = make_evidence(content=content, name=name, state="submitted")
    client.force_login(make_user("monitor"))
    answer = client.get(address("evidence_file", evidence, 1))
    assert answer.content == content
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Disposition"] == f'{shown}; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert ("sandbox" in answer.headers["Content-Security-Policy"]) == (name != "a.pdf")
    assert "no-store" in answer.headers["Cache-Control"]


def test_c56_another_office_and_a_guessed_address_get_404(client, operator, action):
    evidence = make_evidence(action)
    url = address("evidence_file", evidence, 1)
    client.force_login(operator)
    assert client.get(url).status_code == 200
    for guessed in (2, 0, 99_999, 10**30):
        assert client.get(address("evidence_file", evidence, guessed)).status_code == 404
    official = make_official(user=make_user())
    make_tenure(position=make_position(agency=action.plan.agency), official=official)
    for stranger in (make_user(), make_membership().user, official.user):
        client.force_login(stranger)
        assert client.get(url).status_code == 404
        assert client.get(reverse("commitments:evidence_list", args=[action.pk])).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302
    path = evidence.files.get().file.name
    for guess in (f"/media/{path}", f"/files/{path}", f"/{path}"):
        assert client.get(guess).status_code == 404


def test_a_file_that_was_changed_is_not_handed_out(client):
    evidence = make_evidence(state="submitted")
    Path(evidence.files.get().file.path).write_bytes(b"lain")
    client.force_login(make_user("admin"))
    answer = client.get(address("evidence_file", evidence, 1))
    assert answer.status_code == 503
    assert "Berkas bukti tidak utuh" in answer.content.decode()


def test_c63_the_check_of_files_covers_evidence(capsys):
    whole, changed = make_evidence(), make_evidence()
    (files_on_disk()[0].parent / "sisa").write_bytes(b"x")
    call_command("check_files")
    assert "sisa: tidak disebut" in capsys.readouterr().out
    Path(changed.files.get().file.path).unlink()
    with pytest.raises(SystemExit):
        call_command("check_files")
    out = capsys.readouterr().out
    assert f"berkas bukti {changed.files.get().pk}," in out
    assert f"berkas bukti {whole.files.get().pk}," not in out


# --- Deciding


def test_evidence_is_submitted_and_accepted(client, operator, action):
    evidence = make_evidence(action, by=operator)
    client.force_login(operator)
    client.post(address("evidence_submit", evidence))
    reviewer = make_user("reviewer")
    client.force_login(reviewer)
    assert [found.pk for found in client.get(reverse("commitments:evidence_queue")).context["queue"]] == [
        evidence.pk
    ]
    page = client.post(address("evidence_accept", evidence), {"version": 1}, follow=True)
    assert said(page) == "Bukti diterima."
    evidence.refresh_from_db()
    assert (evidence.state, evidence.decided_by) == ("accepted", reviewer)
    assert list(action.plan.entries.values_list("kind", flat=True))[-3:] == [
        "uploaded",
        "submitted",
        "accepted",
    ]
    assert journal.faults_of(action.plan) == []


def test_all_drafts_go_together_and_nothing_else_does(client, operator, action):
    drafts = [make_evidence(action), make_evidence(action)]
    back, done = make_evidence(action, state="needs_work"), make_evidence(action, state="accepted")
    other = make_evidence()
    client.force_login(operator)
    page = client.post(reverse("commitments:evidence_submit_all", args=[action.pk]), follow=True)
    assert said(page) == "2 bukti diajukan."
    states = dict(Evidence.objects.values_list("pk", "state"))
    assert states == {drafts[0].pk: "submitted", drafts[1].pk: "submitted"} | {
        back.pk: "needs_work",
        done.pk: "accepted",
        other.pk: "draft",
    }


def test_evidence_comes_back_with_a_note_and_goes_in_again(client, operator, action):
    evidence = make_evidence(action, state="submitted", by=operator)
    client.force_login(make_user("reviewer"))
    url = address("evidence_return", evidence)
    for note in ("", "  "):
        page = client.post(url, {"version": 1, "note": note})
        assert page.status_code == 422
        assert "Tulis apa yang perlu diperbaiki." in page.content.decode()
    assert client.post(url, {"version": 1, "note": "x" * 401}).status_code == 422
    client.post(url, {"version": 1, "note": f"Kurang stempel {MARKUP}"})
    client.force_login(operator)
    page = client.get(reverse("commitments:evidence_list", args=[action.pk])).content.decode()
    assert "Kurang stempel &lt;script&gt;" in page
    assert MARKUP not in page
    verbs.replace(evidence, Upload("baru.txt", b"Berstempel."), by=operator)
    client.post(address("evidence_submit", evidence))
    evidence.refresh_from_db()
    assert (evidence.state, evidence.files.count()) == ("submitted", 2)
    assert journal.faults_of(action.plan) == []


def test_c55_no_office_looks_at_its_own(client, operator, action):
    evidence = make_evidence(action, state="submitted", by=operator)
    own_reviewer = make_user("reviewer")
    make_membership(user=own_reviewer, agency=action.plan.agency)
    holder = make_user("admin")
    make_tenure(position=make_position(agency=action.plan.agency), official=make_official(user=holder))
    for person in (operator, own_reviewer, holder, make_user("monitor"), make_user()):
        client.force_login(person)
        for name in ("evidence_accept", "evidence_return"):
            assert client.post(address(name, evidence), {"version": 1, "note": "x"}).status_code == 404
        assert list(client.get(reverse("commitments:evidence_queue")).context["queue"]) == []
        with pytest.raises(MoveError):
            verbs.accept(evidence, version=1, by=person)
    evidence.refresh_from_db()
    assert evidence.state == "submitted"


def test_c55_who_uploaded_it_does_not_look_at_it_after_changing_office(client, action):
    moved = make_user("reviewer")
    mine = make_evidence(action, state="submitted", by=moved)
    other = make_evidence(action, state="submitted")
    client.force_login(moved)
    page = client.post(address("evidence_accept", mine), {"version": 1}, follow=True)
    assert "diperiksa orang dari kantor lain" in said(page)
    assert "jadi orang lain yang memeriksanya" in page.content.decode()
    queue = client.get(reverse("commitments:evidence_queue")).context["queue"]
    assert [found.pk for found in queue] == [other.pk]
    assert Evidence.objects.get(pk=mine.pk).state == "submitted"


def test_c55_a_named_verifier_decides_about_the_office_named(client, action):
    verifier = make_user()
    action.plan.agency.verifiers.create(user=verifier)
    mine, other = make_evidence(action, state="submitted"), make_evidence(state="submitted")
    client.force_login(verifier)
    client.post(address("evidence_accept", mine), {"version": 1})
    assert client.post(address("evidence_accept", other), {"version": 1}).status_code == 404
    states = dict(Evidence.objects.values_list("pk", "state"))
    assert states == {mine.pk: "accepted", other.pk: "submitted"}


def test_the_queue_begins_with_what_waits_longest(client):
    plan = make_plan()
    first, second, third = (make_evidence(make_action(plan=plan)) for _ in range(3))
    for evidence in (second, third, first):
        verbs.submit(evidence, by=make_user())
    make_evidence(make_action(plan=plan)), make_evidence(state="accepted")
    client.force_login(make_user("reviewer"))
    queue = client.get(reverse("commitments:evidence_queue")).context["queue"]
    assert [found.pk for found in queue] == [second.pk, third.pk, first.pk]
    assert all(found.submitted_at for found in queue)


# --- Versions


def test_c57_replacing_accepted_evidence_drops_the_acceptance(client, operator, action):
    evidence = make_evidence(action, state="accepted", name="lama.txt", content=b"Lama.")
    client.force_login(operator)
    sent = {"file": SimpleUploadedFile("baru.txt", b"Baru.")}
    page = client.post(address("evidence_replace", evidence), sent, follow=True)
    assert "Versi baru tersimpan" in said(page)
    evidence.refresh_from_db()
    assert (evidence.state, evidence.decided_by, evidence.note) == ("draft", None, "")
    assert [(file.version, file.name) for file in evidence.files.all()] == [(2, "baru.txt"), (1, "lama.txt")]
    assert client.get(address("evidence_file", evidence, 1)).content == b"Lama."
    assert client.get(address("evidence_file", evidence, 2)).content == b"Baru."
    assert list(action.plan.entries.values_list("kind", flat=True))[-2:] == ["draft", "uploaded"]
    assert journal.faults_of(action.plan) == []


def test_c57_a_refused_version_leaves_the_acceptance(client, operator, action):
    evidence = make_evidence(action, state="accepted", content=b"Lama.")
    client.force_login(operator)
    for content, word in ((b"<html>", "Halaman web"), (b"Lama.", "Berkas yang sama sudah ada")):
        sent = {"file": SimpleUploadedFile("baru.txt", content)}
        page = client.post(address("evidence_replace", evidence), sent)
        assert page.status_code == 422
        assert word in page.content.decode()
    assert client.post(address("evidence_replace", evidence)).status_code == 422
    evidence.refresh_from_db()
    assert (evidence.state, evidence.files.count(), len(files_on_disk())) == ("accepted", 1, 1)


def test_c57_what_is_being_looked_at_is_not_replaced(client, operator, action):
    evidence = make_evidence(action, state="submitted")
    client.force_login(operator)
    sent = {"file": SimpleUploadedFile("baru.txt", b"Baru.")}
    page = client.post(address("evidence_replace", evidence), sent, follow=True)
    assert "sedang diperiksa" in said(page)
    assert "Ganti berkas" not in page.content.decode()
    assert (evidence.files.count(), len(files_on_disk())) == (1, 1)


def test_an_older_version_of_the_same_piece_may_come_back(operator, action):
    evidence = make_evidence(action, content=b"Satu.")
    verbs.replace(evidence, Upload("dua.txt", b"Dua."), by=operator)
    verbs.replace(evidence, Upload("satu.txt", b"Satu."), by=operator)
    assert evidence.files.count() == 3


def test_a_version_nobody_has_looked_at_is_not_accepted(client, operator, action):
    """The page was open while the piece came back, got a new file, and was handed in again."""
    evidence = make_evidence(action, state="needs_work")
    verbs.replace(evidence, Upload("baru.txt", b"Baru."), by=operator)
    verbs.submit(Evidence.objects.get(pk=evidence.pk), by=operator)
    client.force_login(make_user("reviewer"))
    page = client.post(address("evidence_accept", evidence), {"version": 1}, follow=True)
    assert "Lihat versi terbarunya" in said(page)
    assert Evidence.objects.get(pk=evidence.pk).state == "submitted"
    assert journal.faults_of(action.plan) == []


# --- Hazards


def test_c61_markup_in_names_stays_text(client, operator):
    agency = make_membership(user=operator).agency
    action = make_action(plan=make_plan(agency=agency), title=f"Rapat {MARKUP}")
    evidence = make_evidence(action, name="<img src=x onerror=alert(1)> \"'.txt", content=b"x")
    verbs.submit(evidence, by=make_user())
    client.force_login(make_user("admin"))
    for url in (
        reverse("commitments:evidence_list", args=[action.pk]),
        reverse("commitments:evidence_queue"),
    ):
        page = client.get(url).content.decode()
        assert "Rapat &lt;script&gt;" in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
        assert MARKUP not in page
        assert "<img" not in page
    header = client.get(address("evidence_file", evidence, 1)).headers["Content-Disposition"]
    assert header.startswith("attachment; filename=")
    assert "\n" not in header


@pytest.mark.parametrize("value", ["", "x", "0", "-1", "9" * 400, "1e309", "\x00", "٣", "[]"])
def test_c71_odd_input_is_refused(client, operator, action, value):
    evidence = make_evidence(action, state="submitted")
    client.force_login(make_user("reviewer"))
    for name in ("evidence_accept", "evidence_return"):
        answer = client.post(address(name, evidence), {"version": value, "note": "x"})
        assert answer.status_code in {302, 400, 422}
    client.force_login(operator)
    odd = client.post(reverse("commitments:evidence_list", args=[action.pk]), {"file": value or "x"})
    assert odd.status_code in {400, 422}
    assert Evidence.objects.get(pk=evidence.pk).state == "submitted"


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".txt", "a\x00b\r\nc.txt", "\u202etxt.exe", "🙂.txt", "..", "con"]
)
def test_c71_an_odd_name_is_cleaned(client, operator, action, name):
    client.force_login(operator)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.replace("\r\n", "").encode()
        + b'"\r\nContent-Type: text/plain\r\n\r\nIsi.\r\n--b--\r\n'
    )
    answer = client.post(
        reverse("commitments:evidence_list", args=[action.pk]),
        body,
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code in {302, 400, 422}
    for file in EvidenceFile.objects.all():
        assert file.name.isprintable()
        assert file.name.endswith(".txt")
        assert len(file.name) <= 200
        assert client.get(address("evidence_file", file.evidence, 1)).status_code == 200


@pytest.mark.parametrize("pieces", [1, 10])
def test_the_room_costs_the_same_for_any_number_of_pieces(
    client, operator, action, pieces, django_assert_num_queries
):
    for _ in range(pieces):
        make_evidence(action, state="accepted", by=make_user())
    client.force_login(operator)
    # session, user, roles; action, whether this user writes, evidence, files, criteria; of the frame: posts, offices
    with django_assert_num_queries(9):
        assert client.get(reverse("commitments:evidence_list", args=[action.pk])).status_code == 200


@pytest.mark.parametrize("pieces", [1, 10])
def test_the_queue_costs_the_same_for_any_number_of_pieces(client, pieces, django_assert_num_queries):
    for _ in range(pieces):
        make_evidence(state="submitted")
    client.force_login(make_user("reviewer"))
    # session, user, roles, the queue; of the frame: posts, how many signatures wait
    with django_assert_num_queries(6):
        assert client.get(reverse("commitments:evidence_queue")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_verifiers_at_once_make_one_decision():
    evidence = make_evidence(state="submitted")
    one, two = make_user("reviewer"), make_user("reviewer")
    results = all_at_once(
        lambda: verbs.accept(Evidence.objects.get(pk=evidence.pk), version=1, by=one),
        lambda: verbs.give_back(Evidence.objects.get(pk=evidence.pk), version=1, note="Kurang.", by=two),
    )
    kinds_of = list(evidence.plan.entries.values_list("kind", flat=True))
    # What was accepted may be given back; what was given back is not accepted.
    refused = [result for result in results if isinstance(result, MoveError)]
    assert Evidence.objects.get(pk=evidence.pk).state == (
        "accepted" if refused and results[1] else "needs_work"
    )
    assert kinds_of.count("accepted") + kinds_of.count("needs_work") == 2 - len(refused)
    assert all(str(error) for error in refused)
    assert journal.faults_of(evidence.plan) == []


def test_the_second_of_two_decisions_gets_a_sentence(client, action):
    evidence = make_evidence(action, state="submitted")
    mine, theirs = Evidence.objects.get(pk=evidence.pk), Evidence.objects.get(pk=evidence.pk)
    verbs.accept(mine, version=1, by=make_user("reviewer"))
    with pytest.raises(MoveError, match="Sudah diubah pengguna lain"):
        verbs.give_back(theirs, version=1, note="Kurang.", by=make_user("reviewer"))
    client.force_login(make_user("reviewer"))
    page = client.post(address("evidence_accept", evidence), {"version": 1}, follow=True)
    assert "tidak dapat dilakukan pada keadaan sekarang" in said(page)
    assert journal.faults_of(action.plan) == []


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_twice_at_once_is_kept_once():
    action, by = make_action(), make_user()
    results = all_at_once(*[lambda: verbs.add(action, Upload("a.txt", b"Isi."), by=by)] * 4)
    assert sorted(type(result).__name__ for result in results) == ["Evidence"] + ["FileRefused"] * 3
    assert (EvidenceFile.objects.count(), len(files_on_disk())) == (1, 1)
    assert journal.faults_of(action.plan) == []


# --- What it is called and counted for


def test_an_office_names_its_evidence_and_says_what_it_counts_for(client, action, operator):
    evidence = make_evidence(action, by=operator, name="scan0001.txt")
    first, second = (make_criterion(framework=make_framework(year=action.plan.year)) for _number in range(2))
    client.force_login(operator)
    page = client.get(reverse("commitments:evidence_list", args=[action.pk])).text
    assert address("evidence_edit", evidence) in page
    answer = client.post(
        address("evidence_edit", evidence), {"title": "Daftar hadir", "criteria": [first.pk, second.pk]}
    )
    assert answer.status_code == 302
    evidence.refresh_from_db()
    assert (evidence.title, set(evidence.criteria.all())) == ("Daftar hadir", {first, second})
    verbs.submit(evidence, by=operator)
    entry = PlanEntry.objects.order_by("-sequence")[0]
    assert entry.payload["criteria"] == sorted([first.code, second.code])
    assert journal.faults_of(action.plan) == []


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_what_was_handed_in_keeps_its_name_and_criteria(client, action, operator, state):
    evidence = make_evidence(action, by=operator, state=state, name="Notulen.txt")
    client.force_login(operator)
    assert (
        address("evidence_edit", evidence)
        not in client.get(reverse("commitments:evidence_list", args=[action.pk])).text
    )
    answer = client.post(address("evidence_edit", evidence), {"title": "Lain"}, follow=True)
    assert "Bukti ini sudah diajukan." in said(answer)
    with pytest.raises(MoveError):
        verbs.describe(evidence, title="Lain", criteria=[])
    evidence.refresh_from_db()
    assert evidence.title == "Notulen"
    assert journal.faults_of(action.plan) == []


def test_a_name_left_out_is_asked_for_and_what_was_ticked_stays(client, action, operator):
    evidence = make_evidence(action, by=operator)
    asked = make_criterion(framework=make_framework(year=action.plan.year))
    client.force_login(operator)
    answer = client.post(address("evidence_edit", evidence), {"title": " ", "criteria": [asked.pk]})
    assert (answer.status_code, "Belum tersimpan." in answer.text) == (422, True)
    assert re.search(rf'value="{asked.pk}"[^>]*checked', answer.text)
    evidence.refresh_from_db()
    assert evidence.title


def test_a_picture_is_shown_in_the_page_and_other_files_are_not(client, action, operator):
    shown = make_evidence(action, by=operator, name="foto.png", content=picture())
    make_evidence(action, by=operator, name="catatan.txt")
    client.force_login(operator)
    page = client.get(reverse("commitments:evidence_list", args=[action.pk])).text
    assert re.findall(r'<img class="preview" src="([^"]+)"', page) == [address("evidence_file", shown, 1)]
