"""Reading a list into the master data: first to look at, then all of it or nothing."""

from dataclasses import dataclass
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from agencies import sheets
from agencies.cells import ChoiceCell, YesNoCell
from agencies.models import User
from agencies.people_resources import TENURE_CELLS
from agencies.resources import ListResource
from agencies.sheets import Fault, Sheet

SHOWN = 200  # rows of a preview; the figures above them count all


@dataclass
class Row:
    """A row that would be added or changed: its number in the file, what it is about, (column, before, after)."""

    number: int
    is_new: bool
    name: str
    changes: list[tuple[str, str, str]]


@dataclass
class Outcome:
    """What reading a sheet does, or would do. Nothing is kept when there is a fault."""

    faults: list[Fault]
    rows: list[Row]
    added: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def shown_faults(self) -> list[Fault]:
        return self.faults[:SHOWN]

    @property
    def shown_rows(self) -> list[Row]:
        return self.rows[:SHOWN]


def read_in(sheet: Sheet, reader: type[ListResource], *, by: User, file_name: str, dry_run: bool) -> Outcome:
    """All rows or none, in one transaction; `dry_run` always takes everything back."""
    resource = reader(reason=f"Impor {file_name}")
    faults = _heading_faults(sheet, resource)
    if faults:
        return Outcome(faults, [])
    faults = [*sheet.faults, *_empty_cells(sheet, resource)]
    dataset = tablib.Dataset(*sheet.rows, headers=sheet.headers)
    result = resource.import_data(
        dataset, dry_run=dry_run or bool(faults), rollback_on_validation_errors=True, user=by
    )
    told = {(fault.row, fault.column) for fault in faults}
    faults += [fault for fault in _faults(result, sheet, resource) if (fault.row, fault.column) not in told]
    if faults:
        return Outcome(sorted(faults, key=lambda fault: fault.row), [])
    totals = result.totals
    counts = {"added": totals["new"], "changed": totals["update"], "unchanged": totals["skip"]}
    return Outcome([], list(_rows(result, sheet)), **counts)


def _heading_faults(sheet: Sheet, resource: ListResource) -> list[Fault]:
    known = resource.columns
    texts = []
    if len(set(sheet.headers)) < len(sheet.headers) or "" in sheet.headers:
        texts.append(_("Setiap kolom harus bernama, dan tidak ada nama yang sama."))
    unknown = [header for header in sheet.headers if header and header not in known]
    if unknown:
        values = {"unknown": ", ".join(unknown)[:300], "known": ", ".join(known)}
        texts.append(_("kolom tidak dikenal: %(unknown)s. Kolom yang dikenal: %(known)s.") % values)
    missing = [column for column in resource.needed if column not in sheet.headers]
    if missing:
        texts.append(_("kolom wajib belum ada: %(missing)s.") % {"missing": ", ".join(missing)})
    if not texts and not sheet.rows:
        return [Fault(0, "", _("Tidak ada baris data di bawah nama kolom."))]
    return [Fault(1, "", text) for text in texts]


def _empty_cells(sheet: Sheet, resource: ListResource) -> list[Fault]:
    faulty = {(fault.row, fault.column) for fault in sheet.faults}
    return [
        Fault(number, column, _("wajib diisi."))
        for number, row in zip(sheet.numbers, sheet.rows, strict=True)
        for column, cell in zip(sheet.headers, row, strict=True)
        if column in resource.required and not cell and (number, column) not in faulty
    ]


def _faults(result: Result, sheet: Sheet, resource: ListResource) -> list[Fault]:
    columns = {field.attribute: field.column_name for field in resource.get_import_fields()}
    columns |= {name: column for column, (name, _cell) in TENURE_CELLS.items()} | columns
    found = [
        Fault(sheet.numbers[row.number - 1], _column(key, columns), str(text))
        for row in result.invalid_rows
        for key, texts in row.error_dict.items()
        for text in texts
    ]
    # What nobody foresaw: without the text of the exception, which may hold anything.
    unforeseen = _("Baris ini tidak dapat dibaca. Periksa isinya, atau hapus baris ini.")
    found += [Fault(sheet.numbers[row.number - 1], "", unforeseen) for row in result.error_rows]
    if result.base_errors and not found:
        found.append(Fault(0, "", _("Berkas tidak dapat dibaca. Bandingkan dengan templat, lalu coba lagi.")))
    return found


def _column(key: str, columns: dict[str, str]) -> str:
    return "" if key == NON_FIELD_ERRORS else columns.get(key, key)


def _rows(result: Result, sheet: Sheet):
    for number, row in zip(sheet.numbers, result.rows, strict=True):
        if row.import_type != RowResult.IMPORT_TYPE_SKIP:
            yield Row(number, row.is_new(), str(row.instance), row.diff)


# --- Out


def as_file(form: str, reader: type[ListResource], rows: Any) -> bytes:
    """The list as XLSX or CSV; reading it in again changes nothing."""
    resource = reader()
    table = resource.columns, resource.table(resource.prefetched(rows))
    return sheets.as_file(form, "Data", table)


def template(reader: type[ListResource]) -> bytes:
    """A workbook to fill in: headings, lists to choose from, and a second sheet that explains each column."""
    resource = reader()
    book = Workbook()
    data = book.active
    data.title = "Data"
    sheets.fill(data, resource.columns, [])
    cells = _cells(resource)
    for number, column in enumerate(resource.columns, start=1):
        letter = data.cell(1, number).column_letter
        data.column_dimensions[letter].width = max(16, len(column) + 4)
        for row in range(2, 202):
            data.cell(row, number).number_format = "@"  # text: a NIP keeps its last digits
        choices = _choices(cells.get(column))
        if choices:
            rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            data.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{sheets.MAX_ROWS}")
    explained = [
        [column, _("ya") if wanted else _("tidak"), text] for column, wanted, text in guide(resource)
    ]
    headers = [_("Kolom"), _("Wajib"), _("Isi")]
    sheets.fill(book.create_sheet(_("Petunjuk")), headers, explained)
    return sheets.saved(book)


def guide(resource: ListResource) -> list[tuple[str, bool, str]]:
    """Each column, whether it must be there, and what to write in it."""
    cells = _cells(resource)
    texts = {column: [str(resource.guide.get(column, ""))] for column in resource.columns}
    for column, choices in ((column, _choices(cells.get(column))) for column in texts):
        if choices:
            texts[column].append(_("Pilihan: %(choices)s.") % {"choices": ", ".join(choices)})
    return [(column, column in resource.needed, " ".join(filter(None, texts[column]))) for column in texts]


def _cells(resource: ListResource) -> dict[str, Any]:
    own = {field.column_name: field.widget for field in resource.get_import_fields()}
    return own | {
        column: cell for column, (_name, cell) in TENURE_CELLS.items() if column in resource.columns
    }


def _choices(cell: Any) -> list[str]:
    if isinstance(cell, YesNoCell):
        return ["ya", "tidak"]
    return list(cell.choices.values) if isinstance(cell, ChoiceCell) else []
