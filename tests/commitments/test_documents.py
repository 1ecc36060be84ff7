"""The declaration on paper. Wording is tested on HTML; what only the finished PDF can show, on the PDF."""

import io
import json
import re
import subprocess
from datetime import UTC, datetime
from uuid import uuid4

import pikepdf
import pytest

from agencies import nip
from commitments.documents import render
from commitments.documents.declaration import declaration_html, declaration_pdf, rows_of
from commitments.documents.receipt import receipt_html, receipt_pdf
from commitments.documents.strokes import BOX, outline
from commitments.documents.wet_ink import row_code, wet_ink_html, wet_ink_pdf
from commitments.management.sample_strokes import sample_drawing
from commitments.models import Declaration, Signature
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from commitments.signing import verbs as signing
from commitments.signing.marks import Typed, parse_drawing
from tests.factories import (
    STROKES,
    make_declaration,
    make_letterhead,
    make_official,
    make_position,
    make_scan,
    make_signature,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    answer = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return answer.stdout.decode()


def fonts_of(pdf: bytes) -> set[str]:
    """The fonts inside, without the tag of their subset."""
    answer = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True)
    return {line.split()[0].split("+")[-1] for line in answer.stdout.decode().splitlines()[2:]}


def boxes_told_in(caplog) -> int:
    """How many letters WeasyPrint found in no font."""
    return sum(".notdef" in record.message for record in caplog.records)


def words(text: str) -> str:
    return " ".join(text.split())


def html_of(declaration, *, final=False):
    return words(declaration_html(Declaration.objects.get(pk=declaration.pk), final=final, page_size="f4"))


def closed_with_every_mark():
    """Four posts: drawn, typed, scanned (all accepted), and one that never signed."""
    declaration = make_declaration(slots=4)
    drawn, typed, scanned, _silent = declaration.signatories.in_protocol_order()
    make_signature(drawn, state="accepted")
    make_signature(typed, state="accepted", typed=True)
    make_scan(scanned)
    publishing.close(declaration, by=declaration.created_by)
    return declaration


def test_c20_every_accepted_signature_is_in_the_final_paper():
    declaration = closed_with_every_mark()
    accepted = list(declaration.signatories.filter(state="accepted").select_related("current_signature"))
    html = html_of(declaration, final=True)

    assert (
        html.count('src="sig:') + html.count('class="typed ') + html.count('class="scan"')
        == len(accepted)
        == 3
    )
    assert "3 dari 4 jabatan menandatangani" in html
    assert html.count("tidak menandatangani sampai ditutup") == 1
    printed = words(text_of(declaration_pdf(declaration, final=True, page_size="f4").content))
    for slot in accepted:
        assert slot.current_signature.full_name in printed


def test_a_preview_is_a_draft_and_a_final_is_not():
    declaration = make_declaration(slots=2)
    make_signature(declaration.signatories.first())
    preview = html_of(declaration)
    assert 'class="draft"' in preview
    assert "menunggu pemeriksaan" in preview
    assert preview.count("belum ditandatangani") == 1
    assert "bersegel" not in preview
    assert 'class="draft"' not in html_of(declaration, final=True)
    assert "Berkas ini tidak bersegel." in html_of(declaration, final=True)


def test_only_accepted_signatures_are_marks_in_a_final():
    declaration = make_declaration(slots=2)
    for slot, state in zip(
        declaration.signatories.in_protocol_order(), ("accepted", "returned"), strict=True
    ):
        make_signature(slot, state=state)
    assert [row.mark is not None for row in rows_of(declaration, final=True)] == [True, False]


def test_each_state_has_its_words():
    declaration = make_declaration(positions=[make_tenure().position for _ in range(3)] + [make_position()])
    one, two, _three, _vacant = declaration.signatories.in_protocol_order()
    signing.decline(one, reason="Cuti.", by=one.holder.official.user)
    publishing.excuse(two, reason="Jabatan dihapus.", by=declaration.created_by)
    assert [row.empty for row in rows_of(declaration, final=False)] == [
        "belum ditandatangani",
        "dibebaskan dari penandatanganan",
        "belum ditandatangani",
        "jabatan kosong",
    ]


def test_a_post_decides_whether_titles_nip_and_rank_are_printed():
    """Permendagri 1/2023 art. 44."""
    sekda = make_tenure(position=make_position(show_nip=False, show_rank=False, show_titles=False))
    head = make_tenure()
    declaration = make_declaration(positions=[sekda.position, head.position])
    first, second = rows_of(declaration, final=False)
    assert (first.name, first.rank, first.nip) == (sekda.official.name, "", "")
    assert (second.name, second.nip) == (head.official.full_name, head.official.nip)
    assert second.rank == "Pembina Utama Muda (IV/c)"


def test_the_capacity_stands_before_the_post_and_its_letter_below():
    acting = make_tenure(capacity="plt")
    html = html_of(make_declaration(positions=[acting.position]))
    assert f'<span class="cap">Plt.</span> {acting.position.title}<span class="basis-sp">SP/1/CONTOH' in html


def test_c44_a_final_names_who_signed_not_who_holds_the_post_now():
    signature = make_signature(state="accepted")
    signature.official.name = "Nama Baru"
    signature.official.save()
    (row,) = rows_of(signature.signatory.declaration, final=True)
    assert row.name == signature.full_name


def test_a_paper_of_a_draft_carries_no_code():
    draft = make_declaration(state="draft", slots=1)
    html = html_of(draft)
    assert draft.printed_code not in html
    assert "Kode keaslian terbit saat naskah diterbitkan." in html


def test_sample_data_and_notes_are_said_on_the_paper():
    declaration = make_declaration(slots=1, is_sample=True, note="Rekonstruksi, naskah usulan")
    assert "DATA CONTOH" in html_of(declaration)
    assert "Rekonstruksi, naskah usulan" in html_of(declaration)
    assert "DATA CONTOH" in wet_ink_html(declaration, page_size="f4")
    assert "DATA CONTOH" not in html_of(make_declaration(slots=1))


def test_c28_midnight_in_wib_keeps_its_date_on_paper():
    midnight = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    signature = make_signature(at=midnight)
    reviewing.accept(signature, by=make_user("reviewer"))
    assert "ditandatangani 27 November 2026 00.00 WIB" in html_of(signature.signatory.declaration)


def test_c61_markup_stays_text_on_paper():
    evil = '<img src=x onerror=alert(1)> & "kutip"'
    tenure = make_tenure(
        position=make_position(title=evil), official=make_official(name=evil, user=make_user())
    )
    declaration = make_declaration(
        positions=[tenure.position], title=evil, opening=evil, letterhead=make_letterhead(line2=evil)
    )
    for html in (html_of(declaration), wet_ink_html(declaration, page_size="a4")):
        assert "<img src=x" not in html
        assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_c51_the_address_on_paper_is_the_configured_one(settings):
    settings.SITE_URL = "https://komitmen.example"
    declaration = make_declaration(slots=1)
    assert f"komitmen.example/v/{declaration.code}" in html_of(declaration)


@pytest.mark.postgresql  # slow, and the same on both databases
@pytest.mark.parametrize("page_size", ["f4", "a4"])
def test_the_pdf_has_the_asked_size_the_promised_profile_and_only_our_fonts(page_size):
    declaration = closed_with_every_mark()
    paper = declaration_pdf(declaration, final=True, page_size=page_size)
    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        box = [float(value) for value in pdf.pages[0].MediaBox]
        width, height = (round(value * 25.4 / 72) for value in box[2:])
        metadata = pdf.Root.Metadata.read_bytes()
        assert (width, height) == render.SIZES[page_size]
        assert len(pdf.pages) == paper.pages
        assert b"pdfaid" in metadata
        assert b"pdfuaid" in metadata
        figures = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        ]
        assert figures
        assert all(str(figure.get("/Alt", "")) for figure in figures)
    assert fonts_of(paper.content) == {
        "Arimo", "Arimo-Bold", "Arimo-Italic", "Cousine", "Cousine-Bold", "Source-Serif-4-Italic"
    }  # fmt: skip


@pytest.mark.postgresql
def test_no_letter_is_ever_taken_from_a_font_of_the_machine(caplog):
    """Debian's DejaVu knows arrows and ticks, our packages do not: better a box here than another paper there."""
    page = "<html lang=id><title>x</title><body>panah → centang ✓</body></html>"
    paper = render.to_pdf(page, styles=["paper.css", "f4.css"], images={})
    assert fonts_of(paper.content) == {"Arimo"}
    assert boxes_told_in(caplog) == 2


@pytest.mark.postgresql
def test_running_feet_are_artifacts_and_all_other_marked_content_hangs_in_the_tree():
    paper = declaration_pdf(closed_with_every_mark(), final=True, page_size="f4")
    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        owners = pdf.Root.StructTreeRoot.ParentTree.Nums
        for index, page in enumerate(pdf.pages):
            tags = [
                operands
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "BDC"
            ]
            feet = [properties for tag, properties in tags if str(tag) == "/Artifact"]
            tagged = [int(properties.MCID) for tag, properties in tags if str(tag) != "/Artifact"]
            assert len(feet) > 3
            assert tagged
            assert all(owners[2 * index + 1][mcid] is not None for mcid in tagged)


@pytest.mark.postgresql
def test_c21_rare_letters_print_without_boxes(caplog):
    names = ["Nur'aini O’Brien", "José Şahin", "عبد الله", "ꦲꦏ꧀ꦱꦫꦗꦮ"]
    tenures = [make_tenure(official=make_official(name=name, title_after="S.Sos., M.Si.")) for name in names]
    declaration = make_declaration(
        positions=[tenure.position for tenure in tenures], title="Deklarasi " + "panjang " * 25
    )
    paper = declaration_pdf(declaration, final=False, page_size="f4")
    assert boxes_told_in(caplog) == 0
    assert {"Noto-Arabic-Bold", "Noto-Javanese-Bold", "Arimo-Ext-Bold"} <= fonts_of(paper.content)
    printed = words(text_of(paper.content))
    assert "Nur'aini O’Brien, S.Sos., M.Si." in printed
    assert "José Şahin" in printed
    assert "\ufffd" not in printed


@pytest.mark.postgresql
@pytest.mark.parametrize("count", [1, 45, 75, 120])
def test_c22_any_number_of_signers_repeats_the_head_and_splits_no_row(count):
    tenures = [make_tenure(official=make_official()) for _ in range(count)]
    declaration = make_declaration(positions=[tenure.position for tenure in tenures])
    paper = declaration_pdf(declaration, final=False, page_size="f4")
    pages = text_of(paper.content).split("\f")[: paper.pages]
    with_rows = [page for page in pages if "belum ditandatangani" in page]
    assert all("Nama, pangkat, NIP" in words(page) for page in with_rows)
    for tenure in tenures:
        holding = [page for page in pages if tenure.official.full_name in words(page)]
        assert len(holding) == 1
        assert f"NIP {tenure.official.nip[:8]}" in words(holding[0])


@pytest.mark.postgresql
def test_the_wet_ink_sheet_has_a_box_and_a_code_for_every_post():
    declaration = make_declaration(slots=3)
    html = wet_ink_html(declaration, page_size="f4")
    assert html.count('class="box"') == html.count("rowqr:") == 3
    paper = wet_ink_pdf(declaration, page_size="f4")
    assert "Lembar tanda tangan basah".upper() in text_of(paper.content).upper()


def test_a_receipt_says_what_was_signed_and_keeps_the_rest_to_itself():
    tenure = make_tenure(capacity="plh")
    declaration = make_declaration(positions=[tenure.position], is_sample=True)
    signature = make_signature(declaration.signatories.get(), user_agent="Peramban/1")
    html = words(receipt_html(signature))
    for said in (
        signature.printed_number,
        signature.full_name,
        f"<b>Plh.</b> {signature.position_title}",
        declaration.printed_code,
        "Digambar, tidak tersertifikasi",
        signature.consent,
        "DATA CONTOH",
        f'src="sig:{signature.pk}"',
    ):
        assert said in html
    assert signature.text_digest in html.replace(" ", "")
    for private in (signature.nip, "Peramban", signature.user.email, signature.user.username):
        assert private not in html


def test_a_receipt_of_a_typed_name_shows_the_name():
    signature = make_signature(typed=True)
    assert f'<span class="typed long">{signature.full_name}</span>' in words(receipt_html(signature))


@pytest.mark.parametrize("show_titles", [True, False])
def test_a_typed_signature_prints_the_registered_name_and_not_what_was_typed(show_titles):
    holder = make_tenure(position=make_position(show_titles=show_titles))
    declaration = make_declaration(positions=[holder.position])
    (slot,) = declaration.signatories.all()
    name = holder.official.full_name if show_titles else holder.official.name
    typed = holder.official.name.lower()
    signing.sign(slot, mark=Typed(typed), consent="Ya.", key=uuid4(), by=holder.official.user)
    signature = Signature.objects.get()
    assert signature.typed_name == typed  # the evidence
    for paper in (html_of(declaration, final=False), receipt_html(signature)):
        assert re.search(rf'<span class="typed[^"]*">{re.escape(name)}</span>', paper)
        assert typed not in paper


@pytest.mark.postgresql
@pytest.mark.parametrize("typed", [False, True])
def test_a_receipt_is_half_a_sheet_and_one_page_even_with_long_texts(typed):
    position = make_position(title="Kepala Dinas " + "Panjang " * 20)
    declaration = make_declaration(positions=[make_tenure(position=position).position], title="Judul " * 40)
    paper = receipt_pdf(make_signature(declaration.signatories.get(), typed=typed))
    assert paper.pages == 1
    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        width, height = (round(float(value) * 25.4 / 72) for value in pdf.pages[0].MediaBox[2:])
    assert (width, height) == (215, 165)


def test_no_paper_claims_a_certified_signature():
    declaration = closed_with_every_mark()
    papers = [
        html_of(declaration, final=True),
        html_of(declaration),
        wet_ink_html(declaration, page_size="f4"),
    ]
    papers.append(receipt_html(declaration.signatories.first().current_signature))
    for html in papers:
        assert "BSrE" not in html
        assert "sertifikat elektronik" not in html.lower()


def test_the_wet_ink_sheet_lists_who_still_has_to_sign_and_masks_their_nip():
    declaration = make_declaration(slots=4)
    signed, waiting, excused, _other = [row.slot for row in rows_of(declaration, final=False)]
    make_signature(signed, state="accepted")
    publishing.excuse(excused, reason="Jabatan dihapus.", by=declaration.created_by)
    html = words(wet_ink_html(declaration, page_size="f4"))
    assert f"rowqr:{signed.pk}" not in html
    assert html.count("rowqr:") == 2
    assert f"<b>2. {waiting.holder.official.full_name}</b>" in html  # as numbered on the declaration
    digits = waiting.holder.official.nip
    assert nip.masked(digits) in html
    assert nip.spaced(digits) not in html
    assert nip.spaced(digits) in words(wet_ink_html(declaration, page_size="f4", whole_nips=True))


def test_a_row_of_the_wet_ink_sheet_names_declaration_and_post():
    declaration = make_declaration(slots=2)
    codes = [row_code(row) for row in rows_of(declaration, final=False)]
    slots = declaration.signatories.in_protocol_order()
    assert codes == [f"{declaration.code}-{slot.pk}" for slot in slots]


def test_a_drawing_becomes_one_path_inside_its_box():
    picture = outline(STROKES)
    numbers = [float(n) for n in re.findall(rb"\d+(?= )", picture.ops.split(b" j\n")[1])]
    assert picture.d.count("M") == 2
    assert all(0 <= x <= BOX[0] for x in numbers[::2])
    assert all(0 <= y <= BOX[1] for y in numbers[1::2])
    assert picture.ops.count(b" m\n") == 2


@pytest.mark.parametrize("drawing", [STROKES, sample_drawing(3)], ids=["short", "long"])
def test_screen_and_paper_show_one_picture(drawing):
    picture = outline(drawing)
    assert on_screen(picture.d) == on_paper(picture.ops)


def on_paper(ops):
    """The points and handles of each line, from PDF operators."""
    lines = []
    for *numbers, operator in (row.split() for row in ops.decode().splitlines()):
        if operator == "m":
            lines.append([])
        if operator in "mc":
            lines[-1] += map(int, numbers)
    return lines


def on_screen(d):
    """The same from SVG path data, whose curves count from the point before."""
    lines = []
    for command, text in re.findall(r"([Mc])([^Mc]*)", d):
        numbers = [int(number) for number in re.findall(r"-?\d+", text)]
        if command == "M":
            lines.append(numbers)
            continue
        x, y = lines[-1][-2:]
        lines[-1] += [number + (x, y)[place % 2] for place, number in enumerate(numbers)]
    return lines


def test_a_dot_within_a_drawing_is_drawn_too():
    dotted = {**STROKES, "strokes": [*STROKES["strokes"], [[30000, 5000, 900, 500]]]}
    assert outline(dotted).d.count("M") == 3


@pytest.mark.parametrize("seed", range(1, 60, 7))
def test_a_sample_drawing_is_one_that_a_browser_could_have_sent(seed):
    drawing = sample_drawing(seed)
    sent = [[[x / 100, y / 100, t, p / 1000] for x, y, t, p in line] for line in drawing["strokes"]]
    assert parse_drawing(json.dumps(drawing | {"strokes": sent})) == drawing
    assert drawing == sample_drawing(seed)
    assert drawing != sample_drawing(seed + 1)
