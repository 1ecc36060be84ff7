"""Vector drawings for paper, as prepared PDF path operators.

WeasyPrint takes them through its `cache=` option as if they were images it had loaded already, so no SVG is parsed
while a page is drawn: for 75 signatures 0.8 s instead of 1.8 s (measured). That is why WeasyPrint stays pinned.
"""

import math
import re
from functools import lru_cache
from pathlib import Path

import segno

from commitments.documents.strokes import BOX, Outline


class Vector:
    """Operators in a box of width x height, y pointing down. The methods are WeasyPrint's image protocol."""

    def __init__(self, ops: bytes, width: float, height: float):
        self.ops, self.width, self.height = ops, width, height

    def get_intrinsic_size(self, resolution, font_size):
        return self.width, self.height, self.width / self.height

    def draw(self, stream, width, height, style):
        stream.push_state()
        stream.transform(a=width / self.width, d=height / self.height)
        stream.stream.append(self.ops)
        stream.pop_state()


def signature(outline: Outline) -> Vector:
    return Vector(outline.ops, *BOX)


@lru_cache(maxsize=256)
def qr(text: str, border: int = 1) -> Vector:
    """A QR code as filled runs. `border` is the quiet zone in modules; the page must leave the rest white."""
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(scale=1, border=border))
    ops = ["0 g"]
    for y, row in enumerate(rows):
        for x, length in _runs(row):
            ops.append(f"{x} {y} {length} 1.02 re")  # a hair higher, or some viewers show seams
    ops.append("f")
    return Vector("\n".join(ops).encode(), len(rows), len(rows))


def _runs(row):
    """(start, length) of each run of dark modules."""
    start = None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None


def _operators(path: str, paint: str, setup: str) -> bytes:
    """A small SVG path (absolute M L C Z only) as PDF operators."""
    names = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    ops = [setup]
    for command, numbers in re.findall(r"([MLCZ])([^MLCZ]*)", path):
        ops.append(" ".join(re.findall(r"-?[\d.]+", numbers)) + " " + names[command])
    ops.append(paint)
    return "\n".join(ops).encode()


# A neutral shield for a letterhead without its own logo; not the city's arms.
SHIELD = (
    ("M50 3C66 10 82 13 95 13C96 55 88 96 50 117C12 96 4 55 5 13C18 13 34 10 50 3Z", "0.15 G 2.6 w 1 j"),
    ("M50 11C64 17 77 20 88 20C88 56 81 89 50 108C19 89 12 56 12 20C23 20 36 17 50 11Z", "0.15 G 0.9 w 1 j"),
    ("M26 50L50 38L74 50M26 62L50 50L74 62M26 74L50 62L74 74", "0.45 G 1.6 w 1 j 1 J"),
)


@lru_cache(maxsize=1)
def emblem() -> Vector:
    return Vector(b"\n".join(_operators(path, "S", setup) for path, setup in SHIELD), 100, 120)


@lru_cache(maxsize=8)
def watermark(text: str, font: Path, width: int, height: int) -> Vector:
    """Grey diagonal letters for the page's background: outlines, so no font and no transparency. Size in mm."""
    path, advance = _letters(text, font)
    scale = math.hypot(width, height) * 0.55 / advance
    angle = math.atan2(height, width)
    c, s = math.cos(angle), -math.sin(angle)  # rising from bottom left
    x = width / 2 - advance * scale / 2 * c + 350 * scale * s
    y = height / 2 - advance * scale / 2 * s + 350 * scale * c
    matrix = f"{c * scale:.5f} {s * scale:.5f} {-s * scale:.5f} {c * scale:.5f} {x:.3f} {y:.3f} cm\n"
    return Vector(matrix.encode() + _operators(path, "f", "0.93 g"), width, height)


def _letters(text: str, font: Path) -> tuple[str, float]:
    """The text's outlines as path data with y down, and its width, in font units."""
    from fontTools.pens.qu2cuPen import Qu2CuPen
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    opened = TTFont(font)
    glyphs, names = opened.getGlyphSet(), opened.getBestCmap()
    letters = {"moveTo": "M", "lineTo": "L", "curveTo": "C", "closePath": "Z", "endPath": ""}
    path, x = "", 0.0
    for letter in text:
        glyph = glyphs[names[ord(letter)]]
        pen = DecomposingRecordingPen(glyphs)
        # PDF knows no quadratic curves.
        glyph.draw(TransformPen(Qu2CuPen(pen, max_err=0.5, all_cubic=True), (1, 0, 0, -1, x, 0)))
        for command, points in pen.value:
            path += letters[command] + " ".join(f"{px:.0f} {py:.0f}" for px, py in points)
        x += glyph.width
    return path, x


def corners(width: int, height: int, inset: int = 9, size: int = 5) -> Vector:
    """Four registration marks in mm for sheets that are scanned; top left is solid, so a turned page is noticed."""
    right, low = width - inset - size, height - inset - size
    ops = [f"0 g 0 G {inset} {inset} {size} {size} re f"]
    for x, y in ((right, inset), (inset, low), (right, low)):
        ops.append(f"1 w {x + 0.5} {y + 0.5} {size - 1} {size - 1} re S")
    return Vector("\n".join(ops).encode(), width, height)
