"""Signatures for the demo: scribbles from a random generator, in the form that Signature.strokes documents."""

import random

WIDTH, HEIGHT = 600, 200  # CSS pixels
Point = tuple[float, float]


def sample_drawing(seed: int) -> dict:
    """A scribble that is the same for the same seed: loops along a line, mostly with a flourish below."""
    chance = random.Random(seed * 7919 + 5)  # noqa: S311 scribbles, not secrets
    lines = [_spline(_loops(chance), 20, chance)]
    if chance.random() < 0.75:
        lines.append(_spline(_flourish(chance), 24, chance))
    clock, strokes = 0, []
    for line in lines:
        strokes.append([_point(x, y, clock + 9 * index, chance) for index, (x, y) in enumerate(line)])
        clock += 9 * len(line) + chance.randrange(120, 400)
    return {"width": WIDTH, "height": HEIGHT, "strokes": strokes}


def _point(x: float, y: float, milliseconds: int, chance: random.Random) -> list[int]:
    x, y = min(max(x, 4), WIDTH - 4), min(max(y, 4), HEIGHT - 4)
    return [round(x * 100), round(y * 100), milliseconds, chance.randrange(350, 800)]


def _loops(chance: random.Random) -> list[Point]:
    x, base = chance.uniform(70, 120), chance.uniform(105, 125)
    controls = [(x - 25, base + chance.uniform(10, 50)), (x + 8, base - chance.uniform(60, 95))]
    controls += [(x + 55, base - 25), (x, base + chance.uniform(20, 55)), (x + 58, base)]
    x, count, step = x + 58, chance.randrange(5, 9), chance.uniform(28, 44)
    for index in range(count):
        height = chance.uniform(14, 34) * (1 - 0.5 * index / count)
        height *= 2.1 if chance.random() < 0.18 else 1
        controls.append((x + step * 0.45, base - height))
        controls.append((x + step * chance.uniform(0.15, 0.8), base + height * chance.uniform(0.1, 0.6)))
        x += step
    return [*controls, (x + chance.uniform(20, 60), base - chance.uniform(-10, 45))]


def _flourish(chance: random.Random) -> list[Point]:
    left, right, y = chance.uniform(60, 190), chance.uniform(380, 540), chance.uniform(150, 175)
    return [
        (right, y - 10),
        ((left + right) / 2, y + 6),
        (left, y),
        ((left + right) / 2, y - 10),
        (right + 15, y - 20),
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
