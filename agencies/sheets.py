"""Tables as files. Text stays text: nothing that somebody typed is executed by a spreadsheet program."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

# A cell that begins like this is a formula, or becomes one (OWASP, "CSV Injection").
ACTIVE = ("=", "+", "-", "@", "\t", "\r")
HEADING, TEXT = Font(bold=True), Font()
WIDEST = 60  # characters
Cell = str | int | None


def harmless(text: str) -> str:
    """An apostrophe before what a spreadsheet would execute; `plain()` takes it away again."""
    return f"'{text}" if text.startswith((*ACTIVE, "'")) else text


def plain(text: str) -> str:
    """What `harmless()` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*ACTIVE, "'")) else text


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """RFC 4180, UTF-8 with the mark that Excel needs to see that it is UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headers)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a heading row that stays in view and can be filtered. Every text is a cell of type text."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    fill(sheet, headers, rows)
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
            if isinstance(value, str):
                cell.data_type = "s"  # a leading "=" would have made it a formula
            cell.font = HEADING if number == 1 else TEXT
            cell.alignment = Alignment(vertical="top", wrap_text=number > 1)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width, WIDEST) + 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
