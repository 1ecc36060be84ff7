"""Tables as files, XLSX and CSV, out and in. Text stays text: nothing that somebody typed is executed.

What is read is judged cell by cell: a formula, or a number that Excel has already rounded, is a fault with its place.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

# A cell that begins like this is a formula, or becomes one (OWASP, "CSV Injection").
ACTIVE = ("=", "+", "-", "@", "\t", "\r")
HEADING, TEXT = Font(bold=True), Font()
WIDEST = 60  # characters
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Cell = str | int | Decimal | date | None
Table = tuple[Sequence[str], Iterable[Sequence[Cell]]]  # headings and rows


def harmless(text: str) -> str:
    """An apostrophe before what a spreadsheet would execute; `plain()` takes it away again."""
    return f"'{text}" if text.startswith((*ACTIVE, "'")) else text


def plain(text: str) -> str:
    """What `harmless()` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*ACTIVE, "'")) else text


def as_file(form: str, title: str, table: Table) -> bytes:
    """`form` is one of TYPES."""
    return as_csv(*table) if form == "csv" else as_xlsx(title, *table)


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """RFC 4180, UTF-8 with the mark that Excel needs to see that it is UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([harmless(str(header)) for header in headers])
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a heading row that stays in view and can be filtered. Every text is a cell of type text."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    fill(sheet, headers, rows)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def fill(sheet: Worksheet, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Writes heading and rows, and makes each column as wide as its text, within reason."""
    widths = [len(header) for header in headers]
    for number, row in enumerate([headers, *rows], start=1):
        for column, value in enumerate(row, start=1):
            if value is None or value == "":
                continue
            cell = sheet.cell(number, column)
            if isinstance(value, str):
                value = ILLEGAL_CHARACTERS_RE.sub("", value)
                widths[column - 1] = max(widths[column - 1], len(value))
            cell.value = value
            if isinstance(value, date):
                cell.number_format = "DD/MM/YYYY"
                widths[column - 1] = max(widths[column - 1], 10)
            if isinstance(value, str):
                cell.data_type = "s"  # a leading "=" would have made it a formula
            cell.font = HEADING if number == 1 else TEXT
            cell.alignment = Alignment(vertical="top", wrap_text=number > 1)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width, WIDEST) + 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


# --- Reading

MAX_BYTES = 2_000_000
MAX_UNPACKED = 60_000_000  # bytes; an honest workbook of 10,000 rows unpacks to about 10 million
MAX_ROWS, MAX_COLUMNS = 10_000, 60
EXACT = 10**15  # Excel keeps 15 digits of a number: a NIP entered as a number has lost its end


class SheetError(ValueError):
    """The file cannot be read as a table. Its text may be shown."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: `row` as the spreadsheet numbers it, the heading is row 1; 0 when it is no row."""

    row: int
    column: str
    text: str

    def __str__(self):
        if self.column:
            return _("Baris %(row)d, kolom %(column)s: %(text)s") % vars(self)
        return _("Baris %(row)d: %(text)s") % vars(self) if self.row else self.text


@dataclass
class Sheet:
    """The headings, the rows that are not empty, and the number of each in the file."""

    headers: list[str]
    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(name: str, body: bytes) -> Sheet:
    """The first sheet of an XLSX, or a CSV with comma or semicolon in UTF-8. Raises SheetError."""
    if len(body) > MAX_BYTES:
        raise SheetError(_("Berkas lebih besar dari 2 MB. Bagi menjadi beberapa berkas."))
    rows = _xlsx_rows(body) if body.startswith(b"PK") else _csv_rows(body)
    if not name.lower().endswith((".xlsx", ".csv")):
        raise SheetError(_("Pilih berkas XLSX atau CSV."))
    headers = [_text(cell) if not isinstance(cell, Fault) else "" for cell in next(rows, [])]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise SheetError(_("Baris pertama kosong. Baris pertama harus memuat nama kolom."))
    return _filled(Sheet([header.strip().lower() for header in headers]), rows)


def _filled(sheet: Sheet, rows: Iterator[list[Any]]) -> Sheet:
    for number, cells in enumerate(rows, start=2):
        if number > MAX_ROWS + 1:
            raise SheetError(
                _(
                    "Berkas memuat lebih dari 10.000 baris. Hapus baris kosong di bawah data, atau bagi berkasnya."
                )
            )
        texts = []
        for column, cell in enumerate(cells[: len(sheet.headers)]):
            try:
                texts.append(_text(cell))
            except SheetError as error:
                sheet.faults.append(Fault(number, sheet.headers[column], str(error)))
                texts.append("")
        if any(_is_filled(cell) for cell in cells[len(sheet.headers) :]):
            sheet.faults.append(Fault(number, "-", _("Ada isi di luar kolom yang bernama.")))
        if any(texts):
            sheet.rows.append(texts + [""] * (len(sheet.headers) - len(texts)))
            sheet.numbers.append(number)
    return sheet


def _is_filled(cell: Any) -> bool:
    value = getattr(cell, "value", cell)
    return value not in (None, "")


def _text(cell: Any) -> str:
    """A cell as text. A number or a day comes as people type it; raises SheetError for what cannot be trusted."""
    value = getattr(cell, "value", cell)
    if getattr(cell, "data_type", "") == "f":
        raise SheetError(_("berisi rumus. Salin, lalu tempel sebagai nilai."))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, time):
        return value.isoformat()
    text = str(value)
    if "\x00" in text:
        raise SheetError(_("memuat karakter yang tidak terbaca. Ketik ulang isinya."))
    return text.strip()


def _number(value: int | float) -> str:
    if abs(value) >= EXACT or value != value:
        raise SheetError(
            _(
                "terbaca sebagai angka, dan Excel menyimpan hanya 15 angka pertama. Ubah format sel menjadi Teks, lalu "
                "ketik ulang."
            )
        )
    return str(int(value)) if value == int(value) else str(value)


def _xlsx_rows(body: bytes) -> Iterator[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise SheetError(
                    _("Isi berkas terlalu besar. Salin datanya ke buku kerja baru, lalu coba lagi.")
                )
        # Formulas stay visible as formulas; what Excel last computed is not looked at.
        sheet = load_workbook(io.BytesIO(body), read_only=True).worksheets[0]
        sheet.reset_dimensions()  # what the file claims about its size is not believed
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS)):
            if number > MAX_ROWS + 1:
                return
            yield list(row)
    except SheetError:
        raise
    except Exception as error:  # a broken workbook may fail in any way inside the reader
        raise SheetError(
            _(
                "Berkas ini tidak terbaca sebagai XLSX. Simpan ulang dari Excel tanpa kata sandi, lalu coba lagi."
            )
        ) from error


def _csv_rows(body: bytes) -> Iterator[list[Any]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(_("CSV ini bukan UTF-8. Di Excel pilih “CSV UTF-8”, atau unggah XLSX.")) from error
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)  # Indonesian Excel writes semicolons
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [plain(cell) for cell in row]
    except csv.Error as error:
        raise SheetError(_("Berkas ini tidak terbaca sebagai CSV. Simpan ulang, lalu coba lagi.")) from error
