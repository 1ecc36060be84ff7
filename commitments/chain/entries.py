"""Writing the chain. docs/ledger.md is its specification.

An entry says which rows it is about and keeps a seal of each of their columns, so that public evidence gives nothing
away but what it means to show, while an auditor with rows and salts can re-check everything.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from agencies.models import User
from commitments import dates
from commitments.models import Declaration, LedgerEntry, LedgerHead
from commitments.models.salted import Salted, canonical, plain
from commitments.states import DeclarationState, EntryKind


class Link(NamedTuple):
    """An entry as a check reads it: a hundred thousand rows of a model would cost more than their hashes."""

    id: int
    declaration_id: int
    sequence: int
    kind: str
    payload: Any
    actor_id: int | None
    created_at: datetime
    previous_hash: str
    hash: str


class NotOpen(Exception):
    """The declaration is not open any more: closed or withdrawn by somebody who held the chain before."""


def key_of(row: Salted) -> str:
    """signature:12, as a payload names a row."""
    return f"{row._meta.model_name}:{row.pk}"


def rows_of(declaration: Declaration) -> Iterator[Salted]:
    """Every row that the chain of this declaration should speak of."""
    yield from [declaration, *declaration.points.all(), *declaration.legal_basis.all()]
    for slot in declaration.signatories.prefetch_related("signatures__reviews"):
        yield slot
        for signature in slot.signatures.all():
            yield from [signature, *signature.reviews.all()]
    yield from declaration.documents.all()


def body_of(entry: "LedgerEntry | Link") -> dict[str, Any]:
    """What is hashed of an entry: every column but the two hashes and its own number in the table, as plain JSON."""
    return {
        "declaration": entry.declaration_id,
        "sequence": entry.sequence,
        "kind": str(entry.kind),
        "payload": entry.payload,
        "actor": entry.actor_id,
        "created_at": plain(entry.created_at),
    }


def entry_hash(entry: "LedgerEntry | Link") -> str:
    """SHA-256(previous hash as 32 bytes ‖ RFC 8785 JSON of the body), in hexadecimal."""
    return hashlib.sha256(bytes.fromhex(entry.previous_hash) + _canonical_body(body_of(entry))).hexdigest()


def _canonical_body(body: dict[str, Any]) -> bytes:
    """As canonical(), five times as fast for what an entry holds: no fractions, and hardly ever a letter beyond ASCII,
    whose names would be sorted and whose texts would be composed differently."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() if text.isascii() else canonical(body)


@transaction.atomic(savepoint=False)
def append(
    declaration: Declaration,
    kind: EntryKind,
    *,
    actor: User | None,
    about: Iterable[Salted],
    made: Iterable[Salted] = (),
    only_open: bool = False,
    at: datetime | None = None,
    **payload,
) -> LedgerEntry:
    """One more entry about these rows. Call it last in the transaction: it holds the chain's row lock until commit.

    `about` are rows that stood in the database before: they are read anew. `made` are rows that this transaction has
    just inserted, which nobody can have changed: they are sealed as they are in hand. Raises NotOpen when `only_open`
    is asked for and the declaration is not open, seen under the lock.
    """
    records = {key_of(row): row.record() for row in [*_fresh(about), *made]}
    at = at or dates.now()
    sequence, previous_hash = _lock_head(declaration)
    entry = LedgerEntry(
        declaration=declaration,
        sequence=sequence,
        kind=kind,
        # The time stands twice, so that a check can tell a changed column of time from a changed payload.
        payload={**payload, "at": plain(at), "records": records},
        actor=actor,
        created_at=at,
        previous_hash=previous_hash,
    )
    entry.hash = entry_hash(entry)
    entry.save()
    if not _store_head(entry, only_open=only_open):
        raise NotOpen
    return entry


# Every signer of a hall waits for this row: one statement to take it, and as few as can be until the commit.
# RETURNING is SQL of both databases, and has no form in Django 5.2.
TAKE = "UPDATE {} SET sequence = sequence + 1 WHERE declaration_id = %s RETURNING sequence, hash"
STORE = "UPDATE {} SET hash = %s WHERE declaration_id = %s"
WHILE_OPEN = " AND EXISTS (SELECT 1 FROM {} WHERE id = %s AND state = %s)"


def _lock_head(declaration: Declaration) -> tuple[int, str]:
    """Takes the chain's row lock until commit: the sequence of the new entry, and the hash it builds on."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(LedgerHead._meta.db_table), [declaration.pk])
        taken = cursor.fetchone()
    if taken is None:
        head = LedgerHead.objects.create(declaration=declaration, sequence=1)
        return head.sequence, head.hash
    return taken


def _store_head(entry: LedgerEntry, *, only_open: bool) -> bool:
    """Whether the head now ends with this entry. The statement begins under the lock: it sees every earlier close."""
    sql = STORE.format(LedgerHead._meta.db_table)
    values: list[str | int] = [entry.hash, entry.declaration_id]
    if only_open:
        sql += WHILE_OPEN.format(Declaration._meta.db_table)
        values += [entry.declaration_id, DeclarationState.OPEN.value]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount == 1


def _fresh(rows: Iterable[Salted]) -> Iterator[Salted]:
    """The rows as the database holds them: that is what a later check will read."""
    by_model: dict[type[Salted], list[int]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row.pk)
    for model, pks in by_model.items():
        stored = model._base_manager.in_bulk(pks)
        yield from (stored[pk] for pk in pks)
