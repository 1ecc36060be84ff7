"""The hash chain: `append()` writes one entry, `verify()` re-checks a whole chain against the rows it speaks of.

An entry says which rows it is about and gives their record, SHA-256(salt ‖ canonical row), so that public evidence
gives nothing away while an auditor with rows and salts can re-check everything.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import connection, transaction

from agencies.models import User
from commitments import dates
from commitments.models import GENESIS, Declaration, LedgerEntry, LedgerHead, Signatory
from commitments.models.salted import Salted, canonical
from commitments.states import DeclarationState, EntryKind, SignatoryState

# Entry kind → the state it leaves behind: what a replay of the chain must find in the rows.
SLOT_STATES = {
    EntryKind.SLOT_ADDED: SignatoryState.WAITING,
    EntryKind.SIGNED: SignatoryState.SIGNED,
    EntryKind.ACCEPTED: SignatoryState.ACCEPTED,
    EntryKind.RETURNED: SignatoryState.RETURNED,
    EntryKind.DECLINED: SignatoryState.DECLINED,
    EntryKind.EXCUSED: SignatoryState.EXCUSED,
}
DECLARATION_STATES = {
    EntryKind.PUBLISHED: DeclarationState.OPEN,
    EntryKind.CLOSED: DeclarationState.CLOSED,
    EntryKind.WITHDRAWN: DeclarationState.WITHDRAWN,
    EntryKind.SUPERSEDED: DeclarationState.SUPERSEDED,
}


def key_of(row: Salted) -> str:
    """signature:12, as a payload names a row."""
    return f"{row._meta.model_name}:{row.pk}"


def entry_hash(entry: LedgerEntry) -> str:
    """SHA-256(previous hash as 32 bytes ‖ RFC 8785 JSON of the entry's other columns), in hexadecimal."""
    body = {
        "declaration": entry.declaration_id,
        "sequence": entry.sequence,
        "kind": str(entry.kind),
        "payload": entry.payload,
        "actor": entry.actor_id,
        "created_at": entry.created_at,
    }
    return hashlib.sha256(bytes.fromhex(entry.previous_hash) + canonical(body)).hexdigest()


@transaction.atomic(savepoint=False)
def append(
    declaration: Declaration,
    kind: EntryKind,
    *,
    actor: User | None,
    about: Iterable[Salted],
    at: datetime | None = None,
    **payload,
) -> LedgerEntry:
    """One more entry about these rows. Call it last in the transaction: it holds the chain's row lock until commit."""
    records = {key_of(row): _fresh(row).record() for row in about}
    sequence, previous_hash = _lock_head(declaration)
    entry = LedgerEntry(
        declaration=declaration,
        sequence=sequence,
        kind=kind,
        payload={**payload, "records": records},
        actor=actor,
        created_at=at or dates.now(),
        previous_hash=previous_hash,
    )
    entry.hash = entry_hash(entry)
    entry.save()
    LedgerHead.objects.filter(declaration=declaration).update(hash=entry.hash)
    return entry


# Every signer of a hall waits for this row: one statement to take it, and as few as can be until the commit.
# RETURNING is SQL of both databases, and has no form in Django 5.2.
TAKE = "UPDATE {} SET sequence = sequence + 1 WHERE declaration_id = %s RETURNING sequence, hash"


def _lock_head(declaration: Declaration) -> tuple[int, str]:
    """Takes the chain's row lock until commit: the sequence of the new entry, and the hash it builds on."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(LedgerHead._meta.db_table), [declaration.pk])
        taken = cursor.fetchone()
    if taken is None:
        head = LedgerHead.objects.create(declaration=declaration, sequence=1)
        return head.sequence, head.hash
    return taken


def _fresh(row: Salted) -> Salted:
    """The row as the database holds it: that is what a later check will read."""
    return type(row)._base_manager.get(pk=row.pk)


@dataclass(frozen=True)
class Fault:
    """One thing that does not fit: where in the chain (0 = the rows behind it), and what."""

    declaration: int
    sequence: int
    what: str

    def __str__(self):
        return f"deklarasi {self.declaration}, entri {self.sequence}: {self.what}"


def verify(declaration: Declaration) -> list[Fault]:
    """Everything that does not fit in this declaration's chain, first fault first; empty when all is well."""
    entries = list(LedgerEntry.objects.filter(declaration=declaration).order_by("sequence"))
    faults = [*_chain_faults(declaration, entries), *_row_faults(declaration, entries)]
    return [*faults, *_state_faults(declaration, entries), *_text_faults(declaration)]


def _chain_faults(declaration: Declaration, entries: list[LedgerEntry]) -> Iterable[Fault]:
    previous = GENESIS
    for expected, entry in enumerate(entries, start=1):
        if entry.sequence != expected:
            yield Fault(
                declaration.pk, expected, f"entri hilang: setelah {expected - 1} datang {entry.sequence}"
            )
            return
        if entry.previous_hash != previous:
            yield Fault(declaration.pk, entry.sequence, "kolom previous_hash tidak menyambung")
        if entry.hash != entry_hash(entry):
            yield Fault(declaration.pk, entry.sequence, "isi entri tidak cocok dengan kolom hash")
        previous = entry.hash
    head = LedgerHead.objects.filter(declaration=declaration).first()
    found = (head.sequence, head.hash) if head else (0, GENESIS)
    if found != (len(entries), previous):
        yield Fault(
            declaration.pk, len(entries), f"ujung riwayat menyebut entri {found[0]}, ditemukan {len(entries)}"
        )


def _row_faults(declaration: Declaration, entries: list[LedgerEntry]) -> Iterable[Fault]:
    """Each row must be as the last entry about it left it."""
    last: dict[str, tuple[int, str]] = {}
    for entry in entries:
        last |= {key: (entry.sequence, record) for key, record in entry.payload.get("records", {}).items()}
    by_model: dict[str, list[str]] = {}
    for key in last:
        name, pk = key.split(":")
        by_model.setdefault(name, []).append(pk)
    for name, pks in by_model.items():
        rows = apps.get_model("commitments", name)._base_manager.in_bulk([int(pk) for pk in pks])
        for pk in pks:
            sequence, record = last[f"{name}:{pk}"]
            row = rows.get(int(pk))
            if row is None:
                yield Fault(declaration.pk, sequence, f"baris {name}:{pk} hilang")
            elif row.record() != record:
                yield Fault(declaration.pk, sequence, f"baris {name}:{pk} berubah di luar sistem")


def _state_faults(declaration: Declaration, entries: list[LedgerEntry]) -> Iterable[Fault]:
    """Replays the states and compares; rows that no entry speaks of are told as well."""
    declared: str = DeclarationState.DRAFT
    slots: dict[str, str] = {}
    known: set[str] = set()
    for entry in entries:
        known |= set(entry.payload.get("records", {}))
        declared = DECLARATION_STATES.get(EntryKind(entry.kind), declared)
        if "slot" in entry.payload:
            slots[str(entry.payload["slot"])] = SLOT_STATES[EntryKind(entry.kind)]
        slots |= {str(slot): SignatoryState.WAITING for slot in entry.payload.get("slots", [])}
    if declaration.state != declared:
        yield Fault(declaration.pk, 0, f"kolom state berisi {declaration.state}, riwayat menyebut {declared}")
    if declaration.state == DeclarationState.DRAFT:
        return
    for slot in Signatory.objects.filter(declaration=declaration).prefetch_related("signatures__reviews"):
        expected = slots.get(str(slot.pk))
        if slot.state != expected:
            yield Fault(
                declaration.pk, 0, f"signatory:{slot.pk} berkeadaan {slot.state}, riwayat menyebut {expected}"
            )
        for signature in slot.signatures.all():
            rows = [signature, *signature.reviews.all()]
            yield from (
                Fault(declaration.pk, 0, f"baris {key_of(row)} tidak disebut riwayat")
                for row in rows
                if key_of(row) not in known
            )


def _text_faults(declaration: Declaration) -> Iterable[Fault]:
    if (
        declaration.state != DeclarationState.DRAFT
        and declaration.compute_digest() != declaration.text_digest
    ):
        yield Fault(declaration.pk, 0, "teks naskah tidak cocok dengan kolom text_digest")
