"""Accepting and returning: the verbs. The pages are in test_reviewing_views.py."""

import pytest

from commitments.models import OutgoingMail, Review, Signatory, Signature
from commitments.moves import MoveError
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs
from tests.factories import make_declaration, make_signature, make_user

pytestmark = pytest.mark.django_db


def test_c40_a_return_needs_a_reason_keeps_the_signature_and_touches_nobody_else():
    declaration = make_declaration(slots=2)
    mine, other = [make_signature(slot) for slot in declaration.signatories.in_protocol_order()]
    with pytest.raises(MoveError, match="alasan"):
        verbs.give_back(mine, reason=" ", by=make_user("reviewer"))
    assert Review.objects.count() == 0

    verbs.give_back(mine, reason="Goresan tidak terbaca.", by=make_user("reviewer"))

    assert [slot.state for slot in declaration.signatories.in_protocol_order()] == ["returned", "signed"]
    assert set(Signature.objects.all()) == {mine, other}
    assert OutgoingMail.objects.get(dedup_key=f"returned:{mine.pk}").to == mine.user.email


def test_an_accepted_signature_is_told_to_its_signer_once():
    signature = make_signature(state="accepted")
    with pytest.raises(MoveError):
        verbs.accept(signature, by=make_user("reviewer"))
    assert OutgoingMail.objects.filter(dedup_key__startswith="accepted:").count() == 1
    assert Review.objects.count() == 1


def test_an_older_signature_is_not_decided_any_more():
    first = make_signature(state="returned")
    make_signature(first.signatory)
    with pytest.raises(MoveError, match="digantikan"):
        verbs.accept(first, by=make_user("reviewer"))


def test_a_hasty_acceptance_is_taken_back_while_the_declaration_is_open():
    signature = make_signature(state="accepted")
    verbs.give_back(signature, reason="SK Plt. belum ada.", by=make_user("reviewer"))
    assert Signatory.objects.get(pk=signature.signatory_id).state == "returned"
    second = make_signature(signature.signatory, state="accepted")
    publishing.close(second.signatory.declaration, by=make_user("admin"))
    with pytest.raises(MoveError, match="tidak sedang dibuka"):
        verbs.give_back(second, reason="Terlambat.", by=make_user("reviewer"))
    assert Signatory.objects.get(pk=signature.signatory_id).state == "accepted"


def test_what_was_accepted_and_given_back_is_not_accepted_again():
    signature = make_signature(state="accepted")
    reviewer = make_user("reviewer")
    verbs.give_back(signature, reason="Telanjur.", by=reviewer)
    with pytest.raises(MoveError, match="tidak dapat dilakukan"):
        verbs.accept(signature, by=reviewer)
    assert Signatory.objects.get(pk=signature.signatory_id).state == "returned"
    assert Review.objects.count() == 2
