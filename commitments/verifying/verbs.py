"""Holding a file against the record: is it what was issued, and if not, what was done to it. Nothing of it is kept."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.languages import in_indonesian
from commitments import codes
from commitments.documents import inspection
from commitments.documents.inspection import Changes, Facts, Trouble, compare
from commitments.models import Declaration, Document
from commitments.verifying.limits import inspecting

logger = logging.getLogger(__name__)
LEAST_PART = 1000  # bytes: the first lines of a PDF are the same everywhere
# A program that saves a PDF gives it a new number of 16 bytes; fewer differing bytes are somebody's or an accident's.
NEW_NUMBER = 12
MOST_PAGES = 12  # named one by one
DRAFT_MARK = " (DRAF)"
# How the titles of our other papers begin, which are never on record: templates/documents/.
RECEIPT_MARK = "Bukti terima "
HEADER = b"%PDF-"


class Verdict(StrEnum):
    EXACT = "exact"
    RESAVED = "resaved"
    CHANGED = "changed"
    DAMAGED = "damaged"  # bytes differ where nobody may write: a broken seal, or a file that cannot be opened any more
    STRANGE_SEAL = "strange_seal"
    DRAFT = "draft"
    RECEIPT = "receipt"
    WET_INK = "wet_ink"
    NOT_OURS = "not_ours"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    TOO_HEAVY = "too_heavy"


TROUBLES = {
    Trouble.UNREADABLE: Verdict.UNREADABLE,
    Trouble.ENCRYPTED: Verdict.ENCRYPTED,
    Trouble.TOO_HEAVY: Verdict.TOO_HEAVY,
}


@dataclass(frozen=True)
class Finding:
    """`document` is the issued paper that the file is, was, or pretends to be."""

    verdict: Verdict
    document: Document | None = None
    changes: list[str] = field(default_factory=list)


def check(chunks: Iterable[bytes]) -> Finding:
    """What the file of these chunks is. An exact copy costs one pass of SHA-256 and is never parsed.

    Raises Busy when the file has to be parsed and this server is parsing as many as it does at once.
    """
    documents = list(Document.objects.select_related("declaration__successor").order_by("size", "pk"))
    parts = list(chunks)
    exact = _exact(parts, documents)
    if exact:
        return Finding(Verdict.EXACT, exact)
    content = b"".join(parts)
    facts = Facts(trouble=Trouble.UNREADABLE)
    if HEADER in content[:1024]:
        with inspecting():
            facts = inspection.examine(content)
    extended = _extended(content, documents)
    document = extended or _traced(content, facts, documents)
    if document:
        return _judged(content, facts, document, extended=extended is not None)
    if facts.trouble:
        return Finding(TROUBLES[Trouble(facts.trouble)])
    return Finding(_by_title(facts.title))


def _exact(parts: list[bytes], documents: list[Document]) -> Document | None:
    """Before the parts are put together: nobody has to copy 20 MB to learn their digest."""
    running = hashlib.sha256()
    for part in parts:
        running.update(part)
    return next((document for document in documents if document.sha256 == running.hexdigest()), None)


@in_indonesian
def _by_title(title: str) -> Verdict:
    """Which of our papers without a record its title says it is. Anybody can write a title: a trace and no proof.

    Whether a receipt of that number exists is not looked up, so that nobody learns it here.
    """
    if title.startswith(RECEIPT_MARK) and codes.parse_code(title.removeprefix(RECEIPT_MARK)):
        return Verdict.RECEIPT
    wet_ink = _("Lembar tanda tangan basah") + ": "
    if title.startswith(wet_ink) and _is_published(title.removeprefix(wet_ink)):
        return Verdict.WET_INK
    if title.endswith(DRAFT_MARK) and _is_published(title.removesuffix(DRAFT_MARK)):
        return Verdict.DRAFT
    return Verdict.NOT_OURS


def _is_published(title: str) -> bool:
    return Declaration.objects.published().filter(title=title).exists()


def _extended(content: bytes, documents: list[Document]) -> Document | None:
    """The issued paper that this file begins with: all of its bytes are there, and something follows."""
    running, done, found = hashlib.sha256(), 0, None
    for document in documents:  # by size, so that one pass serves all
        if document.size >= len(content):
            break
        running.update(memoryview(content)[done : document.size])
        done = document.size
        if running.hexdigest() == document.sha256:
            found = document
    return found


def _traced(content: bytes, facts: Facts, documents: list[Document]) -> Document | None:
    """The issued paper that the file says it comes from, was cut from, or looks like. Traces, not proof."""
    said = {codes.parse_code(code) for code in facts.codes}
    for document in documents:
        if document.declaration.code in said or _is_part(content, document) or _is_alike(content, document):
            return document
    namesakes = [document for document in documents if facts.title == document.declaration.title]
    shared = {document: _shared_pages(facts, document) for document in namesakes}
    best = max(namesakes, key=shared.__getitem__, default=None)
    return best if best and shared[best] else None


def _is_part(content: bytes, document: Document) -> bool:
    """A download that broke off: the beginning of the paper, and no more."""
    return LEAST_PART < len(content) < document.size and _stored(document).startswith(content)


def _is_alike(content: bytes, document: Document) -> bool:
    """As long as the paper, and nine of ten bytes where they should be."""
    return len(content) == document.size and len(_differing(content, _stored(document))) < len(content) / 10


def _differing(content: bytes, stored: bytes) -> list[int]:
    return [place for place, (one, other) in enumerate(zip(content, stored, strict=False)) if one != other]


def _shared_pages(facts: Facts, document: Document) -> int:
    return len(set(facts.pages) & set(inspection.facts_of(_stored(document)).pages))


def _stored(document: Document) -> bytes:
    """The bytes that were issued; none when our own file is not what it was, which the print page tells as well."""
    try:
        with document.file.open("rb") as stored:
            content = stored.read()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() == document.sha256:
        return content
    logger.error("document %s is missing or was changed", document.pk)
    return b""


def _judged(content: bytes, facts: Facts, document: Document, *, extended: bool) -> Finding:
    original = content[: document.size] if extended else _stored(document)
    issued = inspection.facts_of(original)
    changes = Changes() if facts.trouble else compare(issued, facts)
    said = [*_pages_in_words(changes), *_rest_in_words(changes), *_seal_in_words(issued, facts)]
    if extended:
        return Finding(Verdict.CHANGED, document, said or [_bytes_added(len(content) - document.size)])
    if {seal.certificate for seal in facts.seals if seal.certificate} - _certificates(issued):
        return Finding(Verdict.STRANGE_SEAL, document, said)
    if _is_part(content, document):
        return Finding(Verdict.DAMAGED, document, [_cut(len(content), document.size)])
    if _is_alike(content, document):
        places = _differing(content, original)
        resaved = not facts.trouble and not changes and len(places) >= NEW_NUMBER
        verdict = Verdict.RESAVED if resaved else Verdict.DAMAGED
        return Finding(verdict, document, [_bytes_differ(places), *said])
    return Finding(Verdict.CHANGED if changes else Verdict.RESAVED, document, said)


def _certificates(issued: Facts) -> set[str]:
    """Of the seal on the paper as it was issued: that paper alone says which seal belongs on it."""
    return {seal.certificate for seal in issued.seals}


# --- In words


def _bytes_added(number: int) -> str:
    return ngettext(
        "%(n)d bagian berkas ditambahkan setelah akhir berkas asli.",
        "%(n)d bagian berkas ditambahkan setelah akhir berkas asli.",
        number,
    ) % {"n": number}


def _bytes_differ(places: list[int]) -> str:
    return ngettext(
        "%(n)d bagian berkas berbeda dari berkas asli, pada bagian ke-%(place)d.",
        "%(n)d bagian berkas berbeda dari berkas asli, mulai bagian ke-%(place)d.",
        len(places),
    ) % {"n": len(places), "place": places[0] + 1}


def _cut(length: int, size: int) -> str:
    return _("Berkas terpotong: baru %(length)d dari %(size)d bagian berkas.") % {
        "length": length,
        "size": size,
    }


def _pages_in_words(changes: Changes) -> list[str]:
    sentences = {
        _("Hilang dari naskah asli: halaman %(pages)s."): changes.removed,
        _("Ditambahkan: halaman %(pages)s."): changes.added,
        _("Isinya berbeda dari naskah asli: halaman %(pages)s."): changes.redrawn,
        _("Anotasi (catatan, cap, atau coretan) ditambahkan: halaman %(pages)s."): changes.annotated,
    }
    return [text % {"pages": _listed(pages)} for text, pages in sentences.items() if pages]


def _listed(pages: list[int]) -> str:
    return ", ".join(map(str, pages[:MOST_PAGES])) + (", …" if len(pages) > MOST_PAGES else "")


def _rest_in_words(changes: Changes) -> list[str]:
    sentences = {
        _("Bidang formulir atau tanda tangan digital ditambahkan."): changes.fields,
        _("Lampiran di dalam berkas ditambahkan, dihapus, atau diganti."): changes.attachments,
        _("Tindakan otomatis ditambahkan ke dalam berkas."): changes.active,
    }
    return [text for text, found in sentences.items() if found]


def _seal_in_words(issued: Facts, found: Facts) -> list[str]:
    """What became of our seal; pyHanko's analysis of what was written after it."""
    if not issued.seals:
        return []
    ours = [seal for seal in found.seals if seal.certificate in _certificates(issued) and seal.intact]
    if not ours:
        return [_("Segel kami pada berkas ini tidak utuh lagi.")]
    if ours[0].whole:
        return []
    return [
        _("Segel kami utuh, tetapi sesudahnya berkas ditambahi: %(what)s.") % {"what": _added(ours[0].change)}
    ]


def _added(change: str) -> str:
    return {
        "LTA_UPDATES": _("data untuk pemeriksaan jangka panjang"),
        "FORM_FILLING": _("isian formulir atau tanda tangan digital"),
        "ANNOTATIONS": _("anotasi"),
    }.get(change, _("perubahan yang tidak diizinkan segel"))
