"""Drafting, publishing and ending a declaration: the pages."""

import html
import io
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from commitments.models import Declaration, Letterhead
from commitments.publishing import texts
from commitments.signing import verbs as signing
from tests.factories import (
    holder_of,
    make_declaration,
    make_letterhead,
    make_membership,
    make_position,
    make_signature,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


def filled(**values):
    return {
        "year": "2026",
        "title": "Deklarasi",
        "date": "2022-05-11",
        "venue": "Aula Nonon Sonthanie",
        "place": "Bekasi",
        "points": "satu;\n- bagian a;\n- bagian b;\ndua.",
        "basis": "Undang-Undang A;\n\nUndang-Undang B.",
        "letterhead": make_letterhead().pk,
        "page_size": "f4",
        "heads": "on",
    } | values


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_length(client, admin, rows, django_assert_num_queries):
    shown = [make_declaration(slots=2, year=2020 - row) for row in range(rows)]
    # session, user, roles, declarations with counts, the count in the frame, offices of the user
    with django_assert_num_queries(6):
        answer = client.get(url("declaration_list"))
    assert list(answer.context["declarations"]) == shown


@pytest.mark.parametrize("slots", [3, 75])
def test_a_declaration_costs_the_same_for_any_number_of_posts(
    client, admin, slots, django_assert_num_queries
):
    declaration = make_declaration(slots=slots)
    client.get("/")
    # session, user, roles, the declaration, slots, points, basis, versions, timeline, and two of the frame
    with django_assert_num_queries(11):
        assert client.get(url("declaration_detail", declaration.pk)).status_code == 200


def test_a_draft_is_stored_with_its_points_and_posts_by_rule(client, admin):
    head, camat = make_position(category="kepala"), make_position(category="camat")
    answer = client.post(url("declaration_new"), filled(named=[camat.pk]))
    draft = Declaration.objects.get()
    assert answer["Location"] == url("declaration_detail", draft.pk)
    assert [(point.text, point.sub_points) for point in draft.points.all()] == [
        ("satu;", ["bagian a;", "bagian b;"]),
        ("dua.", []),
    ]
    assert [row.text for row in draft.legal_basis.all()] == ["Undang-Undang A;", "Undang-Undang B."]
    assert {slot.position for slot in draft.signatories.all()} == {head, camat}
    assert draft.opening.startswith(
        "Pada hari ini, Rabu tanggal Sebelas bulan Mei tahun Dua Ribu Dua Puluh Dua, bertempat di Aula Nonon Sonthanie,"
    )


def test_a_stored_draft_comes_back_as_it_was_typed(client, admin):
    make_position(category="kepala")
    client.post(url("declaration_new"), filled())
    draft = Declaration.objects.get()
    text = client.get(url("declaration_edit", draft.pk)).text
    assert "satu;\n- bagian a;\n- bagian b;\ndua." in text
    client.post(url("declaration_edit", draft.pk), filled(title="Judul baru", opening="Pembuka sendiri"))
    draft.refresh_from_db()
    assert (draft.title, draft.opening, Declaration.objects.count()) == ("Judul baru", "Pembuka sendiri", 1)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("points", "", "id_points"),
        ("points", "- yatim;", "Baris 1: subbutir tidak dapat mendahului butir"),
        ("points", "x" * 1001, "Baris 1 terlalu panjang"),
        ("basis", "y" * 501, "Baris 1 terlalu panjang"),
        ("year", "abc", "id_year"),
        ("year", "1850", "id_year"),
        ("date", "kemarin", "id_date"),
        ("page_size", "a0", "id_page_size"),
        ("letterhead", "99999", "id_letterhead"),
        ("named", ["99999"], "id_named"),
        ("named", ["abc"], "id_named"),
        ("named", ["9" * 400], "id_named"),
        ("title", "z" * 301, "id_title"),
    ],
)
def test_a_refused_draft_answers_422_and_keeps_what_was_typed(client, admin, field, value, told):
    answer = client.post(url("declaration_new"), filled(venue="Aula yang diketik", **{field: value}))
    assert answer.status_code == 422
    assert told in answer.text
    assert "Aula yang diketik" in answer.text
    assert Declaration.objects.count() == 0


def test_c15_a_published_text_is_not_edited_by_form(client, admin):
    declaration = make_declaration(slots=1)
    before = declaration.text()
    answer = client.post(url("declaration_edit", declaration.pk), filled(), follow=True)
    assert "tidak dapat diubah" in answer.text
    declaration.refresh_from_db()
    assert declaration.text() == before


def test_the_usual_opening_follows_date_and_venue_and_a_written_one_stays(client, admin):
    make_position(category="kepala")
    client.post(url("declaration_new"), filled())
    draft = Declaration.objects.get()
    moved = {"date": "2026-12-01", "venue": "Stadion"}
    client.post(url("declaration_edit", draft.pk), filled(opening=draft.opening, **moved))
    draft.refresh_from_db()
    assert draft.opening == texts.opening_for(date(2026, 12, 1), "Stadion")
    client.post(url("declaration_edit", draft.pk), filled(opening="Pembuka sendiri", date="2026-12-02"))
    draft.refresh_from_db()
    assert draft.opening == "Pembuka sendiri"


def test_a_second_declaration_of_a_year_and_odd_dates_are_warned_of(client, admin):
    declaration = make_declaration(slots=1, year=2026)
    page = client.get(url("declaration_copy", declaration.pk))
    assert page.context["form"].initial == {"year": 2027}
    told = "Sudah ada deklarasi lain untuk tahun 2026."
    assert told in client.post(url("declaration_copy", declaration.pk), {"year": "2026"}, follow=True).text
    assert told in client.post(url("declaration_new"), filled(), follow=True).text
    asked = client.get(url("declaration_publish", Declaration.objects.get(date="2022-05-11").pk)).text
    assert told in asked
    assert "Tahun naskah (2026) lain dari tahun tanggalnya (11 Mei 2022)." in asked
    assert "Batas waktu tanda tangan belum diisi." in asked


def test_publish_number_close_from_the_pages(client, admin):
    draft = make_declaration(state="draft", slots=1)
    asked = client.get(url("declaration_publish", draft.pk)).text
    assert "1 jabatan diminta menandatangani." in asked
    client.post(url("declaration_publish", draft.pk))
    client.post(url("declaration_number", draft.pk), {"number": "800/1/Setda"})
    make_signature(draft.signatories.get())
    refused = client.post(url("declaration_close", draft.pk))
    assert refused.status_code == 422
    assert "1 tanda tangan masih menunggu pemeriksaan" in refused.text
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("open", "800/1/Setda")


def posts_after(sentence, text):
    """The posts listed below a sentence."""
    below = text.split(sentence)[1].removeprefix("<ul>").split("</ul>")[0]
    return [html.unescape(item) for item in re.findall("<li>(.*?)</li>", below)]


BUTTON = '<button class="btn btn-primary" type="submit">'


def test_the_close_page_says_what_cannot_be_mended_later(client, admin):
    declaration = make_declaration(slots=4)
    _waiting, declined, third, returned = slots = list(declaration.signatories.in_protocol_order())
    make_signature(returned, state="returned")
    signing.decline(declined, reason="Sedang cuti.", by=holder_of(declined))
    text = client.get(url("declaration_close", declaration.pk)).text
    assert "nomor tidak dapat diisi lagi" in text
    assert posts_after("dan di naskah final tercetak demikian:", text) == [
        str(slot.position) for slot in slots
    ]
    assert posts_after("menyatakan belum dapat:", text) == [str(declined.position)]
    assert BUTTON in text

    client.post(url("declaration_number", declaration.pk), {"number": "800/1"})
    make_signature(third)
    for answer in (
        client.get(url("declaration_close", declaration.pk)),
        client.post(url("declaration_close", declaration.pk)),
    ):
        assert answer.text.count("1 tanda tangan masih menunggu pemeriksaan") == 1
        assert "nomor tidak dapat diisi lagi" not in answer.text
        assert BUTTON not in answer.text


def test_an_empty_or_unchanged_number_is_refused_and_nothing_is_written(client, admin):
    declaration = make_declaration(slots=1)
    address = url("declaration_number", declaration.pk)
    client.post(address, {"number": "800/1/Setda"})
    before = declaration.ledger.count()
    for sent, told in ((" ", "Nomor belum ditulis"), (" 800/1/Setda ", "sudah tercatat pada naskah ini")):
        answer = client.post(address, {"number": sent})
        assert answer.status_code == 422
        assert told in answer.text
    declaration.refresh_from_db()
    assert (declaration.number, declaration.ledger.count()) == ("800/1/Setda", before)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("declaration_number", "Nomor tidak dapat diisi lagi"),
        ("declaration_publish", "Naskah ini sudah diterbitkan."),
        ("declaration_close", "tidak sedang dibuka"),
    ],
)
def test_a_page_that_comes_too_late_leads_back_with_a_sentence(client, admin, name, told):
    declaration = make_declaration(slots=1, state="closed")
    answer = client.get(url(name, declaration.pk), follow=True)
    assert answer.redirect_chain == [(url("declaration_detail", declaration.pk), 302)]
    assert told in answer.text
    client.post(url(name, declaration.pk), {"number": "9"})
    assert Declaration.objects.get(pk=declaration.pk).number == ""


@pytest.mark.parametrize(
    ("lacking", "told"), [("points", "belum memuat butir"), ("signatories", "Belum ada jabatan")]
)
def test_an_unfinished_draft_offers_nothing_to_press(client, admin, lacking, told):
    draft = make_declaration(state="draft", slots=1)
    address = url("declaration_publish", draft.pk)
    assert BUTTON in client.get(address).text
    getattr(draft, lacking).all().delete()
    text = client.get(address).text
    assert told in text
    assert BUTTON not in text


def test_when_every_post_is_in_there_is_none_to_add(client, admin):
    declaration = make_declaration(slots=1)
    address = url("declaration_add_slot", declaration.pk)
    text = client.get(address).text
    assert "Semua jabatan sudah ada di naskah ini." in text
    assert BUTTON not in text
    make_position()
    text = client.get(address).text
    assert "Semua jabatan sudah ada" not in text
    assert BUTTON in text


def test_publishing_names_vacant_posts_and_posts_without_login(client, admin):
    silent = make_tenure()
    silent.official.user = None
    silent.official.save()
    vacant = make_position(title="Kepala Kosong")
    draft = make_declaration(state="draft", positions=[silent.position, vacant])
    text = client.get(url("declaration_publish", draft.pk)).text
    assert posts_after("Jabatan kosong:", text) == ["Kepala Kosong"]
    assert posts_after("Pejabat tanpa akun:", text) == [silent.position.title]


def test_withdraw_and_excuse_need_a_reason(client, admin):
    declaration = make_declaration(slots=1)
    slot = declaration.signatories.get()
    for name, args in (
        ("declaration_withdraw", [declaration.pk]),
        ("slot_excuse", [declaration.pk, slot.pk]),
    ):
        assert client.post(url(name, *args), {"reason": " "}).status_code == 422
    client.post(url("slot_excuse", declaration.pk, slot.pk), {"reason": "Jabatan dihapus."})
    client.post(url("declaration_withdraw", declaration.pk), {"reason": "Naskah keliru."})
    declaration.refresh_from_db()
    assert declaration.state == "withdrawn"
    assert [slot.state for slot in declaration.signatories.all()] == ["excused"]


def test_c08_another_declarations_slot_is_404(client, admin):
    mine, other = make_declaration(slots=1), make_declaration(slots=1)
    address = url("slot_excuse", mine.pk, other.signatories.get().pk)
    assert client.post(address, {"reason": "x"}).status_code == 404
    assert [slot.state for slot in other.signatories.all()] == ["waiting"]


def test_revise_copy_discard_and_add(client, admin):
    declaration = make_declaration(slots=1)
    late = make_tenure().position
    client.post(url("declaration_add_slot", declaration.pk), {"position": late.pk})
    assert declaration.signatories.filter(position=late).exists()
    client.post(url("declaration_revise", declaration.pk))
    version = Declaration.objects.get(previous=declaration)
    client.post(url("declaration_copy", declaration.pk), {"year": "2030"})
    assert Declaration.objects.filter(year=2030, state="draft").count() == 1
    client.post(url("declaration_discard", version.pk))
    assert not Declaration.objects.filter(pk=version.pk).exists()
    assert client.post(url("declaration_discard", declaration.pk)).status_code == 422


def test_a_signer_sees_the_own_declaration_and_nothing_to_press(client):
    declaration, other = make_declaration(slots=1), make_declaration(slots=1)
    client.force_login(holder_of(declaration.signatories.get()))
    assert [row.pk for row in client.get(url("declaration_list")).context["declarations"]] == [declaration.pk]
    text = client.get(url("declaration_detail", declaration.pk)).text
    for action in ("Cabut naskah", "Buat versi baru", "Linimasa", "matriks"):
        assert action not in text
    assert client.get(url("declaration_detail", other.pk)).status_code == 404


def test_the_list_counts_all_posts_for_a_signer_and_an_operator_too(client):
    declaration = make_declaration(slots=3)
    first, second, _third = declaration.signatories.in_protocol_order()
    make_signature(second)
    operator = make_membership(agency=first.position.agency).user
    for user in (holder_of(first), operator):
        client.force_login(user)
        assert "1 dari 3" in client.get(url("declaration_list")).text


def test_the_timeline_names_the_post_and_shows_a_refusal_as_one(client, admin):
    declaration = make_declaration(slots=2)
    first, second = declaration.signatories.in_protocol_order()
    make_signature(first, state="returned")
    signing.decline(second, reason="Sedang cuti.", by=holder_of(second))
    answer = client.get(url("declaration_detail", declaration.pk))
    assert [(row.kind, row.post, row.icon) for row in answer.context["timeline"]] == [
        ("declined", str(second.position), "decline"),
        ("returned", str(first.position), "return"),
        ("signed", str(first.position), "pen"),
        ("published", "", "file"),
    ]
    assert f"Tanda tangan dikembalikan</b>: {first.position}" in answer.text


def test_c61_markup_in_every_text_stays_text(client, admin):
    evil = "<script>alert(1)</script>"
    draft = make_declaration(
        state="draft", slots=1, title=evil, opening=evil, closing=evil, venue=evil, note=evil
    )
    for name in ("declaration_detail", "declaration_edit", "declaration_publish"):
        assert "<script>alert" not in client.get(url(name, draft.pk)).text
    assert "<script>alert" not in client.get(url("declaration_list")).text


def picture(format_: str, size=(40, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, format=format_)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.png"),
        (picture("GIF"), "logo.png"),
        (b"%PDF-1.7", "logo.jpg"),
        (picture("PNG")[:40], "logo.png"),
        (picture("PNG", (5000, 4001)), "logo.png"),
        (b"\x89PNG" + b"0" * 2_000_001, "logo.png"),
    ],
)
def test_a_logo_is_judged_by_its_bytes(client, admin, content, name):
    data = {
        "name": "Kop",
        "line1": "a",
        "line2": "b",
        "upload": SimpleUploadedFile(name, content, "image/png"),
    }
    answer = client.post(url("letterhead_new"), data)
    assert answer.status_code == 422
    assert "Berkas" in answer.text
    assert not Letterhead.objects.filter(name="Kop").exists()


def test_a_logo_is_stored_re_encoded(client, admin):
    content = picture("JPEG") + b"EXIF-rahasia"
    data = {
        "name": "Kop",
        "line1": "a",
        "line2": "b",
        "upload": SimpleUploadedFile("x.jpg", content, "image/jpeg"),
    }
    assert client.post(url("letterhead_new"), data).status_code == 302
    stored = bytes(Letterhead.objects.get(name="Kop").logo)
    assert stored.startswith(b"\x89PNG")
    assert b"rahasia" not in stored


def test_points_survive_the_way_through_text():
    class Point:
        def __init__(self, text, sub_points):
            self.text, self.sub_points = text, sub_points

    points = [{"text": "a;", "sub_points": ["b;", "c;"]}, {"text": "d.", "sub_points": []}]
    assert texts.parse_points(texts.points_as_text([Point(**point) for point in points])) == points
    with pytest.raises(ValidationError):
        texts.parse_points("– yatim")
