"""The matrix, the queue, and the page on which one signature is decided."""

import re

import pytest
from django.urls import reverse

from commitments.models import LedgerEntry, Review, Signatory
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from commitments.reviewing.matrix import matrix_of
from tests.factories import (
    make_declaration,
    make_position,
    make_signature,
    make_slot,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer")
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


@pytest.mark.parametrize("slots", [1, 3, 75])
@pytest.mark.parametrize("name", ["matrix", "matrix_map"])
def test_c60_the_matrix_costs_the_same_for_any_number_of_posts(
    client, reviewer, slots, name, django_assert_num_queries
):
    declaration = make_declaration(slots=slots)
    make_signature(declaration.signatories.first())
    # session, user, roles, the declaration, its slots, their holders, the count in the frame, offices of the user
    with django_assert_num_queries(8):
        answer = client.get(url(name, declaration.pk))
    assert len(answer.context["matrix"].shown) == slots


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_for_any_length(client, reviewer, rows, django_assert_num_queries):
    declaration = make_declaration(slots=rows + 1)
    waiting = [make_signature(slot) for slot in declaration.signatories.in_protocol_order()[:rows]]
    make_signature(declaration.signatories.in_protocol_order()[rows], state="accepted")
    with django_assert_num_queries(
        7
    ):  # session, user, roles, the queue, its drawings, the count in the frame, offices of the user
        answer = client.get(url("review_queue"))
    assert list(answer.context["queue"]) == waiting


@pytest.mark.parametrize("rows", [1, 3])
def test_the_review_page_costs_the_same_for_any_queue(client, reviewer, rows, django_assert_num_queries):
    declaration = make_declaration(slots=rows)
    signatures = [make_signature(slot) for slot in declaration.signatories.in_protocol_order()]
    # session, user, roles, the signature, the queue, earlier ones, its reviews, the count in
    # the frame, offices
    with django_assert_num_queries(10):
        client.get(url("review", signatures[0].pk))


def test_the_matrix_says_who_is_missing_and_what_to_check():
    declaration = make_declaration(
        positions=[
            make_tenure().position,
            make_tenure().position,
            make_tenure(capacity="plt").position,
            make_position(),
        ]
    )
    first, second, *_rest = declaration.signatories.in_protocol_order()
    make_signature(first)
    make_signature(second, state="accepted")
    matrix = matrix_of(declaration)
    assert matrix.headline == "2 jabatan belum tuntas, 1 perlu diperiksa"
    assert [(chip["value"], chip["count"]) for chip in matrix.chips if chip["count"]] == [
        ("waiting", 2),
        ("signed", 1),
        ("accepted", 1),
    ]
    assert [slot.state for slot in matrix_of(declaration, state="signed").shown] == ["signed"]
    assert matrix_of(declaration, state="bukan").shown == matrix.slots


def test_the_search_ignores_spaces_and_finds_persons_too():
    tenure = make_tenure(position=make_position(title="Camat Pondokgede", category="camat"))
    declaration = make_declaration(positions=[tenure.position, make_tenure().position])
    assert [str(slot) for slot in matrix_of(declaration, query="pondok gede").shown] == ["Camat Pondokgede"]
    assert [str(slot) for slot in matrix_of(declaration, query=tenure.official.name).shown] == [
        "Camat Pondokgede"
    ]


def test_the_matrix_answers_htmx_with_the_live_part_only(client, reviewer):
    declaration = make_declaration(slots=1)
    answer = client.get(url("matrix", declaration.pk), headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<div id="live"')
    assert "<html" not in answer.text


def test_a_draft_has_no_matrix(client, reviewer):
    assert client.get(url("matrix", make_declaration(state="draft").pk)).status_code == 404


def test_accepting_goes_on_to_the_next(client, reviewer):
    declaration = make_declaration(slots=2)
    first, second = [make_signature(slot) for slot in declaration.signatories.in_protocol_order()]
    answer = client.post(url("review_accept", first.pk))
    assert answer["Location"] == url("review", second.pk)
    assert client.post(url("review_accept", second.pk))["Location"] == url("review_queue")
    assert Review.objects.filter(decision="accepted", by=reviewer).count() == 2


def test_accepting_with_htmx_replaces_the_row_and_the_count(client, reviewer):
    declaration = make_declaration(slots=2)
    first, _second = [make_signature(slot) for slot in declaration.signatories.in_protocol_order()]
    answer = client.post(url("review_accept", first.pk), headers={"HX-Request": "true"})
    assert answer.text.strip().startswith(f'<tr id="signature-{first.pk}"')
    assert "Diterima" in answer.text
    assert 'hx-swap-oob="true">1<' in answer.text


def test_the_bar_with_the_decision_is_no_part_of_the_form_so_that_it_stays_in_sight(client, reviewer):
    """A sticky bar leaves its parent never, and the parent was a form no higher than the bar."""
    page = client.get(url("review", make_signature().pk)).text
    before = page[: page.index('<div class="action-bar">')]
    assert before.count("<form ") == before.count("</form>")
    assert re.search(r'<button[^>]* type="submit" form="accept">', page)
    assert re.search(r'<form [^>]*/setujui/" id="accept">', page)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"reason": "", "note": ""}, "select"), ({"reason": "", "note": "x" * 401}, "textarea")],
)
def test_a_refused_return_leads_the_browser_to_what_is_wrong(client, reviewer, values, field):
    page = client.post(url("review_return", make_signature().pk), values).text
    assert re.findall(r"<(\w+)[^>]* autofocus", page) == [field]


def test_c40_returning_needs_a_reason_and_loses_nothing_that_was_typed(client, reviewer):
    signature = make_signature()
    answer = client.post(url("review_return", signature.pk), {"reason": "", "note": " "})
    assert answer.status_code == 422
    assert "Pilih atau tulis alasan" in answer.text
    long = "x" * 401
    answer = client.post(url("review_return", signature.pk), {"note": long})
    assert (answer.status_code, long in answer.text) == (422, True)
    assert Review.objects.count() == 0

    client.post(url("review_return", signature.pk), {"note": "Goresan <b>terpotong</b>."})
    assert Review.objects.get().reason == "Goresan <b>terpotong</b>."
    assert Signatory.objects.get(pk=signature.signatory_id).state == "returned"
    assert "&lt;b&gt;terpotong" in client.get(url("review", signature.pk)).text


def test_whoever_is_second_gets_a_message(client, reviewer):
    signature = make_signature(state="accepted")
    answer = client.post(url("review_accept", signature.pk), follow=True)
    assert answer.status_code == 200
    assert "Sudah diputuskan pengguna lain" in answer.text


def test_the_page_shows_who_as_what_how_and_earlier_signatures(client, reviewer):
    tenure = make_tenure(capacity="plt")
    slot = make_slot(positions=[tenure.position])
    make_signature(slot, state="returned")
    again = make_signature(slot, typed=True)
    text = client.get(url("review", again.pk)).text
    for shown in (again.full_name, "Plt.", "SP/1/CONTOH", "Diketik", "Sidik sama", again.printed_number):
        assert shown in text
    assert again.nip not in text
    assert text.count("<figure") == 2


def test_an_older_signature_can_be_seen_but_not_decided(client, reviewer):
    first = make_signature(state="returned")
    make_signature(first.signatory)
    text = client.get(url("review", first.pk)).text
    assert "Digantikan yang lebih baru" in text
    assert not {"/setujui/", "/kembalikan/"} & set(re.findall(r"/(?:setujui|kembalikan)/", text))
    assert "digantikan" in client.post(url("review_accept", first.pk), follow=True).text


def test_nothing_is_decided_once_the_declaration_is_closed(client, reviewer):
    signature = make_signature(state="accepted")
    publishing.close(signature.signatory.declaration, by=reviewer)
    text = client.get(url("review", signature.pk)).text
    assert "/kembalikan/" not in text
    client.post(url("review_return", signature.pk), {"note": "Terlambat."})
    assert Signatory.objects.get(pk=signature.signatory_id).state == "accepted"


def test_a_post_is_excused_once(client):
    client.force_login(make_user("admin"))
    slot = make_slot()
    address = url("slot_excuse", slot.declaration_id, slot.pk)
    assert address in client.get(url("matrix", slot.declaration_id)).text
    client.post(address, {"reason": "Sedang umrah."})
    assert address not in client.get(url("matrix", slot.declaration_id)).text
    assert "tidak dapat dilakukan" in client.post(address, {"reason": "Lagi."}, follow=True).text
    assert Signatory.objects.get().reason == "Sedang umrah."


def test_an_empty_queue_says_what_next(client, reviewer):
    assert "Tidak ada yang menunggu" in client.get(url("review_queue")).text


def waiting_signatures(number):
    declaration = make_declaration(slots=number)
    return [make_signature(slot) for slot in declaration.signatories.in_protocol_order()]


def states_of(signatures):
    slots = {slot.pk: slot.state for slot in Signatory.objects.all()}
    return [slots[signature.signatory_id] for signature in signatures]


def test_accept_many_accepts_what_is_ticked_and_leaves_the_rest(client, reviewer):
    signatures = waiting_signatures(3)
    shown = client.get(url("review_many")).context["shown"]
    answer = client.post(url("review_many"), {"shown": shown, "chosen": [s.pk for s in signatures[:2]]})
    assert (answer.status_code, answer.url) == (302, url("review_many"))
    assert states_of(signatures) == ["accepted", "accepted", "signed"]
    assert [review.by for review in Review.objects.all()] == [reviewer, reviewer]
    assert LedgerEntry.objects.filter(kind="accepted").count() == 2


def test_accept_many_refuses_what_this_page_has_not_shown(client, reviewer):
    (seen,) = waiting_signatures(1)
    shown = client.get(url("review_many")).context["shown"]
    (unseen,) = waiting_signatures(1)
    answer = client.post(url("review_many"), {"shown": shown, "chosen": [seen.pk, unseen.pk]})
    assert answer.status_code == 422
    assert states_of([seen, unseen]) == ["signed", "signed"]
    assert str(seen.pk) in answer.context["chosen"]  # what was ticked stays ticked


@pytest.mark.parametrize("shown", ["", "x", "\x00", "[1,2]:bogus:sig", "9" * 5000])
def test_accept_many_believes_only_its_own_list(client, reviewer, shown):
    (signature,) = waiting_signatures(1)
    answer = client.post(url("review_many"), {"shown": shown, "chosen": [signature.pk]})
    assert answer.status_code in {400, 422}
    assert states_of([signature]) == ["signed"]


def test_accept_many_does_not_believe_the_list_of_another_reviewer(client, reviewer):
    (signature,) = waiting_signatures(1)
    shown = client.get(url("review_many")).context["shown"]
    client.force_login(make_user("reviewer"))
    assert client.post(url("review_many"), {"shown": shown, "chosen": [signature.pk]}).status_code == 422
    assert states_of([signature]) == ["signed"]


def test_accept_many_with_nothing_ticked_asks_to_look(client, reviewer):
    (signature,) = waiting_signatures(1)
    shown = client.get(url("review_many")).context["shown"]
    answer = client.post(url("review_many"), {"shown": shown})
    assert answer.status_code == 422
    assert "Belum ada yang dipilih" in answer.text
    assert states_of([signature]) == ["signed"]


def test_accept_many_goes_on_when_somebody_else_was_faster(client, reviewer):
    signatures = waiting_signatures(3)
    shown = client.get(url("review_many")).context["shown"]
    reviewing.give_back(signatures[1], reason="Goresan tidak terbaca.", by=make_user("reviewer"))
    answer = client.post(
        url("review_many"), {"shown": shown, "chosen": [s.pk for s in signatures]}, follow=True
    )
    assert states_of(signatures) == ["accepted", "returned", "accepted"]
    assert "2 tanda tangan diterima." in answer.text
    assert f"{signatures[1].position_title}: " in answer.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_to_accept_many_costs_the_same_for_any_length(
    client, reviewer, rows, django_assert_num_queries
):
    waiting_signatures(rows)
    # session, user, roles, the signatures, their drawings, how many wait, the count in the frame, offices of the user
    with django_assert_num_queries(8):
        assert len(client.get(url("review_many")).context["queue"]) == rows
