"""The public pages."""

import pytest
from django.urls import reverse

from commitments import codes
from commitments.printing import verbs as printing
from commitments.publishing import verbs as publishing
from tests.factories import make_declaration, make_signature

pytestmark = pytest.mark.django_db


def page_of(client, declaration):
    return client.get(reverse("commitments:verify_code", args=[declaration.code]))


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


def test_a_known_and_an_unknown_code_cost_the_same_look_up(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # the declaration by its code
        client.get(reverse("commitments:verify_code", args=[codes.new_code()]))
    with django_assert_num_queries(1):
        client.get(reverse("commitments:verify_code", args=["ZZZZ"]))
    declaration = make_declaration(slots=3)
    with django_assert_num_queries(3):  # the declaration, the states of its slots, its final
        page_of(client, declaration)


def test_nothing_private_is_shown(client):
    signature = make_signature(state="accepted")
    text = (
        page_of(client, signature.signatory.declaration).text
        + client.get(reverse("commitments:landing")).text
    )
    for private in (signature.nip, signature.user.email, signature.user.username):
        assert private not in text


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


def test_c61_markup_in_a_title_stays_text(client):
    declaration = make_declaration(slots=1, title="<script>alert(1)</script>")
    for text in (page_of(client, declaration).text, client.get(reverse("commitments:landing")).text):
        assert "<script>alert" not in text


@pytest.mark.parametrize("code", ["%00", "a" * 300, "../../etc", "%F0%9F%98%80", "'", "%25"])
def test_c71_any_code_in_the_address_is_a_4xx_at_most(client, code):
    assert client.get(f"/v/{code}").status_code in {400, 404}
