"""A PDF held against the record: every way it may differ, and that nothing of it stays."""

import io
import os
import re
import subprocess
import time
from html import unescape
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from agencies.limits import Busy
from commitments import dates
from commitments.documents import inspection
from commitments.documents.declaration import declaration_pdf
from commitments.documents.receipt import receipt_pdf
from commitments.documents.stored import content_of
from commitments.documents.wet_ink import wet_ink_pdf
from commitments.printing import verbs as printing
from commitments.publishing import verbs as publishing
from commitments.states import SealLevel
from commitments.verifying import limits, verbs
from commitments.verifying.verbs import Verdict
from tests.client import Client
from tests.factories import make_declaration, make_document, make_signature

pytestmark = pytest.mark.django_db
URL = "/v/berkas/"


# --- Papers of our own


def paper(title: str = "Naskah", pages: int = 3, evidence: bytes = b"") -> bytes:
    """A PDF of so many pages, each with text of its own."""
    pdf = pikepdf.new()
    for number in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td (halaman %d) Tj ET" % number)
    pdf.docinfo["/Title"] = title
    if evidence:
        pdf.attachments["bukti.json"] = evidence
    return saved(pdf)


def saved(pdf: pikepdf.Pdf, **how) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def new_key(name: str) -> signers.SimpleSigner:
    """A P-256 key and a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    built = x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
    built = built.serial_number(x509.random_serial_number())
    built = built.not_valid_before(dates.now()).not_valid_after(dates.now().replace(year=2040))
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = built.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    stored = serialization.pkcs12.serialize_key_and_certificates(
        b"x", key, certificate, None, serialization.BestAvailableEncryption(b"x")
    )
    return signers.SimpleSigner.load_pkcs12_data(stored, [], b"x")


def sealed(content: bytes, signer: signers.SimpleSigner, field: str = "Segel") -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    how = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    return signers.sign_pdf(writer, how, signer=signer).getvalue()


@pytest.fixture(scope="module")
def key():
    return new_key("Segel Contoh")


@pytest.fixture
def declaration():
    return make_declaration(slots=1, state="closed")


@pytest.fixture
def issued(declaration, key):
    """What was issued and sealed: the stored bytes."""
    content = sealed(paper(declaration.title, evidence=b'{"code": "%s"}' % declaration.code.encode()), key)
    make_document(declaration, content, pages=3)
    return content


def check(content: bytes) -> verbs.Finding:
    return verbs.check([content])


def send(client, content: bytes, name: str = "naskah.pdf"):
    return client.post(URL, {"file": SimpleUploadedFile(name, content, "application/pdf")})


def heading(answer) -> str:
    return unescape(re.findall(r"<h1[^>]*>(.*?)</h1>", answer.text)[0])


# --- Verdicts


def test_c50_an_exact_copy_is_told_with_its_state_and_is_never_parsed(
    client, declaration, issued, monkeypatch
):
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: pytest.fail("parsed"))
    answer = send(client, issued)
    assert (answer.status_code, heading(answer)) == (200, "Salinan persis")
    assert declaration.printed_code in answer.text
    new = publishing.revise(declaration, by=declaration.created_by)
    publishing.publish(new, by=declaration.created_by)
    assert heading(send(client, issued)) == "Salinan persis, tetapi sudah digantikan"


def test_c48_an_exact_copy_of_a_withdrawn_one_is_told_so(client, declaration, issued):
    publishing.withdraw(declaration, reason="Keliru.", by=declaration.created_by)
    answer = send(client, issued)
    assert heading(answer) == "Salinan persis, tetapi naskahnya dicabut"
    assert "dicabut pada" in answer.text


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_c23_a_changed_byte_is_told_with_its_place(issued, place):
    at = {"start": 2, "middle": len(issued) // 2, "end": len(issued) - 2}[place]
    changed = issued[:at] + bytes([issued[at] ^ 1]) + issued[at + 1 :]
    finding = check(changed)
    assert finding.verdict == Verdict.DAMAGED
    assert f"1 bagian berkas berbeda dari berkas asli, pada bagian ke-{at + 1}." in finding.changes


def test_c23_a_changed_byte_within_the_seal_breaks_it(issued):
    at = issued.index(b"(halaman") if b"(halaman" in issued else issued.index(b"stream") + 20
    finding = check(issued[:at] + bytes([issued[at] ^ 1]) + issued[at + 1 :])
    assert finding.verdict == Verdict.DAMAGED
    assert "Segel kami pada berkas ini tidak utuh lagi." in finding.changes


def update(content: bytes, change) -> bytes:
    """An appended update: the bytes stay, and what `change` did to the writer follows them."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(content)
    return out.getvalue()


def annotate(writer):
    from pyhanko.pdf_utils import generic

    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (10, 10, 90, 90))),
            generic.pdf_name("/Contents"): generic.pdf_string("Rp0"),
        }
    )
    writer.register_annotation(writer.find_page_for_modification(1)[0], writer.add_object(note))


def retitle(writer):
    from pyhanko.pdf_utils import generic

    writer.set_info(
        writer.add_object(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("X")}))
    )


def redraw(writer):
    from pyhanko.pdf_utils import generic

    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT (lain) Tj ET"))
    writer.update_container(page)


def test_c23_an_added_annotation_is_told_with_its_page(issued):
    finding = check(update(issued, annotate))
    assert finding.verdict == Verdict.CHANGED
    assert finding.changes[0] == "Anotasi (catatan, cap, atau coretan) ditambahkan: halaman 2."
    assert finding.changes[-1].startswith("Segel kami utuh, tetapi sesudahnya berkas ditambahi: ")


def test_c23_an_appended_update_that_redraws_a_page_is_told(issued):
    finding = check(update(issued, redraw))
    assert finding.verdict == Verdict.CHANGED
    assert finding.changes == [
        "Isinya berbeda dari naskah asli: halaman 1.",
        "Segel kami utuh, tetapi sesudahnya berkas ditambahi: perubahan yang tidak diizinkan segel.",
    ]


@pytest.mark.parametrize("tail", [b"\n", b"\n%%EOF\n", b"apa saja"])
def test_c23_bytes_after_the_end_are_told_and_counted(issued, tail):
    finding = check(issued + tail)
    assert finding.verdict == Verdict.CHANGED
    assert finding.changes


def test_c23_an_update_that_changes_no_page_is_told(declaration):
    plain = paper(declaration.title)
    make_document(declaration, plain, pages=3)
    longer = update(plain, retitle)
    finding = check(longer)
    assert finding.verdict == Verdict.CHANGED
    assert finding.changes == [
        f"{len(longer) - len(plain)} bagian berkas ditambahkan setelah akhir berkas asli."
    ]


def test_c23_a_second_signature_after_ours_is_told(issued):
    finding = check(sealed(issued, new_key("Orang lain"), "Lain"))
    assert finding.verdict == Verdict.CHANGED
    assert finding.changes == [
        "Bidang formulir atau tanda tangan digital ditambahkan.",
        "Segel kami utuh, tetapi sesudahnya berkas ditambahi: isian formulir atau tanda tangan digital.",
    ]


def edited(content: bytes, change) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        return saved(pdf)


def drop_second(pdf):
    del pdf.pages[1]


def add_blank(pdf):
    pdf.add_blank_page()


def swap(pdf):
    pdf.pages[2].Contents.write(b"BT (diganti) Tj ET")


def turn(pdf):
    pdf.pages[0].Rotate = 180


def reattach(pdf):
    pdf.attachments["tambahan.txt"] = b"x"


def act(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def drop_all(pdf):
    while pdf.pages:
        del pdf.pages[0]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (drop_all, "Hilang dari naskah asli: halaman 1, 2, 3."),
        (drop_second, "Hilang dari naskah asli: halaman 2."),
        (add_blank, "Ditambahkan: halaman 4."),
        (swap, "Isinya berbeda dari naskah asli: halaman 3."),
        (turn, "Isinya berbeda dari naskah asli: halaman 1."),
        (reattach, "Lampiran di dalam berkas ditambahkan, dihapus, atau diganti."),
        (act, "Tindakan otomatis ditambahkan ke dalam berkas."),
    ],
)
def test_c23_what_an_editor_changed_is_told(issued, change, sentence):
    finding = check(edited(issued, change))
    assert finding.verdict == Verdict.CHANGED
    assert finding.changes == [sentence, "Segel kami pada berkas ini tidak utuh lagi."]


def test_c50_a_paper_saved_again_by_another_program_is_no_copy(client, declaration, issued):
    again = edited(issued, lambda pdf: None)
    assert check(again).verdict == Verdict.RESAVED
    assert heading(send(client, again)) == "Disimpan ulang oleh program lain"
    # Without bukti.json the title and an equal page lead to it.
    bare = edited(issued, lambda pdf: pdf.attachments.clear())
    assert check(bare).document.declaration == declaration
    assert check(bare).changes[0] == "Lampiran di dalam berkas ditambahkan, dihapus, atau diganti."


def test_c50_saved_again_at_the_same_length_is_not_taken_for_a_slip(declaration):
    content = paper(declaration.title)
    make_document(declaration, content, pages=3)
    number = content.index(b"/ID [<") + 6
    renumbered = content[:number] + b"0123456789abcdef" * 2 + content[number + 32 :]
    assert len(renumbered) == len(content)
    assert check(renumbered).verdict == Verdict.RESAVED


def test_c23_a_download_that_broke_off_is_told(issued):
    finding = check(issued[:-700])
    assert finding.verdict == Verdict.DAMAGED
    assert finding.changes == [
        f"Berkas terpotong: baru {len(issued) - 700} dari {len(issued)} bagian berkas."
    ]


def test_c50_a_strangers_seal_is_not_ours(client, declaration, issued):
    forged = sealed(
        paper(declaration.title, evidence=b'{"code": "%s"}' % declaration.code.encode()),
        new_key("Segel Contoh"),
    )
    assert check(forged).verdict == Verdict.STRANGE_SEAL
    assert heading(send(client, forged)) == "Bukan segel kami"


def test_c50_another_pdf_is_not_ours_whatever_its_title_says(client, declaration, issued):
    for other in (
        paper("Lain"),
        saved(with_page(declaration.title)),
        paper("Lain", evidence=b'{"code": "0000-0000-0"}'),
    ):
        assert check(other) == verbs.Finding(Verdict.NOT_OURS)
    assert heading(send(client, paper("Lain"))) == "Bukan berkas kami"


def with_page(title):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(100, 100))
    pdf.docinfo["/Title"] = title
    return pdf


def test_a_preview_is_told_apart_from_a_forgery(client, declaration):
    assert heading(send(client, paper(f"{declaration.title} (DRAF)"))) == "Pratinjau, bukan naskah final"
    assert check(paper("Lain (DRAF)")).verdict == Verdict.NOT_OURS


def test_our_receipts_and_wet_ink_sheets_do_not_frighten_by_being_not_ours(client, declaration):
    signature = make_signature(make_declaration(slots=1).signatories.get())
    receipt = send(client, receipt_pdf(signature).content)
    assert heading(receipt) == "Ini bukti terima, bukan naskah"
    assert "petunjuk, bukan bukti" in receipt.text
    sheet = wet_ink_pdf(declaration, page_size="a4").content
    assert heading(send(client, sheet)) == "Ini lembar tanda tangan basah, bukan naskah"
    assert heading(send(client, declaration_pdf(declaration, final=False, page_size="a4").content)) == (
        "Pratinjau, bukan naskah final"
    )
    for title in ("Bukti terima 0000-0000-1", "Bukti terima", "Lembar tanda tangan basah: Lain"):
        assert check(paper(title)).verdict == Verdict.NOT_OURS


def test_c50_no_bytes_no_file_and_no_pdf_are_told(client):
    empty = send(client, b"")
    assert (empty.status_code, "Berkas ini kosong." in empty.text) == (422, True)
    for body in ({}, {"file": "teks"}):
        missing = client.post(URL, body)
        assert (missing.status_code, "Pilih berkas PDF" in missing.text) == (422, True)
    assert heading(send(client, b"PK\x03\x04 bukan pdf")) == "Bukan PDF yang dapat dibaca"
    assert heading(send(client, b"%PDF-1.7\nrusak")) == "Bukan PDF yang dapat dibaca"


@pytest.mark.parametrize("password", ["rahasia", ""])
def test_c50_an_encrypted_pdf_is_told(client, password):
    pdf = with_page("Lain")
    locked = saved(pdf, encryption=pikepdf.Encryption(owner="pemilik", user=password))
    assert heading(send(client, locked)) == "Berkas terkunci kata sandi"


def test_c50_200_megabytes_are_refused_before_they_are_read(settings):
    class Never:
        def read(self, *args):
            pytest.fail("the body was read")

        readline = read

    client = Client()
    answer = client.generic(
        "POST",
        URL,
        b"",
        "multipart/form-data; boundary=x",
        CONTENT_LENGTH="200000000",
        **{"wsgi.input": Never()},
    )
    assert (answer.status_code, heading(answer)) == (413, "Berkas terlalu besar")
    assert "20 MB" in answer.text
    just = client.generic("POST", "/", b"", CONTENT_LENGTH=str(settings.LARGEST_BODY + 1))
    assert just.status_code == 413
    assert client.generic("POST", "/", b"", CONTENT_LENGTH="9" * 4000).status_code == 413


def test_c50_the_largest_file_allowed_is_answered(client, settings):
    content = b"%PDF-1.7\n" + os.urandom(settings.LARGEST_FILE - 9)
    answer = send(client, content)
    assert answer.status_code == 200
    assert heading(answer) in {"Bukan PDF yang dapat dibaca", "Terlalu berat untuk diperiksa"}


def test_c50_nothing_of_the_upload_is_kept(client, settings, tmp_path, issued, caplog, capfd):
    """No file for the time of the request, none beside the data but the counters, no line in a log."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "tidak-ada")  # who wrote there would fail
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    marked = update(issued, annotate) + b"%PENANDA-RAHASIA" * 200_000  # 3 MB
    assert send(client, marked, "nama-rahasia.pdf").status_code == 200
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert {path.parent.name for path in written} <= {"limits"}
    assert sum(path.stat().st_size for path in written) == 0
    said = caplog.text + "".join(capfd.readouterr())
    assert "PENANDA" not in said
    assert "nama-rahasia" not in said


# --- Hostile files


def bomb() -> bytes:
    """A page of a few kilobytes that unpacks to more than the memory allowed."""
    import zlib

    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b" " * 2**24) for _ in range(80)) + packer.flush()
    pdf = with_page("Bom")
    stream = pdf.make_stream(packed)
    stream.Filter = pikepdf.Name.FlateDecode
    pdf.pages[0].Contents = stream
    return saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def test_a_file_that_unpacks_to_more_than_the_memory_is_answered(client):
    """qpdf gives the stream up, or the process dies: either way there is an answer, and no gigabyte is taken."""
    content = bomb()
    assert len(content) < 10_000_000
    assert heading(send(client, content)) in {"Bukan berkas kami", "Terlalu berat untuk diperiksa"}


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(inspection, "SECONDS", 0.01)
    started = time.monotonic()
    assert inspection.examine(paper()).trouble == inspection.Trouble.TOO_HEAVY
    assert time.monotonic() - started < 5


def test_objects_within_objects_without_end_are_unreadable_and_circles_are_not():
    deep = pikepdf.new()
    page = deep.add_blank_page()
    inner = pikepdf.Array()
    for _ in range(300):
        inner = pikepdf.Array([inner])
    page.obj["/Resources"] = pikepdf.Dictionary(Deep=inner)
    assert inspection.examine(saved(deep)).trouble == inspection.Trouble.UNREADABLE

    circle = pikepdf.new()
    page = circle.add_blank_page()
    one = circle.make_indirect(pikepdf.Dictionary())
    one["/Next"] = circle.make_indirect(pikepdf.Dictionary(Back=one))
    page.obj["/Resources"] = pikepdf.Dictionary(Circle=one)
    assert inspection.examine(saved(circle)).trouble == ""


def test_more_files_at_once_than_the_server_looks_at_are_asked_to_come_again(client, issued):
    other = paper("Lain")
    with limits.inspecting(), limits.inspecting():
        busy = send(client, other)
        assert (busy.status_code, busy["Retry-After"], heading(busy)) == (503, "60", "Sedang ramai")
        assert heading(send(client, issued)) == "Salinan persis"  # needs no place
    assert send(client, other).status_code == 200


def test_a_place_comes_back_when_its_process_dies(tmp_path, settings):
    held = limits.inspecting()
    held.__enter__()
    with limits.inspecting(), pytest.raises(Busy):
        limits.inspecting().__enter__()
    held.__exit__(None, None, None)
    with limits.inspecting():
        pass


@hypothesis_settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=2000), st.booleans())
def test_any_bytes_are_answered_below_500(client, content, with_header):
    assert send(client, (b"%PDF-1.7\n" if with_header else b"") + content).status_code in {200, 422}


@hypothesis_settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_c23_any_one_byte_changed_or_removed_is_never_a_copy(issued, data):
    at = data.draw(st.integers(0, len(issued) - 1))
    flipped = issued[:at] + bytes([issued[at] ^ data.draw(st.integers(1, 255))]) + issued[at + 1 :]
    assert check(flipped).verdict == Verdict.DAMAGED
    assert check(issued[:at] + issued[at + 1 :]).verdict != Verdict.EXACT


def test_our_own_file_is_read_once_however_often_a_check_asks_for_it(declaration, issued, caplog):
    Path(declaration.final().file.path).write_bytes(issued[::-1])
    finding = check(issued[:-100])  # shorter, with its code: is it a part, does it share pages, what changed?
    assert finding.document == declaration.final()
    told = [record.getMessage() for record in caplog.records if record.name == verbs.__name__]
    assert told == [f"document {finding.document.pk} is missing or was changed"]


@pytest.mark.postgresql  # renders a paper
def test_c23_a_paper_of_ours_is_recognised_saved_again_and_changed(client):
    declaration = make_declaration(slots=3)
    for slot in declaration.signatories.all():
        make_signature(slot, state="accepted")
    publishing.close(declaration, by=declaration.created_by)
    document = printing.issue_final(declaration, by=declaration.created_by)
    content = content_of(document)
    assert heading(send(client, content)) == "Salinan persis"
    assert check(edited(content, lambda pdf: None)).verdict == Verdict.RESAVED
    finding = check(edited(content, turn))
    assert (finding.verdict, finding.document) == (Verdict.CHANGED, document)
    assert finding.changes[0] == "Isinya berbeda dari naskah asli: halaman 1."
    assert heading(send(client, without_last_page(content))) == "Diubah setelah diterbitkan"
    if document.seal_level != SealLevel.NONE:
        assert finding.changes[1:] == ["Segel kami pada berkas ini tidak utuh lagi."]
    facts = inspection.examine(content)
    assert [seal.certificate for seal in facts.seals] == [document.seal_fingerprint] * len(facts.seals)
    assert all(seal.intact and seal.whole for seal in facts.seals)


def without_last_page(content: bytes) -> bytes:
    return edited(content, lambda pdf: pdf.pages.__delitem__(-1))


def test_c14_the_upload_needs_a_token_and_no_login():
    client = Client(enforce_csrf_checks=True)
    assert send(client, b"x").status_code == 403
    page = client.get(URL)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    body = {"file": SimpleUploadedFile("x.pdf", b"x"), "csrfmiddlewaretoken": token}
    assert client.post(URL, body).status_code == 200
