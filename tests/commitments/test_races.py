"""Everybody at once: threads against a real database, on PostgreSQL and on SQLite."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from commitments import chain
from commitments.models import LedgerEntry, OutgoingMail, Review, Signatory, Signature
from commitments.moves import MoveError
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from commitments.signing import verbs as signing
from tests.factories import CONSENT, drawn, holder_of, make_declaration, make_signature, make_slot, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(*calls):
    """Run each call in a thread of its own, all from the same moment; what each returned or raised, in order."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def signing_of(slot, *, key=None):
    values = {"mark": drawn(), "consent": CONSENT, "key": key or uuid4(), "by": holder_of(slot)}
    return lambda: signing.sign(Signatory.objects.get(pk=slot.pk), **values)


def test_c29_75_threads_sign_75_slots():
    declaration = make_declaration(slots=75)
    results = all_at_once(*[signing_of(slot) for slot in declaration.signatories.all()])

    assert [type(result) for result in results] == [Signature] * 75
    assert len({result.number for result in results}) == 75
    sequences = LedgerEntry.objects.filter(declaration=declaration).values_list("sequence", flat=True)
    assert sorted(sequences) == list(range(1, 77))  # publishing, and 75 signatures
    assert declaration.signatories.filter(state="signed").count() == 75
    assert chain.verify(declaration) == []


def test_c02_two_identical_requests_at_once_make_one_signature():
    make_user("reviewer")
    slot, key = make_slot(), uuid4()
    results = all_at_once(*[signing_of(slot, key=key)] * 8)

    assert {result.number for result in results} == {Signature.objects.get().number}
    assert LedgerEntry.objects.filter(kind="signed").count() == 1
    assert OutgoingMail.objects.filter(dedup_key__startswith="signed:").count() == 1
    assert chain.verify(slot.declaration) == []


def test_two_tabs_at_once_make_one_signature_and_one_refusal():
    slot = make_slot()
    results = all_at_once(signing_of(slot), signing_of(slot))
    assert sorted(type(result).__name__ for result in results) == ["MoveError", "Signature"]
    assert Signature.objects.count() == 1


def test_two_reviewers_at_once_make_one_decision():
    signature = make_signature()
    one, two = make_user("reviewer"), make_user("reviewer")
    results = all_at_once(
        lambda: reviewing.accept(Signature.objects.get(pk=signature.pk), by=one),
        lambda: reviewing.accept(Signature.objects.get(pk=signature.pk), by=two),
    )
    assert sum(isinstance(result, Review) for result in results) == 1
    assert Review.objects.count() == 1
    assert chain.verify(signature.signatory.declaration) == []


@pytest.mark.parametrize("attempt", range(5))
def test_a_close_and_a_signature_at_once_never_leave_one_unreviewed(attempt):
    slot = make_slot()
    closing = slot.declaration
    results = all_at_once(signing_of(slot), lambda: publishing.close(closing, by=closing.created_by))

    assert sum(isinstance(result, MoveError) for result in results) == 1
    closing.refresh_from_db()
    state = Signatory.objects.get(pk=slot.pk).state
    assert (closing.state, state) in {("open", "signed"), ("closed", "waiting")}
    assert chain.verify(closing) == []
