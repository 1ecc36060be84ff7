"""Checking the history against hashing the same entries in plain Python, and how it grows."""

import hashlib
import json
import time
from collections.abc import Callable
from copy import copy
from datetime import UTC

from django.db import connection

from commitments import chain
from commitments.models import Declaration, LedgerEntry, LedgerHead
from commitments.publishing import verbs as publishing
from tests.benchmarks import stage
from tests.benchmarks.load import Server
from tests.benchmarks.report import Figure

DECLARATIONS, ENTRIES, SLOTS, FEW = 100, 1000, 5, 10
ROUNDS = 2
ROWS = """SELECT declaration_id, sequence, kind, payload::text, actor_id, created_at, previous_hash, hash
    FROM commitments_ledgerentry WHERE declaration_id = ANY(%s) ORDER BY declaration_id, sequence"""


def measure(server: Server) -> list[Figure]:
    positions = stage.posts(SLOTS)
    declarations = [_long(stage.declaration_with(positions)) for _ in range(DECLARATIONS)]
    all_of_them, some = DECLARATIONS * ENTRIES, FEW * ENTRIES
    few = _best(lambda: _verify(declarations[:FEW]))
    many = _best(lambda: _verify(declarations))
    bodies = [_body(row) for row in _rows(declarations)]
    hashed = _best(lambda: _hash(bodies))
    read = _best(lambda: _hash([_body(row) for row in _rows(declarations)]))
    detail = {"verify s": round(many, 2), "hash s": round(hashed, 2), "read and hash s": round(read, 2)}
    growth = (many / all_of_them) / (few / some)
    each = {"µs at 10,000": round(few / some * 1e6, 1), "µs at 100,000": round(many / all_of_them * 1e6, 1)}
    return [
        Figure("ledger", "100,000 entries, CPU, of hashing them", many / hashed, "×", "≤ 3", detail),
        Figure("ledger", "100,000 entries, of reading and hashing", many / read, "×"),
        Figure("ledger", "CPU an entry at 100,000, of 10,000", growth, "×", "≤ 1.2", each),
    ]


def _long(declaration: Declaration) -> Declaration:
    """Signs every slot, then puts the entry of a corrected number on the chain until it is long."""
    stage.sign_all(declaration)
    publishing.set_number(declaration, number=f"{declaration.pk}/CONTOH", by=declaration.created_by)
    last = LedgerEntry.objects.filter(declaration=declaration).latest("sequence")
    more = []
    for sequence in range(last.sequence + 1, ENTRIES + 1):
        entry = copy(last)
        entry.pk, entry.sequence, entry.previous_hash = None, sequence, last.hash
        entry.hash = chain.entry_hash(entry)
        more.append(entry)
        last = entry
    LedgerEntry.objects.bulk_create(more)
    LedgerHead.objects.filter(declaration=declaration).update(sequence=last.sequence, hash=last.hash)
    return Declaration.objects.get(pk=declaration.pk)


def _best(work: Callable[[], object]) -> float:
    """Seconds of CPU of this process, the better of two rounds."""
    took = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return min(took)


def _verify(declarations: list[Declaration]) -> None:
    assert [fault for declaration in declarations for fault in chain.verify(declaration)] == []


def _rows(declarations: list[Declaration]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [[declaration.pk for declaration in declarations]])
        return cursor.fetchall()


def _body(row: tuple) -> tuple[str, dict, str]:
    declaration, sequence, kind, payload, actor, at, previous, digest = row
    body = {"declaration": declaration, "sequence": sequence, "kind": kind, "payload": json.loads(payload)}
    body |= {"actor": actor, "created_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    return previous, body, digest


def _hash(bodies: list[tuple[str, dict, str]]) -> None:
    for previous, body, digest in bodies:
        text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        assert hashlib.sha256(bytes.fromhex(previous) + text).hexdigest() == digest
