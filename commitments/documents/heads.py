"""The heads that papers have taken along. A chain that was written anew, or an older copy of the database, fits itself;
it does not hold the head that a sealed paper carries in its bukti.json."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from django.core.files.storage import default_storage

from commitments.chain import Fault
from commitments.documents.inspection import EVIDENCE
from commitments.models import Declaration, Document, LedgerEntry


def evidence_in(content: bytes) -> dict[str, Any] | None:
    """The evidence that this file is (bukti.json) or carries (a PDF of ours); None when there is none to be read."""
    try:
        value = json.loads(_attached(content) if content.startswith(b"%PDF-") else content)
    except (pikepdf.PdfError, KeyError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _attached(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return opened.attachments[EVIDENCE].get_file().read_bytes()


def stored_papers() -> Iterator[tuple[str, bytes]]:
    """Name and content of every PDF in the store, whether a row of the database knows it or not."""
    if not default_storage.exists(Document.FOLDER):
        return
    for name in sorted(default_storage.listdir(Document.FOLDER)[1]):
        if name.endswith(".pdf"):
            with default_storage.open(f"{Document.FOLDER}/{name}") as file:
                yield name, file.read()


def faults_of(papers: Iterable[tuple[str, bytes]]) -> Iterator[Fault]:
    """One fault for each paper whose head the chain does not hold. Papers without evidence are passed over."""
    for name, content in papers:
        evidence = evidence_in(content)
        head = evidence.get("head") if evidence else None
        if not evidence or not isinstance(head, dict):
            continue
        found = Declaration.objects.filter(code=str(evidence.get("code"))).first()
        sequence, value = head.get("sequence"), str(head.get("hash"))
        if found is None:
            yield Fault(
                0, 0, f"{name}: naskah berkode {str(evidence.get('code'))[:9]} tidak ada di basis data ini"
            )
        elif not LedgerEntry.objects.filter(declaration=found, hash=value).exists():
            what = f"{name} membawa entri {sequence} yang tidak ada di riwayat: basis data lebih tua atau ditulis ulang"
            yield Fault(found.pk, 0, what)
