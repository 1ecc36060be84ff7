"""Holding a file against the record: is it what was issued, and if not, what was done to it. Nothing of it is kept."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import codes
from commitments.documents import inspection, titles
from commitments.documents.inspection import Changes, Facts, Trouble, compare
from commitments.documents.stored import DamagedFile, content_of
from commitments.models import Declaration, Document
from commitments.verifying.limits import inspecting

logger = logging.getLogger(__name__)
LEAST_PART = 1000  # bytes: the first lines of a PDF are the same everywhere
# A program that saves a PDF gives it a new number of 16 bytes; fewer differing bytes are somebody's or an accident's.
NEW_NUMBER = 12
MOST_PAGES = 12  # named one by one
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


class Paper:
    """One that was issued. A check asks for its bytes more than once; they are read and hashed at most once."""

    def __init__(self, document: Document):
        self.document = document

    @cached_property
    def content(self) -> bytes:
        """None when our own file is not what it was, which the print page tells as well."""
        try:
            return content_of(self.document)
        except DamagedFile:
            logger.error("document %s is missing or was changed", self.document.pk)
            return b""

    @cached_property
    def facts(self) -> Facts:
        return inspection.facts_of(self.content)


def check(chunks: Iterable[bytes]) -> Finding:
    """What the file of these chunks is. An exact copy costs one pass of SHA-256 and is never parsed.

    Raises Busy when the file has to be parsed and this server is parsing as many as it does at once.
    """
    documents = Document.objects.select_related("declaration__successor").order_by("size", "pk")
    papers = [Paper(document) for document in documents]
    parts = list(chunks)
    exact = _exact(parts, papers)
    if exact:
        return Finding(Verdict.EXACT, exact.document)
    content = b"".join(parts)
    facts = Facts(trouble=Trouble.UNREADABLE)
    if HEADER in content[:1024]:
        with inspecting():
            facts = inspection.examine(content)
    extended = _extended(content, papers)
    paper = extended or _traced(content, facts, papers)
    if paper:
        return _judged(content, facts, paper, extended=extended is not None)
    if facts.trouble:
        return Finding(TROUBLES[Trouble(facts.trouble)])
    return Finding(_by_title(facts.title))


def _exact(parts: list[bytes], papers: list[Paper]) -> Paper | None:
    """Before the parts are put together: nobody has to copy 20 MB to learn their digest."""
    running = hashlib.sha256()
    for part in parts:
        running.update(part)
    return next((paper for paper in papers if paper.document.sha256 == running.hexdigest()), None)


def _by_title(title: str) -> Verdict:
    """Which of our papers without a record its title says it is. Anybody can write a title: a trace and no proof.

    Whether a receipt of that number exists is not looked up, so that nobody learns it here.
    """
    if codes.parse_code(titles.receipt_number(title)):
        return Verdict.RECEIPT
    if _is_published(titles.wet_ink_declaration(title)):
        return Verdict.WET_INK
    if _is_published(titles.draft_declaration(title)):
        return Verdict.DRAFT
    return Verdict.NOT_OURS


def _is_published(title: str) -> bool:
    return Declaration.objects.published().filter(title=title).exists()


def _extended(content: bytes, papers: list[Paper]) -> Paper | None:
    """The issued paper that this file begins with: all of its bytes are there, and something follows."""
    running, done, found = hashlib.sha256(), 0, None
    for paper in papers:  # by size, so that one pass serves all
        size = paper.document.size
        if size >= len(content):
            break
        running.update(memoryview(content)[done:size])
        done = size
        if running.hexdigest() == paper.document.sha256:
            found = paper
    if found:
        found.content = content[: found.document.size]  # in hand already
    return found


def _traced(content: bytes, facts: Facts, papers: list[Paper]) -> Paper | None:
    """The issued paper that the file says it comes from, was cut from, or looks like. Traces, not proof."""
    said = {codes.parse_code(code) for code in facts.codes}
    for paper in papers:
        if paper.document.declaration.code in said or _is_part(content, paper) or _is_alike(content, paper):
            return paper
    namesakes = [paper for paper in papers if facts.title == paper.document.declaration.title]
    shared = {paper: _shared_pages(facts, paper) for paper in namesakes}
    best = max(namesakes, key=shared.__getitem__, default=None)
    return best if best and shared[best] else None


def _is_part(content: bytes, paper: Paper) -> bool:
    """A download that broke off: the beginning of the paper, and no more."""
    return LEAST_PART < len(content) < paper.document.size and paper.content.startswith(content)


def _is_alike(content: bytes, paper: Paper) -> bool:
    """As long as the paper, and nine of ten bytes where they should be."""
    if len(content) != paper.document.size:
        return False
    return len(_differing(content, paper.content)) < len(content) / 10


def _differing(content: bytes, stored: bytes) -> list[int]:
    return [place for place, (one, other) in enumerate(zip(content, stored, strict=False)) if one != other]


def _shared_pages(facts: Facts, paper: Paper) -> int:
    return len(set(facts.pages) & set(paper.facts.pages))


def _judged(content: bytes, facts: Facts, paper: Paper, *, extended: bool) -> Finding:
    document, issued = paper.document, paper.facts
    changes = Changes() if facts.trouble else compare(issued, facts)
    said = [*_pages_in_words(changes), *_rest_in_words(changes), *_seal_in_words(issued, facts)]
    if extended:
        return Finding(Verdict.CHANGED, document, said or [_bytes_added(len(content) - document.size)])
    if {seal.certificate for seal in facts.seals if seal.certificate} - _certificates(issued):
        return Finding(Verdict.STRANGE_SEAL, document, said)
    if _is_part(content, paper):
        return Finding(Verdict.DAMAGED, document, [_cut(len(content), document.size)])
    if _is_alike(content, paper):
        places = _differing(content, paper.content)
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
