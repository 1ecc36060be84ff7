"""What a signer leaves, a drawing or a typed name. What a browser sends comes out checked, or is refused."""

import json
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

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
NUMBERS = {int, float}  # asked 1,500 times a drawing: a set of types is three times as fast as isinstance

Point = tuple[float, float, float, float]


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


def parse_drawing(text: str) -> dict:
    """The stored form (see Signature.strokes) of what a browser sent; raises MarkError.

    A browser sends {"width", "height", "strokes": [[[x, y, t, p], …], …]}: CSS pixels, milliseconds on any
    clock, pressure from 0 to 1.
    """
    drawing = _loads(text)
    if set(drawing) != {"width", "height", "strokes"} or not isinstance(drawing["strokes"], list):
        raise _unreadable()
    width, height = (_within(drawing[side], MIN_SIDE, MAX_SIDE) for side in ("width", "height"))
    strokes = [[_point(point) for point in stroke] for stroke in _counted(drawing["strokes"])]
    _require_on_canvas(strokes, width, height)
    _require_time_runs_forward(strokes)
    _require_extent(strokes)
    start = strokes[0][0][2]
    return {
        "width": math.ceil(width),
        "height": math.ceil(height),
        "strokes": [[_stored(point, start) for point in stroke] for stroke in strokes],
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
            _("Goresan terlalu panjang: paling banyak 20.000 titik. Ulangi dengan lebih sederhana.")
        )
    return strokes


def _point(point: object) -> Point:
    if not isinstance(point, list) or len(point) != 4:
        raise _unreadable()
    x, y, time, pressure = point
    return (
        _within(x, -MAX_SIDE, 2 * MAX_SIDE),
        _within(y, -MAX_SIDE, 2 * MAX_SIDE),
        _within(time, 0, float(2**53)),
        _within(pressure, 0, 1),
    )


def _within(value: object, low: float, high: float) -> float:
    """The number, when it is one between these two; infinities are outside, and true is no number."""
    if type(value) not in NUMBERS or not low <= value <= high:  # type: ignore[operator]
        raise _unreadable()
    return float(value)  # type: ignore[arg-type]


def _require_on_canvas(strokes: list[list[Point]], width: float, height: float) -> None:
    for x, y, *_rest in _points(strokes):
        if not (-TOLERANCE <= x <= width + TOLERANCE and -TOLERANCE <= y <= height + TOLERANCE):
            raise MarkError(_("Goresan keluar dari kotak. Ulangi goresan di dalam kotak."))


def _require_time_runs_forward(strokes: list[list[Point]]) -> None:
    times = [time for _x, _y, time, _p in _points(strokes)]
    backwards = any(later < earlier for earlier, later in pairwise(times))
    if backwards or times[-1] - times[0] > MAX_MS:
        raise _unreadable()


def _require_extent(strokes: list[list[Point]]) -> None:
    places = {(x, y) for x, y, *_rest in _points(strokes)}
    if len(places) == 1:
        raise MarkError(_("Baru ada satu titik. Goreskan tanda tangan Anda di dalam kotak."))
    extent = max(max(side) - min(side) for side in zip(*places, strict=True))
    length = sum(math.dist(one[:2], two[:2]) for stroke in strokes for one, two in pairwise(stroke))
    if extent < MIN_EXTENT or length < MIN_LENGTH:
        raise MarkError(_("Goresan terlalu kecil untuk dikenali. Goreskan tanda tangan Anda lebih besar."))


def _points(strokes: list[list[Point]]) -> Iterable[Point]:
    return (point for stroke in strokes for point in stroke)


def _stored(point: Point, start: float) -> list[int]:
    """Whole numbers only: the same in every database and in every canonical form."""
    x, y, time, pressure = point
    return [round(x * 100), round(y * 100), round(time - start), round(pressure * 1000)]
