"""The history of an office's plan: a hash chain like a declaration's, with the same seals. docs/ledger.md, "Plans".

A plan's chain is its own: a declaration's is sealed with its paper, and public; what an office does about its promise
goes on for years and is nobody's business before it is reported.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from agencies.models import User
from commitments import dates
from commitments.chain import key_of
from commitments.models import GENESIS, Action, Evidence, EvidenceFile, Plan, PlanEntry, Report
from commitments.models.salted import Salted, canonical, plain
from commitments.states import EDITABLE, PlanEntryKind

# Every reporter of an office waits for this row, as every signer for a chain's head.
TAKE = "UPDATE {} SET head_sequence = head_sequence + 1 WHERE id = %s RETURNING head_sequence, head_hash"


@transaction.atomic
def append(
    plan: Plan,
    kind: PlanEntryKind,
    *,
    actor: User | None,
    about: Iterable[Salted] = (),
    at: datetime | None = None,
    **payload: Any,
) -> PlanEntry:
    """One more entry about these rows, as the database holds them now. Call it last in the transaction."""
    records = {key_of(row): type(row)._base_manager.get(pk=row.pk).record() for row in about}
    at = at or dates.now()
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(Plan._meta.db_table), [plan.pk])
        sequence, previous = cursor.fetchone()
    entry = PlanEntry(
        plan=plan,
        sequence=sequence,
        kind=kind,
        payload={**payload, "at": plain(at), "records": records},
        actor=actor,
        created_at=at,
        previous_hash=previous,
    )
    entry.hash = entry_hash(entry)
    entry.save()
    Plan.objects.filter(pk=plan.pk).update(head_hash=entry.hash)
    return entry


def entry_hash(entry: PlanEntry) -> str:
    """SHA-256(previous hash as 32 bytes ‖ RFC 8785 JSON of the body), in hexadecimal."""
    body = {
        "plan": entry.plan_id,
        "sequence": entry.sequence,
        "kind": str(entry.kind),
        "payload": entry.payload,
        "actor": entry.actor_id,
        "created_at": plain(entry.created_at),
    }
    return hashlib.sha256(bytes.fromhex(entry.previous_hash) + canonical(body)).hexdigest()


def faults_of(plan: Plan) -> list[str]:
    """What does not fit, in a sentence each; nothing when the history is whole.

    Drafts are not covered: an office writes them as often as it likes.
    """
    return [*_broken_links(plan), *_changed_rows(plan)]


def _broken_links(plan: Plan) -> Iterator[str]:
    previous, expected = GENESIS, 1
    for entry in plan.entries.order_by("sequence"):
        if entry.sequence != expected:
            yield f"{plan}: catatan {expected} hilang"
        if entry.previous_hash != previous:
            yield f"{plan}: catatan {entry.sequence} tidak bersambung dengan yang sebelumnya"
        if entry.hash != entry_hash(entry):
            yield f"{plan}: isi catatan {entry.sequence} diubah"
        previous, expected = entry.hash, entry.sequence + 1
    stored = Plan.objects.values_list("head_sequence", "head_hash").get(pk=plan.pk)
    if stored != (expected - 1, previous):
        yield f"{plan}: ujung riwayat tidak cocok; catatan terakhir mungkin dihapus"


def _changed_rows(plan: Plan) -> Iterator[str]:
    known: dict[str, dict[str, str]] = {}
    for kind, payload in plan.entries.order_by("sequence").values_list("kind", "payload"):
        known |= payload["records"]
        if kind == PlanEntryKind.REMOVED:
            known.pop(payload["action"], None)
    for row in _covered_rows(plan):
        sealed = known.pop(key_of(row), None)
        if sealed is None:
            yield f"{plan}: {key_of(row)} tidak ada dalam riwayat"
            continue
        found = row.record()
        for column in sorted(set(sealed) | set(found)):
            if sealed.get(column) != found.get(column):
                yield f"{plan}: {key_of(row)}, kolom {column} diubah"
    for key in known:
        if not _is_draft(plan, key):
            yield f"{plan}: {key} ada dalam riwayat, tetapi barisnya hilang"


def _covered_rows(plan: Plan) -> Iterator[Salted]:
    yield from Action.objects.filter(plan=plan)
    yield from Report.objects.filter(action__plan=plan).exclude(state__in=EDITABLE).select_related("action")
    yield from Evidence.objects.filter(action__plan=plan).exclude(state__in=EDITABLE).select_related("action")
    yield from EvidenceFile.objects.filter(evidence__action__plan=plan)


def _is_draft(plan: Plan, key: str) -> bool:
    """Whether the row is in the office's hands again, which may change it."""
    model, _colon, pk = key.partition(":")
    kinds: dict[str, type[Report] | type[Evidence]] = {"report": Report, "evidence": Evidence}
    if model not in kinds:
        return False
    return kinds[model].objects.filter(pk=pk, action__plan=plan, state__in=EDITABLE).exists()
