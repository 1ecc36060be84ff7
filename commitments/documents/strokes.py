"""From recorded points to a picture. The points are the evidence; everything here is derived from them."""

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Point = tuple[float, float]

BOX = (600, 200)  # width and height of the picture, in its own units
TOLERANCE = 0.7  # points nearer than this to the simplified line are not drawn
PEN = 3.6  # as .ink in static/css/app.css
GROW = 1.9  # small signatures are enlarged at most so many times


@dataclass(frozen=True)
class Outline:
    """One path in a box of 600 x 200, y pointing down: as SVG path data, and as PDF operators.

    The SVG counts from point to point, and the PDF from the corner, for it knows nothing else; both in whole units, so
    that they are one picture. On a page of 75 drawings the short numbers save a third of the bytes that travel.
    """

    d: str
    ops: bytes


def outline(strokes: dict) -> Outline:
    """The picture of a drawing as `Signature.strokes` documents it: fitted into the box, thinned, made smooth."""
    lines = [_simplified(line) for line in _fitted(strokes["strokes"])]
    d, ops = [], [f"0.05 G {PEN} w 1 J 1 j"]
    for line in lines:
        x, y = map(round, line[0])
        d.append(f"M{x} {y}")
        ops.append(f"{x} {y} m")
        for curve in _curves(line):
            units = [*map(round, curve)]
            d.append("c" + _short(number - origin for number, origin in zip(units, (x, y) * 3, strict=True)))
            ops.append(f"{' '.join(map(str, units))} c")
            x, y = units[-2:]
    ops.append("S")
    return Outline("".join(d), "\n".join(ops).encode())


def _short(numbers: Iterable[int]) -> str:
    """Numbers of SVG path data; a minus sign parts them as well as a space does."""
    return " ".join(map(str, numbers)).replace(" -", "-")


REMEMBERED = 2000  # pictures, about 4 MB; a process rarely meets so many
_OUTLINES: OrderedDict[str, Outline] = OrderedDict()  # the oldest first


def outline_of(signature) -> Outline:
    """The picture of a drawn signature. Its row never changes, so its receipt number names the picture for good."""
    known = remembered(signature)
    if known is None:
        known = _OUTLINES[signature.number] = outline(signature.strokes)
        if len(_OUTLINES) > REMEMBERED:
            _OUTLINES.popitem(last=False)
    return known


def remembered(signature) -> Outline | None:
    """The picture, if this process has it already, so that it needs no strokes."""
    return _OUTLINES.get(signature.number)


def _fitted(strokes: list) -> list[list[Point]]:
    """Points moved and scaled into the box, proportions kept."""
    xs = [point[0] / 100 for stroke in strokes for point in stroke]
    ys = [point[1] / 100 for stroke in strokes for point in stroke]
    width, height = max(xs) - min(xs) or 1, max(ys) - min(ys) or 1
    margin = 2 * PEN
    scale = min((BOX[0] - 2 * margin) / width, (BOX[1] - 2 * margin) / height, GROW)
    left = (BOX[0] - width * scale) / 2 - min(xs) * scale
    top = (BOX[1] - height * scale) / 2 - min(ys) * scale
    return [[(p[0] / 100 * scale + left, p[1] / 100 * scale + top) for p in stroke] for stroke in strokes]


def _simplified(points: list[Point]) -> list[Point]:
    """Ramer, Douglas and Peucker: drop what lies within TOLERANCE of the line; a dot becomes a line of no length."""
    keep = bytearray(len(points))
    keep[0] = keep[-1] = 1
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, at = _farthest(points, first, last)
        if farthest > TOLERANCE:
            keep[at] = 1
            spans += [(first, at), (at, last)]
    line = [point for point, kept in zip(points, keep, strict=True) if kept]
    return line * 2 if len(line) == 1 else line


def _farthest(points: list[Point], first: int, last: int) -> tuple[float, int]:
    """The point farthest from the straight line between these two, which ends at them: a flick may go past an end."""
    (ax, ay), (bx, by) = points[first], points[last]
    dx, dy = bx - ax, by - ay
    length = math.hypot(dx, dy)
    end = length * length
    best, at = 0.0, first
    for index in range(first + 1, last):
        px, py = points[index]
        along = dx * (px - ax) + dy * (py - ay)
        if along <= 0:
            distance = math.hypot(px - ax, py - ay)
        elif along >= end:
            distance = math.hypot(px - bx, py - by)
        else:
            distance = abs(dy * (px - ax) - dx * (py - ay)) / length
        if distance > best:
            best, at = distance, index
    return best, at


def _curves(line: list[Point]) -> Iterator[tuple[float, ...]]:
    """Cubic curves through the points (Catmull-Rom). Handles stay in the box, and so does the curve between them."""
    for i in range(len(line) - 1):
        p0, p1, p2, p3 = line[max(i - 1, 0)], line[i], line[i + 1], line[min(i + 2, len(line) - 1)]
        yield (
            _held(p1[0] + (p2[0] - p0[0]) / 6, BOX[0]),
            _held(p1[1] + (p2[1] - p0[1]) / 6, BOX[1]),
            _held(p2[0] - (p3[0] - p1[0]) / 6, BOX[0]),
            _held(p2[1] - (p3[1] - p1[1]) / 6, BOX[1]),
            *p2,
        )


def _held(value: float, side: float) -> float:
    """Between the edges, with the pen's width to spare."""
    return PEN if value < PEN else side - PEN if value > side - PEN else value
