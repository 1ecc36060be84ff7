"""What a signer leaves: a drawing, a typed name, or ink on paper. What comes in is checked, or refused."""

import json
import math
import unicodedata
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies.models import Official, search_key
from commitments.states import Method

MAX_TEXT = 2_000_000  # characters of JSON; 20,000 points with every decimal a browser writes stay below it
MAX_STROKES = 200
MAX_POINTS = 20_000
MIN_SIDE, MAX_SIDE = 50, 4000  # of the canvas, in CSS pixels
TOLERANCE = 5  # CSS pixels a point may lie outside the canvas: half a pen's width, and rounding
MIN_EXTENT, MIN_LENGTH = 15, 30  # CSS pixels: less is a slip of the hand
MAX_MS = 24 * 60 * 60 * 1000
MAX_NAME = 300
NUMBERS = {int, float}  # true is no number, and its type is another
BOUNDS = [(-MAX_SIDE, 2 * MAX_SIDE), (-MAX_SIDE, 2 * MAX_SIDE), (0, 2**53), (0, 1)]  # of x, y, time, pressure

Column = list[float]


class MarkError(ValueError):
    """The mark cannot be taken. Its text may be shown to the user."""


@dataclass(frozen=True)
class Drawn:
    """Strokes in the stored form, as `parse_drawing` returns them."""

    strokes: dict

    @property
    def method(self) -> Method:
        return Method.DRAWN


@dataclass(frozen=True)
class Typed:
    name: str

    @property
    def method(self) -> Method:
        return Method.TYPED


@dataclass(frozen=True)
class Scanned:
    """A signature in ink, cut out of a scanned sheet: PNG, made anew by us. See `scans`."""

    png: bytes

    @property
    def method(self) -> Method:
        return Method.SCANNED


def parse_drawing(text: str) -> dict:
    """The stored form (see Signature.strokes) of what a browser sent; raises MarkError.

    A browser sends {"width", "height", "strokes": [[[x, y, t, p], …], …]}: CSS pixels, milliseconds on any
    clock, pressure from 0 to 1.
    """
    drawing = _loads(text)
    if set(drawing) != {"width", "height", "strokes"} or not isinstance(drawing["strokes"], list):
        raise _unreadable()
    width, height = (_within(drawing[side], MIN_SIDE, MAX_SIDE) for side in ("width", "height"))
    strokes = _counted(drawing["strokes"])
    xs, ys, times, _pressures = _columns(strokes)
    _require_on_canvas(xs, ys, width, height)
    _require_time_runs_forward(times)
    _require_extent(strokes, xs, ys)
    return {
        "width": math.ceil(width),
        "height": math.ceil(height),
        "strokes": [_stored(stroke, times[0]) for stroke in strokes],
    }


def check_typed(name: str, official: Official) -> str:
    """The name as typed, spaces tidied, when it is the official's (with or without titles); raises MarkError.

    Case, spacing and punctuation do not count.
    """
    typed = " ".join(name.split())
    if not typed:
        raise MarkError(_("Ketik nama lengkap Anda."))
    if len(typed) > MAX_NAME or any(unicodedata.category(letter).startswith("C") for letter in typed):
        raise MarkError(_("Nama memuat tanda yang tidak dapat dipakai, atau terlalu panjang."))
    before, bare, after = official.title_before, official.name, official.title_after
    spellings = [(bare,), (before, bare), (bare, after), (before, bare, after)]
    if not _key(typed) or _key(typed) not in {_key(*spelling) for spelling in spellings}:
        expected = official.full_name
        raise MarkError(
            _("Nama yang diketik belum sama dengan data Anda. Ketik: %(name)s") % {"name": expected}
        )
    return typed


def _key(*texts: str) -> str:
    return search_key(*(unicodedata.normalize("NFKC", text) for text in texts))


def _unreadable() -> MarkError:
    return MarkError(_("Goresan tidak dapat dibaca. Ulangi goresan, atau pilih Ketik nama."))


def _empty() -> MarkError:
    return MarkError(_("Kotak tanda tangan masih kosong. Goreskan tanda tangan Anda, atau pilih Ketik nama."))


def _refuse_constant(name: str) -> None:
    """JSON has no NaN and no Infinity; Python's reader would take them."""
    raise _unreadable()


def _loads(text: str) -> dict:
    if not text.strip():
        raise _empty()
    if len(text) > MAX_TEXT:
        raise MarkError(
            _("Goresan terlalu besar untuk disimpan. Ulangi dengan goresan yang lebih sederhana.")
        )
    try:
        drawing = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):  # not JSON, a number of thousands of digits, brackets without end
        raise _unreadable() from None
    if not isinstance(drawing, dict):
        raise _unreadable()
    return drawing


def _counted(strokes: list) -> list[list]:
    """The strokes, when they are lists of points and not too many."""
    if not strokes:
        raise _empty()
    if len(strokes) > MAX_STROKES:
        raise MarkError(
            _("Goresan paling banyak %(limit)s tarikan. Ulangi dengan lebih sederhana.")
            % {"limit": MAX_STROKES}
        )
    if not all(isinstance(stroke, list) and stroke for stroke in strokes):
        raise _unreadable()
    if sum(map(len, strokes)) > MAX_POINTS:
        raise MarkError(
            _("Goresan terlalu panjang: paling banyak %(limit)s titik. Ulangi dengan lebih sederhana.")
            % {"limit": number_format(MAX_POINTS, force_grouping=True)}
        )
    return strokes


def _columns(strokes: list[list]) -> list[Column]:
    """x, y, time and pressure of all points, within their bounds.

    A drawing has 1,500 points: a column is checked by one min() and one max(), not number by number.
    """
    points = [point for stroke in strokes for point in stroke]
    if not all(type(point) is list and len(point) == 4 for point in points):
        raise _unreadable()
    numbers = list(chain.from_iterable(points))
    if not NUMBERS.issuperset(map(type, numbers)):
        raise _unreadable()
    columns = [numbers[place::4] for place in range(4)]
    if not all(
        low <= min(column) and max(column) <= high
        for column, (low, high) in zip(columns, BOUNDS, strict=True)
    ):
        raise _unreadable()
    return columns


def _within(value: object, low: float, high: float) -> float:
    """The number, when it is one between these two; infinities are outside."""
    if type(value) not in NUMBERS or not low <= value <= high:  # type: ignore[operator]
        raise _unreadable()
    return float(value)  # type: ignore[arg-type]


def _require_on_canvas(xs: Column, ys: Column, width: float, height: float) -> None:
    for column, side in ((xs, width), (ys, height)):
        if min(column) < -TOLERANCE or max(column) > side + TOLERANCE:
            raise MarkError(_("Goresan keluar dari kotak. Ulangi goresan di dalam kotak."))


def _require_time_runs_forward(times: Column) -> None:
    if times != sorted(times) or times[-1] - times[0] > MAX_MS:
        raise _unreadable()


def _require_extent(strokes: list[list], xs: Column, ys: Column) -> None:
    if min(xs) == max(xs) and min(ys) == max(ys):
        raise MarkError(_("Baru ada satu titik. Goreskan tanda tangan Anda di dalam kotak."))
    extent = max(max(xs) - min(xs), max(ys) - min(ys))
    if extent < MIN_EXTENT or not _long_enough(strokes):
        raise MarkError(_("Goresan terlalu kecil untuk dikenali. Goreskan tanda tangan Anda lebih besar."))


def _long_enough(strokes: list[list]) -> bool:
    """Whether the pen went far enough; most drawings tell within a few points."""
    steps = (math.dist(one[:2], two[:2]) for stroke in strokes for one, two in pairwise(stroke))
    return any(length >= MIN_LENGTH for length in accumulate(steps))


def _stored(stroke: list[list], start: float) -> list[list[int]]:
    """Whole numbers only: the same in every database and in every canonical form."""
    return [
        [round(x * 100), round(y * 100), round(time - start), round(pressure * 1000)]
        for x, y, time, pressure in stroke
    ]
