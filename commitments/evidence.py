"""The public evidence of a declaration: its chain as entries, kinds, times and records; nothing about a person."""

from commitments.models import Declaration
from commitments.models.salted import canonical


def public(declaration: Declaration) -> dict:
    columns = ("sequence", "kind", "payload", "created_at", "previous_hash", "hash")
    return {"code": declaration.code, "entries": list(declaration.ledger.values(*columns))}


def public_bytes(declaration: Declaration) -> bytes:
    return canonical(public(declaration))
