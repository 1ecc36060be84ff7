"""Signatures for the demo: scribbles from a random generator, in the form that Signature.strokes documents."""

import random

WIDTH, HEIGHT = 600, 200  # CSS pixels
Point = tuple[float, float]


def sample_drawing(seed: int) -> dict:
    """A scribble that is the same for the same seed: an initial, loops along a line, a flourish, at times a dot."""
    chance = random.Random(seed * 7919 + 5)  # noqa: S311 scribbles, not secrets
    lines = [_spline(_name(chance), 20, chance)]
    if chance.random() < 0.7:
        lines.append(_spline(_flourish(chance), 24, chance))
    if chance.random() < 0.35:
        x, y = chance.uniform(200, 420), chance.uniform(25, 50)
        lines.append([(x + 0.6 * step, y + 0.3 * step) for step in range(5)])
    clock, strokes = 0, []
    for line in lines:
        strokes.append([_point(x, y, clock + 9 * index, chance) for index, (x, y) in enumerate(line)])
        clock += 9 * len(line) + chance.randrange(120, 400)
    return {"width": WIDTH, "height": HEIGHT, "strokes": strokes}


def _point(x: float, y: float, milliseconds: int, chance: random.Random) -> list[int]:
    x, y = min(max(x, 4), WIDTH - 4), min(max(y, 4), HEIGHT - 4)
    return [round(x * 100), round(y * 100), milliseconds, chance.randrange(350, 800)]


def _name(chance: random.Random) -> list[Point]:
    """The controls of a written name: one of four initials, then a row of letters that gets lower."""
    base = chance.uniform(100, 125)
    initial = chance.choice(INITIALS)
    left, size = chance.uniform(60, 120), chance.uniform(0.8, 1.25)
    controls = [
        (left + size * (x + chance.uniform(-8, 8)), base + size * (y + chance.uniform(-10, 10)))
        for x, y in initial
    ]
    return controls + _letters(controls[-1][0], base, chance)


# Offsets in CSS pixels from where the pen starts: a round sweep, a steep hook, a double arch, a crossed loop.
INITIALS: tuple[list[Point], ...] = (
    [(-25, 30), (5, -78), (55, -28), (0, 38), (58, 4)],
    [(0, 10), (14, -72), (32, 44), (60, -32), (20, -6), (70, 2)],
    [(-18, 42), (2, -64), (22, 26), (44, -58), (62, 30), (78, 0)],
    [(40, -70), (-22, -20), (-4, 46), (52, 20), (10, -14), (-24, 8), (72, -4)],
)


def _letters(x: float, base: float, chance: random.Random) -> list[Point]:
    count, step = chance.randrange(4, 11), chance.uniform(22, 42)
    slope, backward = chance.uniform(-2.5, 1), chance.choice([0.15, 0.5, 0.6])
    controls = []
    for index in range(count):
        line = base + slope * index
        height = chance.uniform(12, 34) * (1 - 0.5 * index / count) * (2.2 if chance.random() < 0.2 else 1)
        controls.append((x + step * chance.uniform(0.35, 0.6), line - height))
        controls.append((x + step * chance.uniform(backward, 0.8), line + height * chance.uniform(0.1, 0.6)))
        x += step
        if chance.random() < 0.15:
            controls.append((x - step * 0.6, line - height * 1.6))
    return [*controls, (x + chance.uniform(15, 80), base - chance.uniform(-10, 45))]


def _flourish(chance: random.Random) -> list[Point]:
    left, right, y = chance.uniform(60, 190), chance.uniform(360, 540), chance.uniform(145, 178)
    middle = (left + right) / 2
    there = [(right, y - chance.uniform(0, 18)), (middle, y + chance.uniform(0, 12)), (left, y)]
    if chance.random() < 0.4:
        return there
    return [
        *there,
        (middle, y - chance.uniform(6, 16)),
        (right + chance.uniform(0, 30), y - chance.uniform(10, 30)),
    ]


def _spline(controls: list[Point], steps: int, chance: random.Random) -> list[Point]:
    """Points along a Catmull-Rom spline through the controls, with the jitter of a hand."""
    points = []
    for i in range(len(controls) - 1):
        p = [controls[max(i - 1, 0)], controls[i], controls[i + 1], controls[min(i + 2, len(controls) - 1)]]
        for step in range(steps):
            t = step / steps
            x, y = (_at(t, *(control[axis] for control in p)) + chance.gauss(0, 0.12) for axis in (0, 1))
            points.append((x, y))
    return points


def _at(t: float, a: float, b: float, c: float, d: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
