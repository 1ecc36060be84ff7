"""Re-checking the chain against itself and against the rows it speaks of: every fault, with its row and its column."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from agencies.languages import in_indonesian
from agencies.models import User
from commitments.chain.entries import Link, entry_hash, key_of, rows_of
from commitments.models import GENESIS, Declaration, LedgerEntry, LedgerHead, Signatory
from commitments.states import DECLARATION_STATES, SLOT_STATES, DeclarationState, EntryKind, SignatoryState


@dataclass(frozen=True)
class Fault:
    """One thing that does not fit. `sequence` is where in the chain it shows (0: nowhere in particular), `row` names it
    as in signature:12, `column` the column that was changed, where that can be told."""

    declaration: int
    sequence: int
    what: str
    row: str = ""
    column: str = ""

    def __str__(self):
        return f"deklarasi {self.declaration}, entri {self.sequence}: {self.what}"


@in_indonesian
def verify(declaration: Declaration) -> list[Fault]:
    """Everything that does not fit in this declaration's chain, first fault first; empty when all is well."""
    rows = LedgerEntry.objects.filter(declaration=declaration).order_by("sequence", "pk")
    entries = list(map(Link._make, rows.values_list(*Link._fields)))
    faults = [*_chain_faults(declaration, entries), *_row_faults(declaration, entries)]
    return [*faults, *_state_faults(declaration, entries), *_stray_faults(declaration, entries)]


def _chain_faults(declaration: Declaration, entries: list[Link]) -> Iterator[Fault]:
    head = LedgerHead.objects.filter(declaration=declaration).first()
    previous = GENESIS
    for index, entry in enumerate(entries):
        following = (
            entries[index + 1].previous_hash if index + 1 < len(entries) else head.hash if head else None
        )
        column = _changed_column(
            entry, sequence=index + 1, previous=previous, following=following, of=len(entries)
        )
        if column:
            yield Fault(declaration.pk, index + 1, _told(entry, column), f"ledgerentry:{entry.id}", column)
        if entry.sequence != index + 1:
            return  # whatever follows stands in the wrong place as well
        previous = entry.hash if column != "hash" else entry_hash(entry)
    yield from _head_faults(declaration, head, entries, previous)


def _told(entry: Link, column: str) -> str:
    if column == "sequence":
        return f"entri hilang, bertambah, atau bertukar tempat: kolom sequence berisi {entry.sequence}"
    return f"entri ini berubah di luar sistem: kolom {column}"


def _head_faults(
    declaration: Declaration, head: LedgerHead | None, entries: list[Link], last: str
) -> Iterator[Fault]:
    row = f"ledgerhead:{declaration.pk}"
    if head is None:
        if entries:
            yield Fault(declaration.pk, len(entries), "ujung riwayat hilang", row)
        return
    if head.sequence != len(entries):
        what = f"ujung riwayat menyebut entri {head.sequence}, ditemukan {len(entries)}"
        yield Fault(declaration.pk, len(entries), what, row, "sequence")
    elif head.hash != last:
        yield Fault(
            declaration.pk, len(entries), "ujung riwayat tidak cocok dengan entri terakhir", row, "hash"
        )


def _changed_column(entry: Link, *, sequence: int, previous: str, following: str | None, of: int) -> str:
    """The column of this entry that does not fit; empty when all do.

    The hash covers all columns together. Which of them was changed is found by mending one after the other: the first
    whose mending makes the entry fit is named, and the payload when none does.
    """
    in_place = entry.sequence == sequence
    computed = entry_hash(entry)
    if computed == entry.hash:
        return "sequence" if not in_place else "" if entry.previous_hash == previous else "previous_hash"
    if in_place and computed == following:
        return "hash"
    mended = (column for column, mended in _mendings(entry, previous, of) if mended == entry.hash)
    return next(mended, "payload" if in_place else "sequence")


def _mendings(entry: Link, previous: str, of: int) -> Iterator[tuple[str, str]]:
    """Column, and the hash that the entry would have with that column as it may have been."""

    def hash_with(column: str, value: Any) -> str:
        return entry_hash(entry._replace(**{column: value}))

    yield "previous_hash", hash_with("previous_hash", previous)
    for kind in EntryKind.values:
        yield "kind", hash_with("kind", kind)
    for actor in [None, *User.objects.values_list("pk", flat=True)]:
        yield "actor_id", hash_with("actor_id", actor)
    for sequence in range(1, of + 1):
        yield "sequence", hash_with("sequence", sequence)
    for declaration in Declaration.objects.values_list("pk", flat=True):
        yield "declaration_id", hash_with("declaration_id", declaration)
    yield "created_at", hash_with("created_at", _payload(entry).get("at"))


def _payload(entry: Link) -> dict[str, Any]:
    """The payload, or nothing when somebody has put something else in its place."""
    return entry.payload if isinstance(entry.payload, dict) else {}


def _records(entry: Link) -> dict[str, dict[str, str]]:
    return _payload(entry).get("records", {})


def _row_faults(declaration: Declaration, entries: list[Link]) -> Iterator[Fault]:
    """Each row must be as the last entry about it left it."""
    last: dict[str, tuple[int, dict[str, str]]] = {}
    for entry in entries:
        last |= {key: (entry.sequence, record) for key, record in _records(entry).items()}
    by_model: dict[str, list[str]] = {}
    for key in last:
        by_model.setdefault(key.split(":")[0], []).append(key)
    for name, keys in by_model.items():
        pks = [int(key.split(":")[1]) for key in keys]
        rows = apps.get_model("commitments", name)._base_manager.in_bulk(pks)
        for key, pk in zip(keys, pks, strict=True):
            sequence, record = last[key]
            if pk not in rows:
                yield Fault(declaration.pk, sequence, f"baris {key} hilang", key)
                continue
            yield from _column_faults(declaration, sequence, key, record, rows[pk].record())


def _column_faults(
    declaration: Declaration, sequence: int, key: str, record: dict[str, str], found: dict[str, str]
) -> Iterator[Fault]:
    """One fault a column; one for the salt when nothing fits any more, as every seal is made with it."""
    changed = [column for column in {**record, **found} if record.get(column) != found.get(column)]
    if len(changed) == len(found) > 1:
        yield Fault(declaration.pk, sequence, f"baris {key}, kolom salt berubah di luar sistem", key, "salt")
        return
    for column in changed:
        what = f"baris {key}, kolom {column} berubah di luar sistem"
        yield Fault(declaration.pk, sequence, what, key, column)


def _state_faults(declaration: Declaration, entries: list[Link]) -> Iterator[Fault]:
    """Replays the states and compares."""
    declared: str = DeclarationState.DRAFT
    slots: dict[str, str] = {}
    for entry in entries:
        declared = DECLARATION_STATES.get(entry.kind, declared)  # type: ignore[call-overload]
        payload = _payload(entry)
        if "slot" in payload and entry.kind in SLOT_STATES:
            slots[str(payload["slot"])] = SLOT_STATES[EntryKind(entry.kind)]
        slots |= {str(slot): SignatoryState.WAITING for slot in payload.get("slots", [])}
    if declaration.state != declared:
        told = str(DeclarationState(declared).label)
        what = f"naskah berkeadaan “{declaration.get_state_display()}”, riwayat menyebut “{told}”"
        yield Fault(declaration.pk, 0, what, f"declaration:{declaration.pk}", "state")
    if declaration.state == DeclarationState.DRAFT:
        return
    for slot in Signatory.objects.filter(declaration=declaration).order_by("pk"):
        expected = slots.get(str(slot.pk))
        if slot.state != expected:
            told = str(SignatoryState(expected).label) if expected else "tidak ada"
            what = f"{key_of(slot)} berkeadaan “{slot.get_state_display()}”, riwayat menyebut “{told}”"
            yield Fault(declaration.pk, 0, what, key_of(slot), "state")


def _stray_faults(declaration: Declaration, entries: list[Link]) -> Iterator[Fault]:
    """Rows that no entry speaks of, and a text that is not what was published."""
    if declaration.state == DeclarationState.DRAFT:
        return
    known = {key for entry in entries for key in _records(entry)}
    for row in rows_of(declaration):
        if key_of(row) not in known:
            yield Fault(declaration.pk, 0, f"baris {key_of(row)} tidak disebut riwayat", key_of(row))
    if declaration.compute_digest() != declaration.text_digest:
        what = "teks naskah tidak cocok dengan kolom text_digest"
        yield Fault(declaration.pk, 0, what, f"declaration:{declaration.pk}", "text_digest")
