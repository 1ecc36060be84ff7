"""The hash chain: what it says, and what it notices."""

import hashlib
import io
import json
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
import rfc8785
from django.core.management import call_command
from django.db import connection

from commitments import chain, triggers
from commitments.models import GENESIS, LedgerEntry, LedgerHead, Point, Review, Signature
from commitments.reviewing import verbs as reviewing
from tests.factories import (
    make_declaration,
    make_official,
    make_signature,
    make_slot,
    make_tenure,
    make_user,
)
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


def faults_of(declaration):
    declaration.refresh_from_db()
    return [str(fault) for fault in chain.verify(declaration)]


@pytest.fixture
def unfenced():
    """Plain SQL without the triggers: what somebody with the database's password can do."""
    with as_owner(), connection.cursor() as cursor:
        triggers.remove(SimpleNamespace(connection=connection, execute=cursor.execute))
        yield cursor.execute


def test_each_entry_carries_the_hash_of_the_one_before():
    declaration = make_declaration(slots=1)
    make_signature(declaration.signatories.get(), state="accepted")
    entries = list(declaration.ledger.order_by("sequence"))

    assert [entry.kind for entry in entries] == ["published", "signed", "accepted"]
    assert [entry.previous_hash for entry in entries] == [GENESIS, entries[0].hash, entries[1].hash]
    head = LedgerHead.objects.get(declaration=declaration)
    assert (head.sequence, head.hash) == (3, entries[2].hash)
    assert faults_of(declaration) == []


def test_the_hash_can_be_recomputed_with_nothing_of_ours():
    declaration = make_declaration(slots=1)
    entry = declaration.ledger.get()
    body = {
        "declaration": declaration.pk,
        "sequence": 1,
        "kind": "published",
        "payload": entry.payload,
        "actor": entry.actor_id,
        "created_at": entry.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    assert entry.hash == hashlib.sha256(bytes(32) + rfc8785.dumps(body)).hexdigest()


def test_the_payload_holds_no_name_and_no_drawing():
    signature = make_signature()
    entry = signature.signatory.declaration.ledger.get(kind="signed")
    text = json.dumps(entry.payload)
    assert signature.full_name not in text
    assert signature.nip not in text
    assert set(entry.payload) == {"signature", "slot", "text_digest", "at", "records"}


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "UPDATE commitments_ledgerentry SET actor_id = NULL WHERE sequence = 2",
            "entri 2: entri ini berubah di luar sistem: kolom actor_id",
        ),
        (
            "UPDATE commitments_ledgerentry SET hash = previous_hash WHERE sequence = 2",
            "entri 2: entri ini berubah di luar sistem: kolom hash",
        ),
        ("DELETE FROM commitments_ledgerentry WHERE sequence = 2", "entri 2: entri hilang"),
        (
            "DELETE FROM commitments_ledgerentry WHERE sequence = 3",
            "ujung riwayat menyebut entri 3, ditemukan 2",
        ),
        ("UPDATE commitments_signature SET full_name = 'Orang Lain'", "signature:"),
        ("UPDATE commitments_signature SET nip = '1'", "signature:"),
        ("UPDATE commitments_review SET reason = 'lain'", "review:"),
        (
            "UPDATE commitments_signatory SET state = 'waiting'",
            "berkeadaan “Menunggu”, riwayat menyebut “Diterima”",
        ),
        (
            "UPDATE commitments_declaration SET state = 'closed', closed_at = published_at",
            "riwayat menyebut “Sedang ditandatangani”",
        ),
        ("UPDATE commitments_declaration SET title = 'Lain'", "teks naskah tidak cocok"),
        ("UPDATE commitments_point SET text = 'lain'", "teks naskah tidak cocok"),
    ],
)
def test_c42_a_row_altered_behind_its_back_is_found_and_named(unfenced, sql, told):
    declaration = make_declaration(slots=1)
    make_signature(declaration.signatories.get(), state="accepted")
    assert faults_of(declaration) == []

    unfenced(sql)

    assert told in "\n".join(faults_of(declaration))


def test_c42_a_signature_slipped_in_without_an_entry_is_told(unfenced):
    declaration = make_declaration(slots=2)
    signature, other = [make_signature(slot) for slot in declaration.signatories.all()]

    unfenced("DELETE FROM commitments_ledgerentry WHERE sequence = 3")

    assert f"baris signature:{other.pk} tidak disebut riwayat" in "\n".join(faults_of(declaration))
    assert f"signature:{signature.pk}" not in "\n".join(faults_of(declaration))


def test_verify_ledger_says_so_by_its_exit_status(unfenced):
    signature = make_signature()
    out = io.StringIO()
    call_command("verify_ledger", stdout=out)
    assert "Riwayat utuh." in out.getvalue()

    unfenced("UPDATE commitments_signature SET consent = 'lain'")

    out = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_ledger", "--json", stdout=out)
    assert stop.value.code == 1
    faults = json.loads(out.getvalue())["faults"]
    assert [(fault["declaration"], fault["sequence"]) for fault in faults] == [
        (signature.signatory.declaration_id, 2)
    ]


def test_models_and_managers_refuse_before_the_database_does():
    signature = make_signature()
    entry = LedgerEntry.objects.first()
    for attempt in (
        signature.save,
        signature.delete,
        entry.save,
        entry.delete,
        Signature.objects.all().delete,
        lambda: LedgerEntry.objects.update(kind="signed"),
    ):
        with pytest.raises(TypeError, match="Append-only"):
            attempt()


def test_the_digest_covers_each_part_of_the_text():
    declaration = make_declaration(state="draft", slots=1)
    seen = {declaration.compute_digest()}
    for change in (
        lambda: setattr(declaration, "title", "Lain"),
        lambda: setattr(declaration, "opening", "Lain"),
        lambda: setattr(declaration, "closing", "Lain"),
        lambda: Point.objects.filter(declaration=declaration, order=2).update(sub_points=["satu;", "tiga."]),
        lambda: declaration.legal_basis.update(text="Lain"),
    ):
        change()
        seen.add(declaration.compute_digest())
    assert len(seen) == 6


@pytest.mark.parametrize("typed", [True, False])
def test_a_row_just_inserted_is_sealed_as_the_database_stores_it(typed):
    """`made` rows are sealed from memory: each column must come back from the database as it went in."""
    odd = make_official(name="Cafe\N{COMBINING ACUTE ACCENT} O'Neil", user=make_user())
    slot = make_slot(positions=[make_tenure(official=odd, capacity="plt").position])
    at = datetime(2026, 11, 25, 23, 59, 59, 1, tzinfo=timezone(timedelta(hours=7)))
    signature = make_signature(slot, typed=typed, user_agent="x " * 200, at=at)
    review = reviewing.give_back(
        signature, reason="  Cafe\N{COMBINING ACUTE ACCENT} ", by=make_user("reviewer"), at=at
    )
    assert signature.record() == Signature.objects.get(pk=signature.pk).record()
    assert review.record() == Review.objects.get(pk=review.pk).record()
    assert faults_of(slot.declaration) == []
