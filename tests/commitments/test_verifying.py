"""The public pages."""

import gzip
import json
import re
from datetime import UTC, datetime, time, timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver, reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agencies.models import Official, Position
from agencies.tenures import appoint
from commitments import codes, dates
from commitments.documents import drawings
from commitments.documents.declaration import common_images, declaration_html
from commitments.documents.strokes import outline_of
from commitments.printing import verbs as printing
from commitments.publishing import verbs as publishing
from commitments.signing import verbs as signing
from commitments.verifying import limits
from tests.factories import (
    make_declaration,
    make_document,
    make_official,
    make_signature,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db
PAGES = ["verify_code", "verify_json", "evidence_json"]


def facts_of(client, declaration):
    return client.get(reverse("commitments:verify_json", args=[declaration.code])).json()


def commitment_patterns(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from commitment_patterns(pattern.url_patterns)
        elif pattern.name:
            yield pattern


def page_of(client, declaration):
    return client.get(reverse("commitments:verify_code", args=[declaration.code]))


def test_nobody_is_accused_in_public_of_not_being_able_to_sign_yet(client):
    declaration = make_declaration(slots=2)
    slot = declaration.signatories.in_protocol_order()[0]
    signing.decline(slot, reason="Sedang dirawat.", by=slot.holder.official.user)
    assert {post["state"] for post in facts_of(client, declaration)["signatories"]} == {"waiting"}
    page = page_of(client, declaration).text
    assert "bersedia" not in page
    assert "Belum dapat" not in page
    assert "Sedang dirawat" not in page
    publishing.close(declaration, by=declaration.created_by)
    assert {post["state"] for post in facts_of(client, declaration)["signatories"]} == {"not_signed"}


def test_the_code_leads_to_declaration_version_and_state(client):
    declaration = make_declaration(slots=2)
    make_signature(declaration.signatories.first())
    answer = page_of(client, declaration)
    assert answer.status_code == 200
    for text in (
        declaration.title,
        "1 dari 2 jabatan",
        "masih ditandatangani",
        "tidak tersertifikasi",
        "belum bersegel",
        "Bandingkan dalam tiga langkah",
    ):
        assert text in answer.text


def test_a_withdrawn_or_superseded_version_says_so_and_when(client):
    withdrawn = make_declaration(slots=1, state="withdrawn")
    assert "Dicabut" in page_of(client, withdrawn).text
    old = make_declaration(slots=1)
    new = publishing.revise(old, by=old.created_by)
    assert "Digantikan" not in page_of(client, old).text
    publishing.publish(new, by=old.created_by)
    assert "Digantikan versi baru" in page_of(client, old).text
    assert f"/v/{new.code}" in page_of(client, old).text


def test_a_closed_one_is_valid_and_counts_the_pages_of_its_final(client):
    declaration = make_declaration(slots=1, number="100/PUG/2026")
    make_signature(declaration.signatories.get(), state="accepted")
    publishing.close(declaration, by=declaration.created_by)
    assert "Tercatat dan berlaku" in page_of(client, declaration).text
    assert "halaman, F4" not in page_of(client, declaration).text
    document = printing.issue_final(declaration, by=declaration.created_by)
    text = page_of(client, declaration).text
    for said in ("1 dari 1 jabatan", "100/PUG/2026", f"{document.pages} halaman, F4", "Ditutup"):
        assert said in text
    assert declaration.text_digest[:4] + " " + declaration.text_digest[4:8] in text


def test_a_draft_is_unknown_to_the_public(client):
    assert page_of(client, make_declaration(state="draft", slots=1)).status_code == 404


def test_c46_a_code_typed_from_paper_resolves_and_a_mistyped_one_is_told(client):
    declaration = make_declaration(slots=1)
    typed = f" {declaration.printed_code.lower()} "
    answer = client.get(reverse("commitments:verify"), {"kode": typed})
    assert answer["Location"] == reverse("commitments:verify_code", args=[declaration.code])
    wrong = declaration.code[:-1] + ("1" if declaration.code[-1] != "1" else "2")
    assert "salah ketik" in client.get(reverse("commitments:verify"), {"kode": wrong}).text
    unknown = client.get(reverse("commitments:verify_code", args=[codes.new_code()]))
    assert unknown.status_code == 404
    assert "belum berarti lembar itu palsu" in unknown.text


@pytest.mark.parametrize("name", PAGES)
def test_c46_a_draft_an_unknown_and_an_impossible_code_cost_the_same_look_up(
    client, name, django_assert_num_queries
):
    draft = make_declaration(state="draft", slots=1)
    for code in (draft.code, codes.new_code(), "ZZZZ"):
        with django_assert_num_queries(1):  # the declaration by its code
            assert client.get(reverse(f"commitments:{name}", args=[code])).status_code == 404


@pytest.mark.parametrize("name", ["verify_code", "verify_json"])
@pytest.mark.parametrize("slots", [1, 3, 75])
def test_the_page_costs_the_same_for_any_number_of_posts(client, name, slots, django_assert_num_queries):
    declaration = make_declaration(slots=slots)
    for slot in declaration.signatories.in_protocol_order()[:3]:
        make_signature(slot, state="accepted")
    # the declaration and its successor, its slots, who holds them today, its final, its points, its basis
    with django_assert_num_queries(6):
        assert client.get(reverse(f"commitments:{name}", args=[declaration.code])).status_code == 200


def test_c46_every_way_to_type_a_code_leads_to_the_same_page(client):
    declaration = make_declaration(slots=1, code=easily_misread())
    typed = declaration.code.lower().replace("0", "o").replace("1", "l")
    assert typed != declaration.code.lower()
    for way in (typed, f"{typed[:4]}-{typed[4:8]}-{typed[8:]}", declaration.code.lower()):
        for name in PAGES:
            answer = client.get(reverse(f"commitments:{name}", args=[way]))
            assert answer["Location"] == reverse(f"commitments:{name}", args=[declaration.code])
    answer = client.get(reverse("commitments:verify"), {"kode": f" pug-{typed[:4]} {typed[4:]} "})
    assert answer["Location"] == reverse("commitments:verify_code", args=[declaration.code])


def test_a_pasted_link_is_a_code_too_and_a_wrong_length_is_told_as_such(client):
    declaration = make_declaration(slots=1)
    page = reverse("commitments:verify_code", args=[declaration.code])
    host = "http://komitmen.example:8000"
    code, printed = declaration.code, declaration.printed_code
    for link in (f"{host}/v/{code}", f"{host}/v/{printed}/", f"{host}/v/{code.lower()}?a=1#b"):
        assert client.get(reverse("commitments:verify"), {"kode": link})["Location"] == page
    for typed, count in (("ABC", 3), ("0000-0000-00", 10)):
        answer = client.get(reverse("commitments:verify"), {"kode": typed})
        assert answer.status_code == 404
        assert f"sembilan angka dan huruf; yang Anda ketik {count}." in answer.text
        assert "pengaman" not in answer.text
    nine = client.get(reverse("commitments:verify"), {"kode": "0000-0000-1"}).text
    assert "Huruf terakhir kode (pengaman) tidak cocok" in nine
    assert "yang Anda ketik" not in nine


def easily_misread():
    return next(
        code
        for body in (f"A1001{number:03d}" for number in range(1000))
        for code in (body + check for check in codes.ALPHABET)
        if codes.parse_code(code) == code
    )


@pytest.mark.parametrize("name", PAGES)
def test_c46_guessing_is_told_off_without_locking_anybody_out(client, name, monkeypatch, caplog):
    monkeypatch.setattr(limits, "UNKNOWN_CODES", 3)
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_000.0)
    declaration = make_declaration(slots=1)
    publishing.close(declaration, by=declaration.created_by)
    known = reverse(f"commitments:{name}", args=[declaration.code])

    def guess():
        return client.get(reverse(f"commitments:{name}", args=[codes.new_code()]))

    assert [guess().status_code for _ in range(5)] == [404, 404, 404, 429, 429]
    assert guess()["Retry-After"] == "60"
    assert caplog.text.count("somebody may be guessing") == 1
    assert client.get(known).status_code == 200
    mistyped = reverse(f"commitments:{name}", args=["0000-0000-1"])
    assert client.get(mistyped).status_code == 404
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_060.0)
    assert guess().status_code == 404


def test_c47_the_page_needs_no_login_no_script_and_little_weight(client):
    declaration = make_declaration(slots=75)
    for slot in declaration.signatories.in_protocol_order()[:10]:
        make_signature(slot)
    answer = page_of(client, declaration)
    assert "<script" not in answer.text
    assert len(gzip.compress(answer.content)) < 15_000


def test_c48_an_old_printout_is_told_what_happened_and_when(client):
    at = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)  # already the 24th in WIB
    old, gone = make_declaration(slots=1), make_declaration(slots=1)
    new = publishing.revise(old, by=old.created_by)
    publishing.publish(new, by=old.created_by, at=at)
    publishing.withdraw(gone, reason="Rahasia kantor.", by=gone.created_by, at=at)
    for declaration, words in ((old, "digantikan pada"), (gone, "dicabut pada")):
        assert f"{words} 24 November 2026 pukul 03.30 WIB" in page_of(client, declaration).text
    assert f"/v/{new.code}" in page_of(client, old).text
    assert "Rahasia kantor" not in page_of(client, gone).text
    assert (facts_of(client, old)["status"], facts_of(client, gone)["status"]) == ("superseded", "withdrawn")
    assert facts_of(client, old)["successor"]["code"] == new.printed_code
    assert facts_of(client, gone)["declaration"]["ended_at"] == "2026-11-24T03:30:00+07:00"


def test_the_next_version_is_told_only_when_it_is_published(client):
    declaration = make_declaration(slots=1)
    draft = publishing.revise(declaration, by=declaration.created_by)
    assert facts_of(client, declaration)["successor"] is None
    assert draft.code not in page_of(client, declaration).text
    publishing.publish(draft, by=declaration.created_by)
    assert facts_of(client, declaration)["successor"]["code"] == draft.printed_code
    assert draft.code in page_of(client, declaration).text


def test_the_successor_of_a_withdrawn_version_is_told_on_the_page_as_in_the_json(client):
    declaration = make_declaration(slots=1)
    publishing.withdraw(declaration, reason="Keliru.", by=declaration.created_by)
    new = publishing.revise(declaration, by=declaration.created_by)
    publishing.publish(new, by=declaration.created_by)
    assert facts_of(client, declaration)["successor"]["code"] == new.printed_code
    assert reverse("commitments:verify_code", args=[new.code]) in page_of(client, declaration).text


def rows_of(client, declaration):
    """The cells of the table of posts, as a reader sees them."""
    table = page_of(client, declaration).text.split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr>")[1:]]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]


def test_c49_each_post_shows_agency_capacity_name_time_and_state_in_protocol_order(client):
    acting = make_tenure(capacity="plt")
    tenures = [make_tenure() for _ in range(3)]
    waiting, accepted, returned = (tenure.position for tenure in tenures)
    declaration = make_declaration(positions=[returned, accepted, waiting, acting.position])
    slots = {slot.position_id: slot for slot in declaration.signatories.all()}
    at = datetime.combine(dates.today(), time(10, 24), dates.WIB)
    for position in (accepted, acting.position):
        make_signature(slots[position.pk], state="accepted", at=at)
    make_signature(slots[returned.pk], state="returned")
    when = dates.moment(at)

    signed_acting = [acting.position, f"Plt. {acting.official.full_name}", when, "Diterima"]
    signed = [accepted, tenures[1].official.full_name, when, "Diterima"]
    open_rows = [signed_acting, [waiting, "", "", "Menunggu"], signed, [returned, "", "", "Dikembalikan"]]
    assert rows_of(client, declaration) == numbered(open_rows)

    publishing.close(declaration, by=declaration.created_by)
    never = "Tidak menandatangani sampai ditutup"
    closed_rows = [signed_acting, [waiting, "", "", never], signed, [returned, "", "", never]]
    assert rows_of(client, declaration) == numbered(closed_rows)
    page = page_of(client, declaration).text
    assert declaration.text_digest in page.replace(" ", "")
    for tenure in (tenures[0], tenures[2]):  # did not sign: a post, no person
        assert tenure.official.name not in page


def numbered(rows):
    return [
        [str(number), f"{position.title} {position.agency.name}", *rest]
        for number, (position, *rest) in enumerate(rows, start=1)
    ]


def test_c45_a_replaced_official_keeps_name_title_and_date_and_the_successor_is_shown(client):
    declaration = make_declaration(slots=2)
    replaced, emptied = declaration.signatories.in_protocol_order()
    at = dates.now() - timedelta(days=2)
    signatures = [make_signature(slot, state="accepted", at=at) for slot in (replaced, emptied)]
    before = rows_of(client, declaration)
    successor = make_official(name="Penerus Contoh", title_after="M.H.")
    appoint(replaced.position, official=successor, starts_on=dates.today(), by=declaration.created_by)
    emptied.position.tenures.update(ends_on=dates.today() - timedelta(days=1))
    Position.objects.filter(pk=replaced.position_id).update(title="Kepala Dinas Bernama Baru")
    Official.objects.filter(pk=signatures[0].official_id).update(name="Sudah Ganti Nama")

    after = rows_of(client, declaration)
    assert after[0][:2] == before[0][:2]
    assert after[0][2] == f"{signatures[0].full_name} Pemegang jabatan sekarang: Penerus Contoh, M.H."
    assert after[0][3:] == before[0][3:]
    assert after[1][2] == f"{signatures[1].full_name} Jabatan ini sekarang kosong"
    told = facts_of(client, declaration)["signatories"]
    assert [row["name"] for row in told] == [signature.full_name for signature in signatures]
    assert told[0]["holder_now"] == {"name": "Penerus Contoh, M.H.", "capacity": "definitif"}
    assert told[1]["holder_now"] == {"name": None, "capacity": None}


def test_who_signed_with_a_name_that_changed_since_is_no_other_person(client):
    signature = make_signature(state="accepted")
    Official.objects.filter(pk=signature.official_id).update(title_after="S.Sos., M.Si., Ph.D.")
    (row,) = rows_of(client, signature.signatory.declaration)
    assert row[2] == signature.full_name


def test_c62_the_json_obeys_the_page_and_says_the_same(client):
    draft = make_declaration(state="draft", slots=1)
    for name in PAGES:
        answer = client.get(reverse(f"commitments:{name}", args=[draft.code]))
        assert answer.status_code == 404
        assert draft.title not in answer.text
    declaration = make_declaration(slots=2, number="100/PUG/2026")
    signature = make_signature(declaration.signatories.first(), state="accepted")
    answer = client.get(reverse("commitments:verify_json", args=[declaration.code]))
    facts, page = answer.json(), page_of(client, declaration).text
    assert facts["signatories"][0]["signed_at"] == dates.iso(signature.signed_at)
    assert (facts["signed"], facts["posts"], facts["document"]) == (1, 2, None)
    for said in (
        facts["declaration"]["title"],
        facts["declaration"]["number"],
        facts["signatories"][0]["name"],
    ):
        assert said in page
    for point in facts["text"]["points"]:
        assert all(text in page for text in (point["text"], *point["sub_points"]))
    assert all(row in page for row in facts["text"]["basis"])
    assert answer["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_an_unknown_code_is_told_apart_from_a_mistyped_one_in_json_too(client):
    unknown = client.get(reverse("commitments:verify_json", args=[codes.new_code()]))
    mistyped = client.get(reverse("commitments:verify_json", args=["ZZZZ"]))
    assert (unknown.json()["status"], mistyped.json()["status"]) == ("unknown", "mistyped")


def test_the_documented_example_has_every_name_of_the_json_and_no_other(client):
    def names(value):
        if isinstance(value, list):
            return names(value[0]) if value else set()
        if not isinstance(value, dict):
            return set()
        return {*value, *(name for inner in value.values() for name in names(inner))}

    example = (settings.BASE_DIR / "docs/verification.md").read_text().split("```json")[1].split("```")[0]
    old = make_declaration(slots=1)
    slot = old.signatories.get()
    make_signature(slot, state="accepted", at=dates.now() - timedelta(days=2))
    publishing.close(old, by=old.created_by)
    make_document(old)
    appoint(slot.position, official=make_official(), starts_on=dates.today(), by=old.created_by)
    publishing.publish(publishing.revise(old, by=old.created_by), by=old.created_by)
    assert names(json.loads(example)) == names(facts_of(client, old))


def test_while_signing_goes_on_the_public_gets_the_end_of_the_chain_and_not_the_chain(client):
    declaration = make_declaration(slots=2)
    address = reverse("commitments:evidence_json", args=[declaration.code])
    slot = declaration.signatories.in_protocol_order()[0]
    signing.decline(slot, reason="Sedang dirawat.", by=slot.holder.official.user)
    answer = client.get(address)
    assert (answer.status_code, answer.json()["status"]) == (404, "open")
    assert "declined" not in answer.text
    last = declaration.ledger.latest("sequence")
    assert facts_of(client, declaration)["head"] == {"sequence": last.sequence, "hash": last.hash}
    page = page_of(client, declaration).text
    assert address not in page
    assert last.hash in page.replace(" ", "")
    publishing.close(declaration, by=declaration.created_by)
    assert address in page_of(client, declaration).text
    told = client.get(address).json()
    assert {"sequence": last.sequence, "hash": last.hash}.items() <= told["entries"][
        last.sequence - 1
    ].items()


@pytest.mark.parametrize("name", PAGES)
def test_evidence_of_what_was_withdrawn_stays(client, name):
    declaration = make_declaration(slots=1)
    publishing.withdraw(declaration, by=declaration.created_by, reason="Salah naskah.")
    assert client.get(reverse(f"commitments:{name}", args=[declaration.code])).status_code == 200


def test_the_evidence_is_a_download(client):
    declaration = make_signature(state="accepted").signatory.declaration
    publishing.close(declaration, by=declaration.created_by)
    answer = client.get(reverse("commitments:evidence_json", args=[declaration.code]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer["Content-Disposition"] == f'attachment; filename="bukti-{declaration.printed_code}.json"'
    assert json.loads(answer.content)


def public_addresses(client):
    """The name of every address of the commitments that does not lead to the login."""
    (ours,) = [
        found for found in get_resolver().url_patterns if getattr(found, "app_name", "") == "commitments"
    ]
    for pattern in commitment_patterns(ours.url_patterns):
        kinds = {"int": 1, "sheet": "csv"}
        taken = pattern.pattern.converters.values()
        arguments = [
            kinds.get(type(kind).__name__.lower().removesuffix("converter"), "csv") for kind in taken
        ]
        answer = client.get(reverse(f"commitments:{pattern.name}", args=arguments))
        if "/akun/masuk/" not in answer.headers.get("Location", ""):
            yield pattern.name


def test_c07_nothing_private_is_in_any_public_body(client):
    guides = {"guide", "guide_role", "privacy"}  # the same for everybody: no row of the database is in them
    doors = {
        name for name in public_addresses(client) if name.startswith("door") or name == "letter"
    }  # test_doors
    assert set(public_addresses(client)) == {"landing", "verify", "check_file", *PAGES, *guides, *doors}
    admin = make_user("admin", first_name="Rahasia", last_name="Zubaidah", username="rahasia.admin")
    declaration = make_declaration(slots=2, by=admin)
    first, second = declaration.signatories.in_protocol_order()
    Official.objects.update(phone="081234567890", email="pribadi@contoh.example")
    drawn = make_signature(first, state="accepted", user_agent="Peramban-Rahasia/1.0")
    again = make_signature(second, state="returned")
    second.refresh_from_db()
    publishing.excuse(second, reason="Alasan yang rahasia", by=admin)
    publishing.close(declaration, by=admin)
    make_document(declaration)
    secrets = {
        drawn.nip, again.nip, drawn.user.email, drawn.user.username, admin.email, admin.username, "Zubaidah",
        "081234567890", "pribadi@contoh.example", "Peramban-Rahasia", "Alasan yang rahasia", again.full_name,
        "Goresan tidak terbaca", str(drawn.idempotency_key), drawn.number, drawn.printed_number, drawn.salt,
        declaration.salt, outline_of(drawn).d, str(drawn.strokes["strokes"][0][0]), "IV/c", "127.0.0.1",
    }  # fmt: skip
    bodies = [client.get(reverse("commitments:landing")), client.get(reverse("commitments:check_file"))]
    bodies += [client.get(reverse(f"commitments:{name}", args=[declaration.code])) for name in PAGES]
    bodies.append(client.get(reverse("commitments:verify"), {"kode": declaration.code}, follow=True))
    receipt = client.get(
        reverse("commitments:verify_code", args=[drawn.number])
    )  # looks like a code, and is none
    assert (receipt.status_code, drawn.full_name in receipt.text) == (404, False)
    bodies.append(client.get(reverse("commitments:guide")))
    for answer in bodies:
        assert [secret for secret in secrets if secret in answer.text] == []
        assert not re.search(r"\b\d{18}\b", re.sub(r"\b[0-9a-f]{64}\b", "", answer.text))


def test_c51_the_host_is_the_configured_one_whatever_host_came_in(client, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://komitmen.example", ["*"]
    declaration = make_declaration(slots=1)
    url = reverse("commitments:verify_code", args=[declaration.code])
    page = client.get(url, headers={"host": "palsu.example"}).text
    assert "komitmen.example" in page
    assert "palsu.example" not in page
    json_url = reverse("commitments:verify_json", args=[declaration.code])
    facts = client.get(json_url, headers={"host": "palsu.example"}).json()
    assert facts["address"] == f"https://komitmen.example/v/{declaration.code}"
    paper = declaration_html(declaration, final=False, page_size="f4")
    assert f"komitmen.example/v/{declaration.code}" in paper
    assert declaration.printed_code in paper
    same = drawings.qr(f"https://komitmen.example/v/{declaration.code}")
    assert common_images(declaration, "f4")["qr:verify"].ops == same.ops


@pytest.mark.parametrize("slots", [1, 3])
def test_the_landing_page_costs_the_same_for_any_number_of_posts(client, slots, django_assert_num_queries):
    declaration = make_declaration(slots=slots)
    make_signature(declaration.signatories.first())
    with django_assert_num_queries(3):  # the declaration, its slots, its points
        answer = client.get(reverse("commitments:landing"))
    assert answer.context["signed"] == 1
    assert answer.text.count("<rect ") == slots
    assert answer.text.count('class="fill-accent"') == 1


def test_the_landing_page_prefers_what_is_open_and_is_not_empty_without(client):
    assert "Belum ada deklarasi yang terbit" in client.get(reverse("commitments:landing")).text
    make_declaration(slots=1, year=2028, state="withdrawn")
    make_declaration(slots=1, year=2029, state="draft")
    make_declaration(slots=1, year=2025, state="closed")
    newest_closed = make_declaration(slots=1, year=2027, state="closed")
    assert client.get(reverse("commitments:landing")).context["declaration"] == newest_closed
    still_open = make_declaration(slots=1, year=2026)
    assert client.get(reverse("commitments:landing")).context["declaration"] == still_open


def test_the_landing_page_names_each_declaration_that_is_being_signed(client):
    older = make_declaration(slots=3, year=2025, title="Deklarasi Lama")
    signed, accepted, _waiting = older.signatories.all()
    make_signature(signed)
    make_signature(accepted, state="accepted")
    assert client.get(reverse("commitments:landing")).context["being_signed"] == []
    newer = make_declaration(slots=4, year=2026, title="Deklarasi Baru", sign_by="2026-12-09")
    same_year = make_declaration(slots=1, year=2026, title="Deklarasi Kedua")

    answer = client.get(reverse("commitments:landing"))
    assert answer.context["being_signed"] == [same_year, newer, older]
    assert answer.context["declaration"] == same_year
    assert answer.context["total"] == 1
    text = " ".join(answer.text.split())
    for words in (
        "Deklarasi Lama</span> · Tahun 2025",
        "Batas waktu 9 Desember 2026",
        "2 dari 3",
        "0 dari 4",
    ):
        assert words in text


def test_c61_markup_in_a_title_stays_text(client):
    declaration = make_declaration(slots=1, title="<script>alert(1)</script>")
    for text in (page_of(client, declaration).text, client.get(reverse("commitments:landing")).text):
        assert "<script>alert" not in text


@pytest.mark.parametrize("code", ["%00", "a" * 300, "../../etc", "%F0%9F%98%80", "'", "%25"])
def test_c71_any_code_in_the_address_is_a_4xx_at_most(client, code):
    assert client.get(f"/v/{code}").status_code in {400, 404}


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60))
def test_c71_any_text_in_path_or_query_is_answered_below_500(client, text):
    for name in PAGES:
        path = reverse(f"commitments:{name}", args=["KODE"]).replace("KODE", quote(text, safe=""))
        assert client.get(path).status_code < 500
    for name in ("verify", "check_file"):
        assert client.get(reverse(f"commitments:{name}"), {"kode": text, text: "x"}).status_code < 500
