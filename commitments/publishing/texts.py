"""Points and legal basis as a clerk types them: one a line, sub-points on lines that begin with a dash."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commitments import dates
from commitments.models import LegalBasis, Point

# Usual wording, offered to a new draft; everything may be edited.
TITLE = "Deklarasi Komitmen Bersama Pelaksanaan Pengarusutamaan Gender (PUG) di Kota Bekasi"
CLOSING = (
    "Demikian komitmen bersama ini dibuat dengan sebenarnya untuk dilaksanakan dengan penuh tanggung jawab."
)
SIGNERS = (
    "kami yang bertanda tangan di bawah ini, Sekretaris Daerah, Asisten Daerah, Staf Ahli Wali Kota, "
    "Kepala Perangkat Daerah dan Camat se-Kota Bekasi, menyatakan komitmen bersama untuk:"
)


def opening_for(day: date, venue: str) -> str:
    """The usual opening with the date in words; a proposal that may be edited."""
    at = f" bertempat di {venue.strip()}," if venue.strip() else ""
    return f"Pada hari ini, {dates.date_in_words(day)},{at} {SIGNERS}"


def opening_moved(opening: str, *, was: tuple[date, str], now: tuple[date, str]) -> str:
    """The opening for another date and venue, if it is the usual one; what somebody wrote themselves stays."""
    if opening.strip() != opening_for(*was):
        return opening
    return opening_for(*now)


def parse_points(text: str) -> list[dict]:
    """[{"text", "sub_points"}]; raises ValidationError naming the line."""
    points: list[dict] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line:
            continue
        is_sub = line.startswith(("-", "–", "•"))
        line = line.lstrip("-–• ").strip()
        if is_sub and not points:
            message = _("Baris %(line)d: subbutir tidak dapat mendahului butir. Hapus tanda hubungnya.")
            raise ValidationError(message % {"line": number})
        _check_length(line, Point._meta.get_field("text").max_length, number)
        if is_sub:
            points[-1]["sub_points"].append(line)
        else:
            points.append({"text": line, "sub_points": []})
    return points


def parse_basis(text: str) -> list[str]:
    rows = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    for number, row in rows:
        _check_length(row, LegalBasis._meta.get_field("text").max_length, number)
    return [row for _number, row in rows]


def _check_length(line: str, limit: int | None, number: int) -> None:
    if limit and len(line) > limit:
        message = _(
            "Baris %(line)d terlalu panjang (%(length)d huruf, paling banyak %(limit)d). Pendekkan atau bagi."
        )
        raise ValidationError(message % {"line": number, "length": len(line), "limit": limit})


def points_as_text(points) -> str:
    lines = []
    for point in points:
        lines.append(point.text)
        lines += [f"- {sub}" for sub in point.sub_points]
    return "\n".join(lines)
