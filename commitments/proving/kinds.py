"""What a piece of evidence may be: told from the bytes, never from the name (C56).

Kept are what an office shows and a verifier can open without running anything: PDF, PNG, JPEG, the Office formats of
today, and plain text. Refused, with a sentence that says what to do instead:

- HTML, SVG and XML: a page runs scripts as soon as somebody opens the download, and shows tomorrow what it does not
  show today. Saved as PDF it is better evidence.
- Office files with macros or a password, and the formats of before 2007, which may hold macros unseen.
- PDFs that are locked, cut short, or do not open.
- programs, archives, and all that is not known.

Only `inline` kinds are ever shown in the browser; the rest are downloads. A stored name ends as its kind does, so that
a program that calls itself a report, or the other way round, is opened as what it is.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from commitments import pictures
from commitments.documents import inspection

MAX_PIXELS = 80_000_000  # a telephone's 64 megapixels; beyond it a verifier's browser gives up
MAX_PARTS = 10_000  # of an Office file or a PNG; a big presentation has some hundred
MAX_CONTENT_TYPES = 2_000_000  # bytes, unpacked
LONGEST_NAME = 200  # characters, as its column
MEGABYTE = 2**20


class FileRefused(Exception):
    """This file cannot be evidence. The text may be shown, and says what to do."""


@dataclass(frozen=True)
class Kind:
    code: str
    label: str  # proper names, the same in every language
    media_type: str
    endings: tuple[str, ...]  # the first is given to a name that has none of them
    inline: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = Kind("pdf", "PDF", "application/pdf", (".pdf",), inline=True)
PNG = Kind("png", "PNG", "image/png", (".png",), inline=True)
JPEG = Kind("jpeg", "JPEG", "image/jpeg", (".jpg", ".jpeg"), inline=True)
XLSX = Kind("xlsx", "Excel (XLSX)", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",))
DOCX = Kind("docx", "Word (DOCX)", f"{_OFFICE}.wordprocessingml.document", (".docx",))
PPTX = Kind("pptx", "PowerPoint (PPTX)", f"{_OFFICE}.presentationml.presentation", (".pptx",))
TEXT = Kind("text", "CSV/TXT", "text/plain; charset=utf-8", (".txt", ".csv"))

KINDS = {kind.code: kind for kind in (PDF, PNG, JPEG, XLSX, DOCX, PPTX, TEXT)}
OFFICE_PARTS = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX, "ppt/presentation.xml": PPTX}
ACCEPT = ",".join(ending for kind in KINDS.values() for ending in kind.endings)

JPEG_DATA, JPEG_END = b"\xff\xda", b"\xff\xd9"  # ITU-T T.81, B.1.1.3: SOS and EOI

PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # and what today's Office locks with a password
MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml)$|^xl/macrosheets/", re.IGNORECASE)
MACRO_TYPES = re.compile(rb"macroenabled|vbaproject", re.IGNORECASE)
PAGE = re.compile(r"^\s*<|<\s*(!doctype|html|head|body|script|svg|iframe|object|embed)\b", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def kind_of(content: bytes) -> Kind:
    """Raises FileRefused."""
    _require_size(content)
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"\x89PNG"):
        return _picture(content, PNG)
    if content.startswith(b"\xff\xd8\xff"):
        return _picture(content, JPEG)
    if content.startswith(b"PK\x03\x04"):  # a list of the PKK begins with the first two letters as well
        return _office(content)
    if content.startswith(OLD_OFFICE):
        raise FileRefused(
            _(
                "Berkas Office ini berkata sandi atau berformat lama (.doc, .xls, .ppt). "
                "Simpan ulang tanpa kata sandi sebagai DOCX, XLSX, PPTX, atau PDF."
            )
        )
    if content.startswith(PROGRAMS) and (content[:2] != b"MZ" or b"\0" in content[:64]):
        raise FileRefused(_("Ini program, bukan bukti. Unggah dokumen atau gambarnya."))
    return _text(content)


def stored_name(name: str, kind: Kind) -> str:
    """The name as it is kept and given back: one line, printable, not too long, and ending as its kind does."""
    clean = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    clean = clean.replace("\\", "/").rpartition("/")[2]
    ending = next((ending for ending in kind.endings if clean.lower().endswith(ending)), "")
    stem = clean[: len(clean) - len(ending)].strip(". ") or "berkas"
    ending = clean[len(clean) - len(ending) :] or kind.endings[0]
    return stem[: LONGEST_NAME - len(ending)] + ending


def title_of(name: str) -> str:
    """A stored name without its ending."""
    return name.rpartition(".")[0]


def _require_size(content: bytes) -> None:
    if not content:
        raise FileRefused(_("Berkas ini kosong. Simpan ulang dari aplikasinya, lalu unggah lagi."))
    if len(content) > settings.LARGEST_FILE:
        raise FileRefused(
            _("Berkas lebih dari %(n)d MB. Perkecil atau bagi menjadi beberapa berkas.")
            % {"n": settings.LARGEST_FILE // MEGABYTE}
        )


def _pdf(content: bytes) -> Kind:
    if b"%%EOF" not in content[-2048:]:
        raise FileRefused(_("PDF ini terpotong. Simpan atau unduh ulang, lalu unggah lagi."))
    trouble = inspection.trouble_of(content)
    if trouble == inspection.Trouble.ENCRYPTED:
        raise FileRefused(
            _("PDF ini terkunci kata sandi. Simpan salinan tanpa kata sandi, lalu unggah lagi.")
        )
    if trouble:
        raise FileRefused(
            _("PDF ini rusak dan tidak dapat dibuka. Simpan ulang sebagai PDF, lalu unggah lagi.")
        )
    return PDF


def _picture(content: bytes, kind: Kind) -> Kind:
    """By the size that the file announces, before anything is unpacked; nothing is ever unpacked here."""
    too_many = FileRefused(_("Gambar lebih dari 80 juta titik. Perkecil, lalu unggah lagi."))
    try:
        if kind == PNG:
            _require_few_chunks(content)
        with Image.open(io.BytesIO(content), formats=[kind.code.upper()]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise too_many
            picture.verify()
        if kind == JPEG and content.rfind(JPEG_END) < content.rfind(JPEG_DATA):
            raise OSError("cut short")  # verify() does not read so far; a preview inside has ends of its own
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many from error
    except pictures.FAULTS as error:
        raise FileRefused(
            _("Gambar ini rusak. Simpan ulang sebagai JPEG atau PNG, lalu unggah lagi.")
        ) from error
    return kind


def _require_short_contents(content: bytes) -> None:
    """The table of contents is read whole before anything can be said of it. Raises ValueError."""
    end = content.rfind(b"PK\x05\x06")
    if end >= 0 and int.from_bytes(content[end + 12 : end + 16], "little") > MAX_CONTENT_TYPES:
        raise ValueError("too long a table of contents")


def _require_few_chunks(content: bytes) -> None:
    """A chunk costs the library more than its twelve bytes. Raises OSError."""
    place = 8
    for _chunk in range(MAX_PARTS):
        if place >= len(content):
            return
        place += 12 + int.from_bytes(content[place : place + 4], "big")
    raise OSError("too many chunks")


def _office(content: bytes) -> Kind:
    """By the parts that its format demands; nothing is unpacked but the table of contents, within bounds."""
    try:
        _require_short_contents(content)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = parts.infolist()
            names = {info.filename for info in infos}
            kind = next((kind for part, kind in OFFICE_PARTS.items() if part in names), None)
            if kind is None or "[Content_Types].xml" not in names or len(infos) > MAX_PARTS:
                raise FileRefused(
                    _(
                        "Arsip tidak dapat dijadikan bukti. Unggah isinya satu per satu: PDF, gambar, atau Office."
                    )
                )
            locked = any(info.flag_bits & 1 for info in infos)
            types = b"" if locked else _head(parts, "[Content_Types].xml")
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        KeyError,
    ) as error:
        raise FileRefused(
            _("Berkas Office ini rusak. Buka di aplikasinya, simpan ulang, lalu unggah lagi.")
        ) from error
    if locked:
        raise FileRefused(
            _("Berkas Office ini berkata sandi. Simpan salinan tanpa kata sandi, lalu unggah lagi.")
        )
    if any(MACROS.search(name.replace("\\", "/")) for name in names) or MACRO_TYPES.search(
        types.replace(b"\0", b"")
    ):
        raise FileRefused(
            _("Berkas ini berisi makro. Simpan ulang tanpa makro (DOCX, XLSX, PPTX) atau sebagai PDF.")
        )
    return kind


def _head(parts: zipfile.ZipFile, name: str) -> bytes:
    """Raises ValueError where the part is larger than any honest one."""
    with parts.open(name) as part:
        found = part.read(MAX_CONTENT_TYPES + 1)
    if len(found) > MAX_CONTENT_TYPES:
        raise ValueError("too large")
    return found


def _text(content: bytes) -> Kind:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or CONTROL.search(text):
        raise FileRefused(
            _(
                "Jenis berkas ini tidak dikenal. Unggah PDF, PNG, JPEG, DOCX, XLSX, PPTX, "
                "atau teks dan CSV yang disimpan sebagai UTF-8."
            )
        )
    if PAGE.search(text[:4096]):
        raise FileRefused(
            _("Halaman web (HTML), SVG, dan XML tidak dapat dijadikan bukti. Cetak atau simpan sebagai PDF.")
        )
    if not text.strip():
        raise FileRefused(_("Berkas teks ini tidak berisi apa-apa. Periksa berkasnya, lalu unggah lagi."))
    return TEXT
