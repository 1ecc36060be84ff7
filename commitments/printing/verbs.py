"""Issuing the final paper: rendered once, sealed, stored with its hash, never half a file and never two."""

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.models import User
from commitments import chain, dates, evidence
from commitments.documents import heads, keys, seal
from commitments.documents.declaration import declaration_pdf
from commitments.documents.seal import Sealed, SealNotReady
from commitments.models import Declaration, Document, LedgerHead, PaperJob
from commitments.moves import MoveError
from commitments.states import DeclarationState, DocumentKind, EntryKind, JobState


class HistoryMoved(Exception):
    """The history went on while the paper was made: what it carries is no longer the end."""


def issue_final(
    declaration: Declaration,
    *,
    by: User,
    unsealed: bool = False,
    patient: bool = False,
    at: datetime | None = None,
) -> Document:
    """The final paper of a closed declaration. Whoever asks second, even at the same moment, gets the same document.

    Takes seconds and asks the timestamp authority, so never inside a transaction. Without a usable seal it raises
    SealNotReady, unless an administrator wants the paper `unsealed`. Without the authority's answer it is sealed
    without a timestamp, or raises TimestampFailed if the caller is `patient` and will try again.
    """
    issued = declaration.final()
    if issued:
        sweep(issued)
        return issued
    _require_closed(declaration)
    head = LedgerHead.objects.get(declaration=declaration)
    sealed, pages = _make(declaration, unsealed=unsealed, patient=patient)
    name = _store(sealed.content, declaration)
    try:
        with transaction.atomic():
            document = _record(declaration, sealed, pages, name, head=head, by=by, at=at)
    except IntegrityError:
        default_storage.delete(name)
        issued = declaration.final()
        if issued is None:
            raise
        return issued  # somebody was faster: theirs is the paper
    except BaseException:
        default_storage.delete(name)
        raise
    sweep(document)
    return document


def _require_closed(declaration: Declaration) -> None:
    """Asks the database, not the row in hand."""
    if not Declaration.objects.filter(pk=declaration.pk, state=DeclarationState.CLOSED).exists():
        raise MoveError(_("Naskah final terbit setelah penandatanganan ditutup."))


def _make(declaration: Declaration, *, unsealed: bool, patient: bool) -> tuple[Sealed, int]:
    """The paper with the evidence of this moment in it, and how many pages it has."""
    if not unsealed and not keys.state().ready:
        raise SealNotReady
    paper = declaration_pdf(
        declaration,
        final=True,
        page_size=declaration.page_size,
        seal=None if unsealed else keys.read(),
        evidence=evidence.public_bytes(declaration),
    )
    if unsealed:
        return Sealed(paper.content), paper.pages
    try:
        return seal.seal(paper.content, timestamped=bool(settings.TIMESTAMP_URL)), paper.pages
    except seal.TimestampFailed:
        if patient:
            raise
    return seal.seal(paper.content, timestamped=False), paper.pages


def _store(content: bytes, declaration: Declaration) -> str:
    """The name under which the file is kept. Written under another name and renamed, so never half a file."""
    name = f"{Document.FOLDER}/{declaration.code}-{secrets.token_hex(8)}.pdf"
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f"half-{declaration.code}-"
    with NamedTemporaryFile(dir=path.parent, prefix=prefix, delete=False) as half:
        half.write(content)
        half.flush()
        os.fsync(half.fileno())
    Path(half.name).rename(path)
    return name


def sweep(document: Document) -> None:
    """Remove what workers that died have left of this paper. Once it is recorded no other file can become it.

    A paper that carries another head stays: it may be all that tells of a database that was set back.
    """
    kept = Path(document.file.path)
    for half in kept.parent.glob(f"half-{document.declaration.code}-*"):
        half.unlink(missing_ok=True)
    for file in kept.parent.glob(f"{document.declaration.code}-*.pdf"):
        if file != kept and _of_the_same_head(file, document):
            file.unlink(missing_ok=True)


def _of_the_same_head(file: Path, document: Document) -> bool:
    try:
        evidence = heads.evidence_in(file.read_bytes()) or {}
    except OSError:
        return False
    return (evidence.get("head") or {}).get("hash") == document.head_hash


def _record(
    declaration: Declaration,
    sealed: Sealed,
    pages: int,
    name: str,
    *,
    head: LedgerHead,
    by: User,
    at: datetime | None,
) -> Document:
    digest = hashlib.sha256(sealed.content).hexdigest()
    document = Document.objects.create(
        declaration=declaration,
        kind=DocumentKind.DECLARATION,
        page_size=declaration.page_size,
        file=name,
        size=len(sealed.content),
        pages=pages,
        sha256=digest,
        head_sequence=head.sequence,
        head_hash=head.hash,
        issued_by=by,
        issued_at=at or dates.now(),
        seal_level=sealed.level,
        seal_fingerprint=sealed.fingerprint,
        sealed_at=sealed.sealed_at,
        timestamped_at=sealed.timestamped_at,
    )
    PaperJob.objects.filter(declaration=declaration, kind=document.kind).update(
        state=JobState.DONE, claimed_until=None, last_error=""
    )
    payload: dict[str, Any] = {"document": document.pk, "sha256": digest, "seal": sealed.level}
    entry = chain.append(
        declaration, EntryKind.DOCUMENT_ISSUED, actor=by, about=[], made=[document], at=at, **payload
    )
    # Both asked under the chain's lock: nothing slips between.
    _require_closed(declaration)
    if entry.previous_hash != head.hash:
        raise HistoryMoved
    return document
