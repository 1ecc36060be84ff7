"""The drill: whoever owns the database changes it behind our back, column by column, and is found out."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from commitments import chain, triggers
from commitments.models import (
    Declaration,
    Document,
    LedgerEntry,
    LegalBasis,
    Point,
    Review,
    Signatory,
    Signature,
)
from tests.factories import make_declaration, make_document, make_signature, make_slot
from tests.owner import as_owner

pytestmark = pytest.mark.django_db

COVERED = (Declaration, Point, LegalBasis, Signatory, Signature, Review, Document)
NUMBERS = {
    "PositiveSmallIntegerField",
    "PositiveIntegerField",
    "DecimalField",
    "ForeignKey",
    "OneToOneField",
}
JSON_COLUMNS = {"sub_points": '["lain"]', "strokes": "{}", "payload": '{"records": {}}'}


@pytest.fixture
def scene():
    """Two declarations: the first signed, accepted, returned and signed anew, closed and printed."""
    declaration = make_declaration(slots=3)
    first, second, _ = declaration.signatories.in_protocol_order()
    make_signature(first, state="accepted")
    make_signature(second, state="returned")
    make_signature(second, state="accepted", typed=True)
    make_document(declaration)
    make_signature(make_slot())
    declaration.refresh_from_db()
    assert chain.verify(declaration) == []
    return declaration


@contextmanager
def behind_its_back():
    """Plain SQL without triggers, checks or keys; all is as before afterwards."""
    with transaction.atomic(), as_owner(), connection.cursor() as cursor:
        triggers.remove(SimpleNamespace(connection=connection, execute=cursor.execute))
        try:
            _drop_checks(cursor)
            yield cursor.execute
        finally:
            _check_again(cursor)
            transaction.set_rollback(True)


def _drop_checks(cursor) -> None:
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        return
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the deferred ones are in the way of ALTER TABLE
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint "
        "WHERE contype IN ('c', 'u') AND conrelid::regclass::text LIKE 'commitments_%'"
    )
    for table, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}" CASCADE')
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _check_again(cursor) -> None:
    """PostgreSQL's constraints come back with the rollback; SQLite's switch belongs to the connection."""
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA ignore_check_constraints = OFF")


def other_value(field) -> str:
    """SQL for a value that differs from what stands in the column, whatever that is."""
    column = f'"{field.column}"'
    if field.attname in JSON_COLUMNS:
        return f"'{JSON_COLUMNS[field.attname]}'"
    kind = field.get_internal_type()
    if kind in NUMBERS:
        return f"COALESCE({column}, 0) + 1000"
    if kind == "BooleanField":
        return f"NOT {column}"
    if kind in {"DateField", "DateTimeField"}:
        return "'2031-01-01'"
    if kind == "UUIDField":
        return f"'{'1' * 32}'"
    if kind == "BinaryField":
        return "'\\x01'" if connection.vendor == "postgresql" else "x'01'"
    if field.attname == "salt":
        return f"'{'ab' * 16}'"
    return "'x'"


def told(declaration: Declaration) -> set[tuple[str, str]]:
    """Row and column of each fault, with everything read anew."""
    faults = chain.verify(Declaration.objects.get(pk=declaration.pk))
    return {(fault.row, fault.column) for fault in faults}


@pytest.mark.parametrize("model", COVERED, ids=lambda model: model._meta.model_name)
def test_c42_each_column_that_an_entry_covers_is_named(scene, model):
    row = model._base_manager.filter(**_of(scene, model)).order_by("pk").first()
    missed = []
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        with behind_its_back() as execute:
            execute(
                f'UPDATE {model._meta.db_table} SET "{field.column}" = {other_value(field)} WHERE id = {row.pk}'
            )
            if (chain.key_of(row), field.attname) not in told(scene):
                missed.append(field.attname)
    assert missed == []


def _of(declaration: Declaration, model) -> dict:
    if model is Declaration:
        return {"pk": declaration.pk}
    path = {Signature: "signatory__declaration", Review: "signature__signatory__declaration"}
    return {path.get(model, "declaration"): declaration}


@pytest.mark.parametrize("model", COVERED[1:], ids=lambda model: model._meta.model_name)
def test_c42_a_row_that_was_deleted_is_named(scene, model):
    row = model._base_manager.filter(**_of(scene, model)).order_by("pk").first()
    with behind_its_back() as execute:
        execute(f"UPDATE {model._meta.db_table} SET id = id + 100000 WHERE id = {row.pk}")
        assert (chain.key_of(row), "") in told(scene)


@pytest.mark.parametrize(
    "column",
    ["declaration_id", "sequence", "kind", "payload", "actor_id", "created_at", "previous_hash", "hash"],
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_c42_each_column_of_an_entry_is_named(scene, column, place):
    entries = list(scene.ledger.order_by("sequence"))
    entry = {"first": entries[0], "middle": entries[2], "last": entries[-1]}[place]
    other = make_declaration(state="draft")
    values = {
        "declaration_id": str(other.pk),
        "sequence": "sequence + 1000",
        "kind": "'excused'",
        "payload": '\'{"at": "2026-01-01T00:00:00.000000Z"}\'',
        "actor_id": "NULL",
        "created_at": "'2031-01-01'",
        "previous_hash": f"'{'ab' * 32}'",
        "hash": f"'{'ab' * 32}'",
    }
    with behind_its_back() as execute:
        execute(f"UPDATE commitments_ledgerentry SET {column} = {values[column]} WHERE id = {entry.pk}")
        found = told(scene)
        if column == "declaration_id":  # a stranger there, and missing here
            assert (f"ledgerentry:{entry.pk}", column) in told(other)
            assert {name for _, name in found} >= {"sequence"}
        elif column == "sequence" and place != "last":  # the next one stands where it does not belong
            assert {name for _, name in found} >= {"sequence"}
        else:
            assert (f"ledgerentry:{entry.pk}", column) in found


def test_two_entries_that_changed_places_are_told(scene):
    second, third = scene.ledger.order_by("sequence")[1:3]
    with behind_its_back() as execute:
        execute(f"UPDATE commitments_ledgerentry SET sequence = 1002 WHERE id = {second.pk}")
        execute(f"UPDATE commitments_ledgerentry SET sequence = 2 WHERE id = {third.pk}")
        execute(f"UPDATE commitments_ledgerentry SET sequence = 3 WHERE id = {second.pk}")
        assert (f"ledgerentry:{third.pk}", "sequence") in told(scene)


def test_two_signatures_that_changed_places_are_told(scene):
    one, two = Signature.objects.filter(signatory__declaration=scene).order_by("pk")[:2]
    with behind_its_back() as execute:
        for pk, name in ((one.pk, two.full_name), (two.pk, one.full_name)):
            execute("UPDATE commitments_signature SET full_name = %s WHERE id = %s", [name, pk])
        assert told(scene) == {(f"signature:{pk}", "full_name") for pk in (one.pk, two.pk)}


def test_a_tail_that_was_cut_off_is_told_even_when_the_head_was_set_back(scene):
    entries = list(scene.ledger.order_by("sequence"))
    last, before = entries[-1], entries[-2]
    with behind_its_back() as execute:
        execute(f"DELETE FROM commitments_ledgerentry WHERE id = {last.pk}")
        assert (f"ledgerhead:{scene.pk}", "sequence") in told(scene)
        execute(
            "UPDATE commitments_ledgerhead SET sequence = %s, hash = %s WHERE declaration_id = %s",
            [before.sequence, before.hash, scene.pk],
        )
        document = Document.objects.get(declaration=scene)
        assert told(scene) == {(f"document:{document.pk}", "")}  # a row that no entry speaks of


def test_a_head_that_is_gone_is_told(scene):
    with behind_its_back() as execute:
        execute(f"DELETE FROM commitments_ledgerhead WHERE declaration_id = {scene.pk}")
        assert told(scene) == {(f"ledgerhead:{scene.pk}", "")}


def test_a_chain_that_was_written_anew_fits_itself_but_not_the_heads_it_has_given_away(scene):
    """Who rewrites every hash cannot be found inside the database: that is what the heads on sealed papers are for."""
    before = {entry.sequence: entry.hash for entry in scene.ledger.all()}
    with behind_its_back() as execute:
        execute("UPDATE commitments_ledgerentry SET actor_id = NULL WHERE sequence = 2")
        previous = "0" * 64
        for entry in LedgerEntry.objects.filter(declaration=scene).order_by("sequence"):
            entry.previous_hash = previous
            previous = chain.entry_hash(entry)
            execute(
                "UPDATE commitments_ledgerentry SET previous_hash = %s, hash = %s WHERE id = %s",
                [entry.previous_hash, previous, entry.pk],
            )
        execute("UPDATE commitments_ledgerhead SET hash = %s WHERE declaration_id = %s", [previous, scene.pk])
        assert told(scene) == set()
        after = {entry.sequence: entry.hash for entry in scene.ledger.all()}
        assert after[1] == before[1]
        assert after[len(after)] != before[len(before)]
