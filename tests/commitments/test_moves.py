"""Every pair of states of every machine."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from commitments import moves, states
from commitments.models import Declaration, Evidence, Report, Signatory
from commitments.moves import MoveError, move
from commitments.states import DeclarationState, SignatoryState
from tests.factories import make_declaration, make_signature, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("source", "to"), list(itertools.product(SignatoryState, repeat=2)))
def test_a_slot_moves_only_along_the_table(source, to):
    signature = make_signature()
    slot = signature.signatory
    Signatory.objects.filter(pk=slot.pk).update(state=source, reason="alasan")
    slot.refresh_from_db()
    before = slot.declaration.ledger.count()

    if to in states.SIGNATORY_MOVES[source]:
        move(slot, to, by=signature.user)
        assert Signatory.objects.get(pk=slot.pk).state == to
        assert slot.declaration.ledger.count() == before + 1
        return
    with pytest.raises(MoveError):
        move(slot, to, by=signature.user)
    assert Signatory.objects.get(pk=slot.pk).state == source
    assert slot.declaration.ledger.count() == before


@pytest.mark.parametrize(("source", "to"), list(itertools.product(DeclarationState, repeat=2)))
def test_a_declaration_moves_only_along_the_table(source, to):
    declaration = make_declaration(state="draft", slots=1)
    now = timezone.now()
    columns = {
        "published_at": now,
        "text_digest": "x" * 64,
        "closed_at": now,
        "ended_at": now,
        "end_reason": "alasan",
    }
    if source != DeclarationState.DRAFT:
        Declaration.objects.filter(pk=declaration.pk).update(state=source, **columns)
    declaration.refresh_from_db()

    allowed = to in states.DECLARATION_MOVES[source]
    try:
        move(
            declaration,
            to,
            by=declaration.created_by,
            changes=columns if source == "draft" else {},
        )
    except MoveError:
        assert not allowed
    else:
        assert allowed
    assert Declaration.objects.get(pk=declaration.pk).state == (to if allowed else source)


def test_whoever_is_slower_is_told_and_changes_nothing():
    signature = make_signature()
    stale = Signatory.objects.get(pk=signature.signatory_id)
    make_review = Signatory.objects.get(pk=stale.pk)
    move(make_review, SignatoryState.ACCEPTED, by=make_user("reviewer"))

    with pytest.raises(MoveError, match="Sudah diubah"), transaction.atomic():
        move(stale, SignatoryState.RETURNED, by=make_user("reviewer"))

    assert Signatory.objects.get(pk=stale.pk).state == SignatoryState.ACCEPTED


def test_every_machine_has_a_table_for_every_state():
    assert set(moves.MOVES) == {Declaration, Signatory, Report, Evidence}
    assert set(states.DECLARATION_MOVES) == set(DeclarationState)
    assert set(states.SIGNATORY_MOVES) == set(SignatoryState)
    assert set(states.WORK_MOVES) == set(states.WorkState)


def test_nobody_has_no_role():
    from commitments.permissions import VERBS, may

    assert not any(may(AnonymousUser(), verb) for verbs in VERBS.values() for verb in verbs)
