"""Issuing the final paper: rendered once, stored with its hash, never half a file and never two."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
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
    if declaration.state != DeclarationState.CLOSED:
        raise MoveError(_("Naskah final terbit setelah penandatanganan ditutup."))
    paper = declaration_pdf(
        declaration, final=True, page_size=declaration.page_size
    )  # seconds; outside the transaction
    digest = hashlib.sha256(paper.content).hexdigest()
    name = default_storage.save(f"documents/{declaration.code}-{digest[:16]}.pdf", ContentFile(paper.content))
    try:
        with transaction.atomic():
            return _record(declaration, paper, digest, name, by=by, at=at)
    except IntegrityError:
        default_storage.delete(name)  # somebody was faster: theirs is the paper
        issued = final_of(declaration)
        if issued is None:
            raise
        return issued


def _record(
    declaration: Declaration, paper: Paper, digest: str, name: str, *, by: User, at: datetime | None
) -> Document:
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
    chain.append(
        declaration,
        EntryKind.DOCUMENT_ISSUED,
        actor=by,
        about=[document],
        at=at,
        document=document.pk,
        sha256=digest,
    )
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
