"""The two matrices that go to the Pokja and to the province, as tables to take away."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from agencies.sheets import Cell, Table
from commitments import dates, progress
from commitments.models import Action
from commitments.standing import Line, lines_of

ROMAN = ("I", "II", "III", "IV")


def actions_of(year: int):
    actions = Action.objects.filter(plan__year=year).select_related("plan__agency", "point")
    actions = actions.prefetch_related("reports", "evidence", "criteria__framework")
    return actions.order_by("plan__agency__name", "point__order", "due_on", "pk")


def pokja_table(actions: Iterable[Action]) -> Table:
    """Rencana Pokja PUG: the columns of Permen PPPA 5/2025, appendix I, as far as one year fills them."""
    headers = [
        _("Perangkat daerah"), _("Tahun"), _("Pelembagaan atau proses"), _("Uraian program/kegiatan"), _("Data dasar"),
        _("Target tahunan"), _("Satuan"), _("IKU/indikator lainnya"), _("Alokasi anggaran (Rp)"), _("Unit pelaksana"),
    ]  # fmt: skip
    return headers, [_pokja_row(action) for action in actions]


def _pokja_row(action: Action) -> list[Cell]:
    return [
        action.plan.agency.name,
        action.plan.year,
        _criteria(action),
        action.title,
        action.baseline,
        action.target_4,
        action.unit,
        action.indicator,
        action.budget,
        action.person_in_charge,
    ]


def rad_table(actions: Iterable[Action]) -> Table:
    """RAD PUG with what was reached: the classic columns, and those of a progress report."""
    headers = [
        _("No."), _("Perangkat daerah"), _("Sasaran/prasyarat"), _("Butir komitmen"), _("Rencana aksi"), _("Indikator"),
        _("Satuan"), _("Data dasar"), *(_("Target TW %(quarter)s") % {"quarter": number} for number in ROMAN),
        _("Anggaran (Rp)"), _("Sumber dana"), _("Penanggung jawab"), _("Mitra"), _("Batas waktu"),
        _("Capaian"), _("Capaian (%)"), _("Anggaran terpakai (Rp)"), _("Laki-laki"), _("Perempuan"),
        _("Belum terpilah"), _("Jumlah penerima manfaat"), _("Menurut kantor"), _("Menurut pemeriksa"), _("Hambatan"),
        _("Langkah berikutnya"), _("Bukti diverifikasi"),
    ]  # fmt: skip
    lines = lines_of(actions, today=dates.today())
    return headers, [[number, *_rad_row(line)] for number, line in enumerate(lines, start=1)]


def _rad_row(line: Line) -> list[Cell]:
    action, newest, counted = line.action, line.newest, line.counted
    return [
        action.plan.agency.name,
        _criteria(action),
        action.point.text if action.point else "",
        action.title,
        action.indicator,
        action.unit,
        action.baseline,
        *action.targets,
        action.budget,
        action.budget_source,
        action.person_in_charge,
        action.partner,
        action.due_on,
        newest.reached if newest else None,
        progress.percent(line.share),
        newest.spent if newest else None,
        counted.men if counted else None,
        counted.women if counted else None,
        counted.unsplit if counted else None,
        counted.people if counted else None,
        line.claimed_label,
        line.verified.get_found_display() if line.verified else "",
        newest.hindrance if newest else "",
        newest.next_step if newest else "",
        line.evidence["accepted"],
    ]


def _criteria(action: Action) -> str:
    return "; ".join(str(criterion) for criterion in action.criteria.all())


def heat_table(city) -> Table:
    headers = [
        _("Perangkat daerah"),
        *(str(criterion) for criterion in city.criteria),
        _("Jumlah"),
        _("Diminta"),
    ]
    rows: list[list[Cell]] = [
        [row.agency.name, *(cell.accepted for cell in row.cells), row.counted, city.needed_of_one]
        for row in city.rows
    ]
    return headers, rows
