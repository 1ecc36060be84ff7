"""Issuing the final paper: rendered once, stored with its hash, never half a file and never two."""

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.models import User
from commitments import chain, dates
from commitments.documents.declaration import declaration_pdf
from commitments.documents.render import Paper
from commitments.models import Declaration, Document, LedgerHead
from commitments.moves import MoveError
from commitments.states import DeclarationState, DocumentKind, EntryKind


class DamagedFile(Exception):
    """The stored file is not what was issued: missing, shortened or changed."""


def final_of(declaration: Declaration) -> Document | None:
    return Document.objects.filter(declaration=declaration, kind=DocumentKind.DECLARATION).first()


def issue_final(declaration: Declaration, *, by: User, at: datetime | None = None) -> Document:
    """The final paper of a closed declaration. Whoever asks second, even at the same moment, gets the same document."""
    issued = final_of(declaration)
    if issued:
        return issued
    _require_closed(declaration)
    # Takes seconds, so outside the transaction. Nothing that it prints can change after the close.
    paper = declaration_pdf(declaration, final=True, page_size=declaration.page_size)
    name = _store(paper.content, declaration)
    try:
        with transaction.atomic():
            return _record(declaration, paper, name, by=by, at=at)
    except IntegrityError:
        default_storage.delete(name)
        issued = final_of(declaration)
        if issued is None:
            raise
        return issued  # somebody was faster: theirs is the paper
    except BaseException:
        default_storage.delete(name)
        raise


def _require_closed(declaration: Declaration) -> None:
    """Asks the database, not the row in hand."""
    if not Declaration.objects.filter(pk=declaration.pk, state=DeclarationState.CLOSED).exists():
        raise MoveError(_("Naskah final terbit setelah penandatanganan ditutup."))


def _store(content: bytes, declaration: Declaration) -> str:
    """The name under which the file is kept. Written under another name and renamed, so never half a file."""
    name = f"documents/{declaration.code}-{secrets.token_hex(8)}.pdf"
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix="half-", delete=False) as half:
        half.write(content)
        half.flush()
        os.fsync(half.fileno())
    Path(half.name).rename(path)
    return name


def _record(declaration: Declaration, paper: Paper, name: str, *, by: User, at: datetime | None) -> Document:
    digest = hashlib.sha256(paper.content).hexdigest()
    head = LedgerHead.objects.get(declaration=declaration)
    document = Document.objects.create(
        declaration=declaration,
        kind=DocumentKind.DECLARATION,
        page_size=declaration.page_size,
        file=name,
        size=len(paper.content),
        pages=paper.pages,
        sha256=digest,
        head_sequence=head.sequence,
        head_hash=head.hash,
        issued_by=by,
        issued_at=at or dates.now(),
    )
    payload = {"document": document.pk, "sha256": digest}
    chain.append(declaration, EntryKind.DOCUMENT_ISSUED, actor=by, about=[document], at=at, **payload)
    _require_closed(declaration)  # under the chain's lock: no withdrawal slips between
    return document


def content_of(document: Document) -> bytes:
    """The stored bytes, checked against the record; raises DamagedFile rather than hand out something else."""
    try:
        with document.file.open("rb") as stored:
            content = stored.read()
    except OSError as error:
        raise DamagedFile from error
    if len(content) != document.size or hashlib.sha256(content).hexdigest() != document.sha256:
        raise DamagedFile
    return content
