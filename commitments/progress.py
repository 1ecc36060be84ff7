"""How far something is, from how far its parts are. Imports nothing of ours."""

from collections.abc import Iterable
from decimal import Decimal

Part = tuple[Decimal | None, Decimal]  # share from 0 to 1 or None, weight


def share(reached: Decimal | None, target: Decimal | None) -> Decimal | None:
    """From 0 to 1; None where nothing was reported or nothing was aimed at. More than the target is the target."""
    if reached is None or not target:
        return None
    return min(max(reached / target, Decimal(0)), Decimal(1))


def whole(parts: Iterable[Part]) -> Decimal | None:
    """The weighted mean of the shares; None without parts (C54).

    A part of which nothing is known is not reached, so it counts as 0. Weights need not add up to anything; where all
    are 0 every part counts the same.
    """
    found = [(known or Decimal(0), weight) for known, weight in parts]
    if not found:
        return None
    total = sum((weight for _known, weight in found), Decimal(0))
    if not total:
        return sum((known for known, _weight in found), Decimal(0)) / len(found)
    return sum((known * weight for known, weight in found), Decimal(0)) / total


def percent(known: Decimal | None) -> int | None:
    """Whole percent, rounded down: nothing is complete before it is. Thirds lack the last of 28 digits."""
    return None if known is None else int((known * 100).quantize(Decimal("1e-9")))
