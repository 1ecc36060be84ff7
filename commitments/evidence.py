"""bukti.json: what anyone may check of a declaration's history."""

from commitments.models import Declaration, LedgerHead
from commitments.models.salted import canonical


def public_bytes(declaration: Declaration) -> bytes:
    """Canonical JSON of the entries and the head they lead to."""
    head = LedgerHead.objects.get(declaration=declaration)
    fields = ("sequence", "kind", "payload", "created_at", "previous_hash", "hash")
    entries = list(declaration.ledger.order_by("sequence").values(*fields))
    return canonical({"code": declaration.code, "entries": entries, "head": [head.sequence, head.hash]})
