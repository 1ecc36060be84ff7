"""The history of an office's plan: a hash chain like a declaration's, with the same seals. docs/ledger.md, "Plans".

A plan's chain is its own: a declaration's is sealed with its paper, and public; what an office does about its promise
goes on for years and is nobody's business before it is reported.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from rfc8785 import CanonicalizationError

from agencies.models import User
from commitments import dates
from commitments.chain import key_of
from commitments.models import GENESIS, Action, Evidence, EvidenceFile, Plan, PlanEntry, Report
from commitments.models.salted import Salted, canonical, plain
from commitments.states import EDITABLE, PlanEntryKind, WorkState

# Every reporter of an office waits for this row, as every signer for a chain's head.
TAKE = "UPDATE {} SET head_sequence = head_sequence + 1 WHERE id = %s RETURNING head_sequence, head_hash"


def lock(plan_id: int) -> None:
    """One writer a plan at a time, whatever they write: taken first by all, so that no two wait for each other."""
    Plan.objects.select_for_update().filter(pk=plan_id).order_by("pk").first()


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


def handed_in_at(kind: str) -> Subquery:
    """When a `report` or piece of `evidence` was last handed in, for a query of them."""
    entries = PlanEntry.objects.filter(plan=OuterRef("action__plan"), kind=PlanEntryKind.SUBMITTED)
    numbered = entries.annotate(row=Cast(KT(f"payload__{kind}"), BigIntegerField()))
    return Subquery(numbered.filter(row=OuterRef("pk")).order_by("-sequence").values("created_at")[:1])


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
        if not _fits(entry):
            yield f"{plan}: isi catatan {entry.sequence} diubah"
        previous, expected = entry.hash, entry.sequence + 1
    stored = Plan.objects.values_list("head_sequence", "head_hash").get(pk=plan.pk)
    if stored != (expected - 1, previous):
        yield f"{plan}: ujung riwayat tidak cocok; catatan terakhir mungkin dihapus"


def _fits(entry: PlanEntry) -> bool:
    try:
        return entry.hash == entry_hash(entry)
    except (TypeError, ValueError, CanonicalizationError):
        return False  # something stands there that no entry ever held


def _changed_rows(plan: Plan) -> Iterator[str]:
    known, kinds = _last_told(plan)
    for row in _rows_of(plan):
        key = key_of(row)
        sealed = known.pop(key, None)
        if _in_the_hands_of_the_office(row, kinds.get(key)):
            continue
        if sealed is None:
            yield f"{plan}: {key} tidak ada dalam riwayat"
            continue
        for column in _unlike(sealed, _record(row)):
            yield f"{plan}: {key}, kolom {column} diubah"
    for key in known:
        yield f"{plan}: {key} ada dalam riwayat, tetapi barisnya hilang"


def _last_told(plan: Plan) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Of each row its last seals, and the kind of entry that has them."""
    known: dict[str, dict[str, str]] = {}
    kinds: dict[str, str] = {}
    for kind, payload in plan.entries.order_by("sequence").values_list("kind", "payload"):
        told = (
            payload if isinstance(payload, dict) else {}
        )  # its hash tells that somebody put something else there
        records = told.get("records", {})
        records = records if isinstance(records, dict) else {}
        known |= records
        kinds |= dict.fromkeys(records, kind)
        if kind == PlanEntryKind.REMOVED:
            known.pop(str(told.get("action")), None)
    return known, kinds


def _record(row: Salted) -> dict[str, str]:
    """Nothing where the salt is none."""
    try:
        return row.record()
    except (TypeError, ValueError):
        return {}


def _unlike(sealed: dict[str, str], found: dict[str, str]) -> list[str]:
    """The columns that differ; only the salt where all do, for every seal is made with it."""
    columns = sorted(column for column in set(sealed) | set(found) if sealed.get(column) != found.get(column))
    return ["salt"] if len(columns) == max(len(found), len(sealed)) > 1 else columns


def _in_the_hands_of_the_office(row: Salted, last: str | None) -> bool:
    """Whether it may be written: never handed in, or given back. The history says so; what the row says is compared."""
    if not isinstance(row, Report | Evidence) or row.state not in EDITABLE:
        return False
    return last in EDITABLE if last else row.state == WorkState.DRAFT


def _rows_of(plan: Plan) -> Iterator[Salted]:
    yield from Action.objects.filter(plan=plan)
    yield from Report.objects.filter(action__plan=plan).select_related("action")
    yield from Evidence.objects.filter(action__plan=plan).select_related("action")
    yield from EvidenceFile.objects.filter(evidence__action__plan=plan)
