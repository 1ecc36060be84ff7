"""What a stranger's PDF holds, told without believing it: pages, annotations, attachments and seals.

`examine()` reads it in a process of its own with little time, little memory, no environment and no right to write a
file: a hostile PDF may crash that process or keep it busy, and nothing else. Run as a program this file reads a PDF
from standard input and writes JSON; for that it imports nothing of ours and no Django.
"""

import contextlib
import difflib
import hashlib
import io
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum

import pikepdf

SECONDS = 10  # of a processor; by the clock twice as long, since others use it too
MEMORY = 800 * 2**20  # bytes of address space; the libraries alone take a third of it
EVIDENCE = "bukti.json"  # our other modules take the name from here, as this one can import none
DEEPEST = 60  # objects within objects, of one page
OPEN_ONLY = "--open-only"


class Trouble(StrEnum):
    """Why a file could not be read."""

    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    TOO_HEAVY = "too_heavy"


@dataclass(frozen=True)
class Seal:
    """One digital signature in the file. `whole`: nothing was written after it; `change`: what was, as pyHanko sees it
    (NONE, LTA_UPDATES, FORM_FILLING, ANNOTATIONS, OTHER)."""

    certificate: str = ""  # SHA-256, hexadecimal
    intact: bool = False
    whole: bool = False
    change: str = ""


@dataclass(frozen=True)
class Facts:
    """`pages`: one digest per page over all that is drawn on it; `annotations`: page by page, what was laid on top."""

    trouble: str = ""
    title: str = ""
    pages: list[str] = field(default_factory=list)
    annotations: list[list[str]] = field(default_factory=list)
    fields: int = 0
    attachments: dict[str, str] = field(default_factory=dict)
    active: list[str] = field(default_factory=list)  # scripts and actions of the whole file
    codes: list[str] = field(default_factory=list)  # of the declarations its bukti.json speaks of
    seals: list[Seal] = field(default_factory=list)


def examine(content: bytes) -> Facts:
    """The facts, or why there are none; never an exception of a reader, never more than twice SECONDS by the clock."""
    told = _told(content)
    if told is None:
        return Facts(trouble=Trouble.TOO_HEAVY)
    return Facts(**(told | {"seals": [Seal(**seal) for seal in told["seals"]]}))


def trouble_of(content: bytes) -> str:
    """Why a stranger's PDF does not open, a Trouble; empty when it does. As `examine`, without reading its pages."""
    told = _told(content, OPEN_ONLY)
    return Trouble.TOO_HEAVY if told is None else told["trouble"]


def _told(content: bytes, *arguments: str) -> dict | None:
    """What this file says about it as a program; None when it took too much."""
    try:
        done = subprocess.run(  # noqa: S603 this very file
            [sys.executable, "-I", __file__, *arguments],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what is in a stranger's file is not for our log
            env={},
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else json.loads(done.stdout)


def facts_of(content: bytes, read: Callable | None = None) -> Facts:
    """For a file we made ourselves; a stranger's goes through `examine`."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return (read or _facts)(pdf, content)
    except pikepdf.PasswordError:
        return Facts(trouble=Trouble.ENCRYPTED)
    except MemoryError:
        return Facts(trouble=Trouble.TOO_HEAVY)
    except Exception:  # whatever a reader of broken files may raise, the answer is the same
        return Facts(trouble=Trouble.UNREADABLE)


def _opens(pdf: pikepdf.Pdf, content: bytes) -> Facts:
    """No fact but whether it opens and has a page."""
    if pdf.is_encrypted:
        return Facts(trouble=Trouble.ENCRYPTED)
    return Facts(trouble="" if len(pdf.pages) else Trouble.UNREADABLE)


def _facts(pdf: pikepdf.Pdf, content: bytes) -> Facts:
    if pdf.is_encrypted:  # opened with an empty password: what is drawn may differ from what is stored
        return Facts(trouble=Trouble.ENCRYPTED)
    digest = _Digest()
    attachments = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    root = pdf.Root
    return Facts(
        title=str(pdf.docinfo.get("/Title", ""))[:300] if "/Info" in pdf.trailer else "",
        pages=[digest.page(page.obj) for page in pdf.pages],
        annotations=[_annotations(page.obj) for page in pdf.pages],
        fields=len(root.AcroForm.get("/Fields", [])) if "/AcroForm" in root else 0,
        attachments={name: hashlib.sha256(data).hexdigest() for name, data in attachments.items()},
        active=_active(root),
        codes=_codes(attachments.get(EVIDENCE, b"")),
        seals=_seals(content),
    )


def _annotations(page: pikepdf.Object) -> list[str]:
    """/Text, /FreeText, /Stamp, …; the boxes of form fields and seals (/Widget) are counted as fields."""
    kinds = [str(annotation.get("/Subtype", "")) for annotation in page.get("/Annots", [])]
    return sorted(kind for kind in kinds if kind != "/Widget")


def _active(root: pikepdf.Object) -> list[str]:
    found = [name for name in ("/OpenAction", "/AA") if name in root]
    return found + (["/JavaScript"] if "/JavaScript" in root.get("/Names", {}) else [])


def _codes(evidence: bytes) -> list[str]:
    """What bukti.json calls its code, wherever it stands; anybody can write one, so it is a trace and no proof."""
    try:
        told = json.loads(evidence)
    except (ValueError, RecursionError):
        return []
    places = [told, *told.values()] if isinstance(told, dict) else []
    codes = [place.get("code") for place in places if isinstance(place, dict)]
    return [code[:40] for code in codes if isinstance(code, str)]


class _Digest:
    """One digest for all that a page draws: streams as they read once unpacked, objects by what they hold."""

    DRAWN = ("/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit")
    PACKING = ("/Length", "/Filter", "/DecodeParms", "/DL")
    UP = ("/Parent", "/P", "/StructParent", "/StructParents", "/Metadata", "/PieceInfo", "/LastModified")

    def __init__(self):
        self.known: dict[tuple[int, int], str] = {}

    def page(self, page: pikepdf.Object) -> str:
        drawn = {name: _inherited(page, name) for name in self.DRAWN}
        parts = [f"{name}:{self.of(value)}" for name, value in drawn.items() if value is not None]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def of(self, thing, depth: int = 0) -> str:
        if not isinstance(thing, pikepdf.Object):
            return _plain(thing)
        if not thing.is_indirect:
            return self._of(thing, depth)
        if thing.objgen not in self.known:
            self.known[thing.objgen] = "…"  # a circle ends here
            self.known[thing.objgen] = self._of(thing, depth)
        return self.known[thing.objgen]

    def _of(self, thing: pikepdf.Object, depth: int) -> str:
        if depth > DEEPEST:
            raise ValueError("too deep")
        if isinstance(thing, pikepdf.Stream | pikepdf.Dictionary):
            keys = sorted(key for key in thing.keys() if key not in (*self.PACKING, *self.UP))  # noqa: SIM118
            text = ";".join(f"{key}={self.of(thing[key], depth + 1)}" for key in keys)
            if isinstance(thing, pikepdf.Stream):
                text += "#" + hashlib.sha256(_unpacked(thing)).hexdigest()
        elif isinstance(thing, pikepdf.Array):
            text = ",".join(self.of(item, depth + 1) for item in thing)
        else:
            return repr(bytes(thing)) if isinstance(thing, pikepdf.String) else str(thing)
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _plain(value) -> str:
    """5, 5.0 and 5.00 are one number to a PDF."""
    return (
        f"{float(value):g}"
        if not isinstance(value, bool | None) and not isinstance(value, str)
        else str(value)
    )


def _inherited(page: pikepdf.Object, name: str):
    for _ in range(DEEPEST):
        if name in page:
            return page[name]
        if "/Parent" not in page:
            return None
        page = page["/Parent"]
    return None


def _unpacked(stream: pikepdf.Object) -> bytes:
    try:
        return stream.read_bytes(pikepdf.StreamDecodeLevel.generalized)
    except pikepdf.PdfError:  # a packing that qpdf does not undo, as of photographs
        return stream.read_raw_bytes()


def _seals(content: bytes) -> list[Seal]:
    if b"/ByteRange" not in content:
        return []
    # Half a second to import, and needed only here.
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return [
            _seal(found)
            for found in PdfFileReader(io.BytesIO(content), strict=False).embedded_regular_signatures
        ]
    except MemoryError:
        raise
    except Exception:  # a seal that cannot be read is a broken one
        return [Seal()]


def _seal(embedded) -> Seal:
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    certificate = embedded.signer_cert
    # Whose seal it is, the caller decides by the certificate's digest; here only whether it holds.
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    try:
        status = validate_pdf_signature(embedded, context)
    except MemoryError:
        raise
    except Exception:
        return Seal(certificate.sha256.hex())
    return Seal(
        certificate.sha256.hex(),
        intact=bool(status.intact and status.valid),
        whole=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        change=status.modification_level.name if status.modification_level is not None else "",
    )


# --- Comparing


@dataclass(frozen=True)
class Changes:
    """What `found` holds that the issued paper does not, or lacks: numbers of pages count from 1 as people do."""

    removed: list[int] = field(default_factory=list)  # pages of the issued paper
    added: list[int] = field(default_factory=list)  # pages of the file, as are the next two
    redrawn: list[int] = field(default_factory=list)
    annotated: list[int] = field(default_factory=list)
    fields: int = 0
    attachments: list[str] = field(default_factory=list)
    active: bool = False

    def __bool__(self):
        return any(asdict(self).values())


def compare(issued: Facts, found: Facts) -> Changes:
    removed, added, redrawn = _pages(issued.pages, found.pages)
    same = {place: page for page, place in _matched(issued.pages, found.pages)}
    annotated = [
        place + 1
        for place, kinds in enumerate(found.annotations)
        if kinds != (issued.annotations[same[place]] if place in same else [])
    ]
    names = issued.attachments.keys() | found.attachments.keys()
    return Changes(
        removed,
        added,
        redrawn,
        annotated,
        fields=max(found.fields - issued.fields, 0),
        attachments=sorted(
            name for name in names if issued.attachments.get(name) != found.attachments.get(name)
        ),
        active=bool(set(found.active) - set(issued.active)),
    )


def _matched(before: list[str], after: list[str]) -> list[tuple[int, int]]:
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]


def _pages(before: list[str], after: list[str]) -> tuple[list[int], list[int], list[int]]:
    removed, added, redrawn = [], [], []
    for what, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        both = min(j - i, m - k)
        redrawn += [place + 1 for place in range(k, k + both)]
        removed += [page + 1 for page in range(i + both, j)]
        added += [place + 1 for place in range(k + both, m)]
    return removed, added, redrawn


def _main() -> None:
    for what, limit in {
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,  # a crash must not leave the file behind
    }.items():
        with contextlib.suppress(ValueError):  # lower already
            resource.setrlimit(what, (limit, limit))
    facts = facts_of(sys.stdin.buffer.read(), _opens if OPEN_ONLY in sys.argv else _facts)
    sys.stdout.write(json.dumps(asdict(facts)))


if __name__ == "__main__":
    _main()
