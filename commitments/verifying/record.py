"""What the public may know of a declaration: the one source of the page and of its JSON, so that both say the same.

Plain values only. A template or a client that gets no row cannot show a column that is nobody's business: no e-mail,
phone, NIP, rank, login, network address, device, drawing, reason or salt is ever read into it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from commitments import codes, dates
from commitments.documents.declaration import verification_address
from commitments.models import Declaration, Document, Signatory
from commitments.states import HAS_SIGNED, NOT_SIGNED, DeclarationState, SignatoryState, public_state
from commitments.verifying.seals import Seal, seal_of

SCHEMA = "komitmen-pug/verification/1"
STATUS = {
    DeclarationState.OPEN: "open",
    DeclarationState.CLOSED: "valid",
    DeclarationState.WITHDRAWN: "withdrawn",
    DeclarationState.SUPERSEDED: "superseded",
}


@dataclass(frozen=True)
class Holder:
    """Who holds the post today, where that is somebody else than who signed; no name for a vacant post."""

    name: str = ""
    capacity: str = ""
    label: str = ""  # Plt., Plh. or Pj.


@dataclass(frozen=True)
class Post:
    """One line. Who has not signed is a post and a state, not a person: to be called by name for not signing is
    no part of checking a sheet, and stays between DPPPA and the holder."""

    number: int
    title: str
    agency: str
    state: str
    words: str
    capacity: str = ""
    label: str = ""
    name: str = ""
    signed_at: datetime | None = None
    now: Holder | None = None
    hosted: bool = False  # somebody of the office stood beside the signer; the name is in the evidence


@dataclass(frozen=True)
class Record:
    declaration: Declaration
    successor: Declaration | None
    document: Document | None
    posts: list[Post]
    text: dict

    @property
    def status(self) -> str:
        return STATUS[DeclarationState(self.declaration.state)]

    @property
    def signed(self) -> int:
        return sum(bool(post.name) for post in self.posts)

    @property
    def total(self) -> int:
        return len(self.posts)

    @property
    def address(self) -> str:
        return verification_address(self.declaration)

    @property
    def seal(self) -> Seal:
        return seal_of(self.document)


def find(code: str | None) -> Declaration | None:
    """One query whether the code exists, is a draft's or cannot exist. A draft has no paper: nobody holds its code."""
    published = Declaration.objects.published().select_related("successor", "ledger_head")
    return published.filter(code=code or "").first()


def record_of(declaration: Declaration) -> Record:
    slots = declaration.signatories.for_matrix()
    closed = declaration.closed_at is not None
    return Record(
        declaration=declaration,
        successor=_successor(declaration),
        document=declaration.final(),
        posts=[_post(slot, number, closed=closed) for number, slot in enumerate(slots, start=1)],
        text=declaration.text(),
    )


def _successor(declaration: Declaration) -> Declaration | None:
    successor = getattr(declaration, "successor", None)
    return successor if successor and successor.state != DeclarationState.DRAFT else None


def _post(slot: Signatory, number: int, *, closed: bool) -> Post:
    state = public_state(slot.state, closed=closed)
    signature = slot.current_signature if state in HAS_SIGNED else None
    if signature is None:
        return Post(number, slot.position.title, slot.position.agency.name, state, _words(state))
    return Post(
        number,
        signature.position_title,
        signature.agency_name,
        state,
        _words(state),
        capacity=signature.capacity,
        label=signature.label,
        name=signature.full_name,
        signed_at=signature.signed_at,
        now=_replaced(slot),
        hosted=signature.host_id is not None,
    )


def _words(state: str) -> str:
    if state == NOT_SIGNED:
        return _("Tidak menandatangani sampai ditutup")
    return str(SignatoryState(state).label)


def _replaced(slot: Signatory) -> Holder | None:
    if slot.holder is None:
        return Holder()
    if slot.current_signature and slot.holder.official_id == slot.current_signature.official_id:
        return None
    return Holder(slot.holder.full_name, slot.holder.capacity, slot.holder.label)


# --- As JSON; docs/verification.md explains each name


def as_json(record: Record) -> dict:
    declaration = record.declaration
    return {
        "schema": SCHEMA,
        "status": record.status,
        "code": declaration.printed_code,
        "address": record.address,
        "declaration": {
            "title": declaration.title,
            "number": declaration.number or None,
            "year": declaration.year,
            "version": declaration.version,
            "place": declaration.place,
            "date": declaration.date.isoformat(),
            "text_digest": declaration.text_digest,
            "published_at": _iso(declaration.published_at),
            "closed_at": _iso(declaration.closed_at),
            "ended_at": _iso(declaration.ended_at),
            "sample": declaration.is_sample,
        },
        "successor": _pointer(record.successor) if record.successor else None,
        "signed": record.signed,
        "posts": record.total,
        "document": _document(record),
        "head": {"sequence": declaration.ledger_head.sequence, "hash": declaration.ledger_head.hash},
        "signatories": [_signatory(post) for post in record.posts],
        "text": record.text,
    }


def unknown_as_json(*, mistyped: bool) -> dict:
    return {"schema": SCHEMA, "status": "mistyped" if mistyped else "unknown"}


def not_yet_as_json() -> dict:
    return {"schema": SCHEMA, "status": STATUS[DeclarationState.OPEN]}


def _iso(moment: datetime | None) -> str | None:
    return dates.iso(moment) if moment else None


def _pointer(successor: Declaration) -> dict:
    return {
        "code": codes.printed(successor.code),
        "version": successor.version,
        "address": verification_address(successor),
    }


def _document(record: Record) -> dict | None:
    document = record.document
    if document is None:
        return None
    return {
        "pages": document.pages,
        "page_size": document.page_size,
        "size": document.size,
        "sha256": document.sha256,
        "issued_at": _iso(document.issued_at),
        "seal": record.seal.state,
    }


def _signatory(post: Post) -> dict:
    return {
        "number": post.number,
        "position": post.title,
        "agency": post.agency,
        "state": post.state,
        "capacity": post.capacity or None,
        "name": post.name or None,
        "signed_at": _iso(post.signed_at),
        "hosted": post.hosted,
        "holder_now": _holder(post.now) if post.now else None,
    }


def _holder(holder: Holder) -> dict:
    return {"name": holder.name or None, "capacity": holder.capacity or None}
