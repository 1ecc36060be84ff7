"""What is handed out of a chain: `public()` to anybody, as bukti.json; `for_auditor()` with every row and salt.

Both hold all entries. Public evidence shows some columns of some rows, each with the key that its seal was made with,
so that a stranger can check a name against the chain without learning anything else. docs/ledger.md is the
specification; docs/recheck.py checks either file with nothing but Python's standard library.
"""

from collections.abc import Iterator
from typing import Any

from commitments.chain import body_of, key_of, rows_of
from commitments.models import Declaration, Document, LedgerEntry, Signature
from commitments.models.salted import Salted, canonical, column_key, plain
from commitments.states import HAS_SIGNED

PUBLIC, AUDIT = "komitmen-pug/bukti/1", "komitmen-pug/audit/1"

# Model → the columns that public evidence shows. Never a NIP, an address, a drawing, a reason, a browser or a salt.
SHOWN = {
    "declaration": (
        "code", "year", "version", "state", "title", "opening", "closing", "place", "date", "number", "text_digest",
        "published_at", "closed_at", "ended_at",
    ),
    "point": ("order", "text", "sub_points"),
    "legalbasis": ("order", "text"),
    "signatory": ("state", "position_id", "current_signature_id"),
    "signature": (
        "signatory_id", "method", "signed_at", "full_name", "position_title", "capacity", "agency_name", "text_digest",
        "consent", "host_name",
    ),
    "review": ("signature_id", "decision", "at"),
    "document": (
        "kind", "page_size", "pages", "size", "sha256", "head_sequence", "head_hash", "issued_at", "seal_level",
        "seal_fingerprint", "sealed_at", "timestamped_at",
    ),
}  # fmt: skip


def public(declaration: Declaration) -> dict[str, Any]:
    """bukti.json as a value. Signatures that were given back stay in the entries, but their names are not shown."""
    shown = {key_of(row): _shown(row) for row in _public_rows(declaration)}
    return _common(declaration, PUBLIC) | {"rows": shown}


def public_bytes(declaration: Declaration) -> bytes:
    """bukti.json as it is attached and downloaded: canonical JSON in UTF-8."""
    return canonical(public(declaration))


def for_auditor(declaration: Declaration) -> dict[str, Any]:
    """Everything that the seals were made of. For administrators only: it holds NIPs and drawings."""
    rows = {key_of(row): {"salt": row.salt, "values": plain(row.values())} for row in rows_of(declaration)}
    return _common(declaration, AUDIT) | {"rows": rows}


def _common(declaration: Declaration, form: str) -> dict[str, Any]:
    entries = [_entry(entry) for entry in declaration.ledger.order_by("sequence")]
    slots = declaration.signatories.select_related("position").in_protocol_order()
    return {
        "format": form,
        "declaration": declaration.pk,
        "code": declaration.code,
        "posts": {str(slot.position_id): slot.position.title for slot in slots},  # as they are called today
        "entries": entries,
        "head": {"sequence": entries[-1]["sequence"], "hash": entries[-1]["hash"]} if entries else None,
    }


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return {**body_of(entry), "previous_hash": entry.previous_hash, "hash": entry.hash}


def _shown(row: Salted) -> dict[str, dict[str, Any]]:
    values = row.values()
    return {
        column: {"value": plain(values[column]), "key": column_key(row.salt, column).hex()}
        for column in SHOWN[row._meta.model_name or ""]
    }


def _public_rows(declaration: Declaration) -> Iterator[Salted]:
    signed = Signature.objects.filter(current_for__declaration=declaration, current_for__state__in=HAS_SIGNED)
    yield from [declaration, *declaration.points.all(), *declaration.legal_basis.all()]
    yield from declaration.signatories.all()
    for signature in signed.prefetch_related("reviews").order_by("pk"):
        yield from [signature, *signature.reviews.all()]
    yield from Document.objects.filter(declaration=declaration)
