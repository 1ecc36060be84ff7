"""The history of a slot: everything in the order of time, with the names of the moment."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from agencies.models import Official, Position
from agencies.tenures import appoint
from commitments import dates
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from commitments.reviewing.history import history_of
from commitments.signing import verbs as signing
from tests.factories import (
    holder_of,
    make_declaration,
    make_official,
    make_position,
    make_signature,
    make_slot,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db


def url(slot):
    return reverse("commitments:slot_history", args=[slot.pk])


def told(slot):
    slot.refresh_from_db()
    return [(event.what, event.who, event.note, event.by) for event in history_of(slot)]


def at(days, hour=9):
    """So many days from today, in WIB."""
    return datetime.combine(dates.today() + timedelta(days), datetime.min.time(), dates.WIB).replace(
        hour=hour
    )


@pytest.fixture
def long_ago():
    """An open declaration of ten days ago with two posts, one of them of no interest here."""
    admin = make_user("admin")
    positions = [make_tenure().position for _ in range(2)]
    declaration = make_declaration(state="draft", positions=positions, by=admin)
    publishing.publish(declaration, by=admin, at=at(-10))
    return declaration


def test_c45_signatures_reviews_and_holders_stand_in_the_order_of_time(long_ago):
    slot, other = long_ago.signatories.in_protocol_order()
    admin, reviewer = long_ago.created_by, make_user("reviewer")
    make_signature(other, state="accepted", at=at(-9))
    signing.decline(slot, reason="Sedang cuti.", by=holder_of(slot), at=at(-9))
    first = make_signature(slot, at=at(-8))
    reviewing.give_back(first, reason="Goresan terpotong.", by=reviewer, at=at(-7))
    second = make_signature(slot, at=at(-6))
    reviewing.accept(second, by=reviewer, at=at(-5))
    new = make_official(name="Penerus", title_after="")
    appoint(slot.position, official=new, starts_on=dates.today() - timedelta(3), by=admin)
    Official.objects.filter(pk=first.official_id).update(name="Nama Baru", title_after="")
    Position.objects.filter(pk=slot.position_id).update(title="Jabatan Bernama Baru")
    long_ago.refresh_from_db()
    publishing.close(long_ago, by=admin, at=at(-1))

    person, marks = (
        first.full_name,
        [f"{mark.position_title}, Digambar, {mark.printed_number}" for mark in (first, second)],
    )
    signer = str(first.user)
    assert told(slot) == [
        ("Mulai memegang jabatan", "Nama Baru", "", ""),
        ("Naskah diterbitkan", "", "", str(admin)),
        ("Belum dapat menandatangani", "", "", signer),
        ("Ditandatangani", person, marks[0], signer),
        ("Tanda tangan dikembalikan", person, "Goresan terpotong.", str(reviewer)),
        ("Ditandatangani", person, marks[1], signer),
        ("Tanda tangan diterima", person, "", str(reviewer)),
        ("Berakhir memegang jabatan", "Nama Baru", "", ""),
        ("Mulai memegang jabatan", "Penerus", "", ""),
        ("Penandatanganan ditutup", "", "", str(admin)),
    ]


def test_the_last_reason_is_told_and_a_tenure_before_the_declaration_is_not(long_ago):
    slot = long_ago.signatories.in_protocol_order()[0]
    before = make_official()
    slot.position.tenures.update(starts_on=at(-20).date())
    make_tenure(position=slot.position, official=before, starts_on=at(-90).date(), ends_on=at(-21).date())
    signing.decline(slot, reason="Sedang cuti.", by=holder_of(slot), at=at(-3))
    publishing.excuse(slot, reason="Sedang umrah.", by=long_ago.created_by, at=at(-2))
    events = told(slot)
    assert "Sedang umrah." not in {note for _what, _who, note, _by in events[:-1]}
    assert events[-1] == ("Dibebaskan dari penandatanganan", "", "Sedang umrah.", str(long_ago.created_by))
    assert before.full_name not in {who for _what, who, _note, _by in events}


@pytest.mark.parametrize("end", ["withdrawn", "superseded"])
def test_the_end_of_the_declaration_is_told_of_each_slot(long_ago, end):
    admin, slot = long_ago.created_by, long_ago.signatories.in_protocol_order()[0]
    if end == "withdrawn":
        publishing.withdraw(long_ago, reason="Naskah keliru.", by=admin)
    else:
        publishing.publish(publishing.revise(long_ago, by=admin), by=admin)
    sentence = {"withdrawn": "Naskah dicabut", "superseded": "Digantikan versi baru"}[end]
    assert told(slot)[-1] == (sentence, "", "", str(admin))


def test_another_declaration_and_a_change_to_come_are_not_told(long_ago):
    slot = long_ago.signatories.in_protocol_order()[0]
    make_declaration(positions=[slot.position], state="closed")
    tomorrow = dates.today() + timedelta(1)
    appoint(slot.position, official=make_official(), starts_on=tomorrow, by=long_ago.created_by)
    assert slot.position.tenures.filter(ends_on=dates.today()).exists()  # and the day is not over
    assert [what for what, *_rest in told(slot)] == ["Mulai memegang jabatan", "Naskah diterbitkan"]


def test_a_late_slot_begins_when_it_was_added(long_ago):
    late = publishing.add_slot(long_ago, position=make_position(), by=long_ago.created_by, at=at(-4))
    assert told(late) == [("Jabatan ditambahkan", "", "", str(long_ago.created_by))]


def test_who_has_not_signed_has_a_history_too_and_the_page_says_so(client):
    slot = make_slot()
    client.force_login(make_user("monitor"))
    answer = client.get(url(slot))
    assert "Belum ada tanda tangan pada jabatan ini." in answer.text
    assert "Naskah diterbitkan" in answer.text


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_history_costs_the_same_for_any_length(client, rounds, django_assert_num_queries):
    slot = make_slot()
    for _ in range(rounds):
        make_signature(slot, state="returned")
    client.force_login(make_user("reviewer"))
    # session, user, roles; the slot, its entries, its signatures, their reviews, the holders
    # of its post; and of the frame: the count, the offices
    with django_assert_num_queries(10):
        assert client.get(url(slot)).text.count("Goresan tidak terbaca.") == rounds


def test_a_draft_has_no_history(client):
    client.force_login(make_user("admin"))
    assert client.get(url(make_slot(state="draft"))).status_code == 404
