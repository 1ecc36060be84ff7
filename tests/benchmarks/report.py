"""A table for people and var/bench.json for machines."""

import json
import os
import platform
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Figure:
    """One measurement: ours against something else in the same run. `goal` names the bound, for instance "≥ 0.33"."""

    topic: str
    name: str
    value: float
    unit: str
    goal: str = ""
    detail: dict[str, float] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        if not self.goal:
            return None
        sign, _, bound = self.goal.partition(" ")
        return self.value >= float(bound) if sign == "≥" else self.value <= float(bound)

    @property
    def verdict(self) -> str:
        return {None: "", True: "ok", False: "MISSED"}[self.met]


def ratio(
    topic: str, name: str, ours: Iterable[float], theirs: Iterable[float], goal: str = "", /, **detail: float
) -> Figure:
    """The median of the rounds' ratios, with the lowest and highest: other work on the machine widens the spread."""
    each = [one / other for one, other in zip(ours, theirs, strict=True)]
    spread = {"low": round(min(each), 2), "high": round(max(each), 2)}
    return Figure(topic, name, statistics.median(each), "×", goal, detail | spread)


def line(figure: Figure) -> str:
    detail = "  ".join(f"{name} {value:g}" for name, value in figure.detail.items())
    value = f"{figure.value:8.2f} {figure.unit}"
    return f"{figure.verdict:7}{figure.topic:9}{figure.name:52}{value:18}{figure.goal:8}{detail}".rstrip()


def summary(figures: list[Figure]) -> str:
    missed = sum(figure.met is False for figure in figures)
    asked = sum(figure.met is not None for figure in figures)
    return f"{len(figures)} figures, {asked} goals, {missed} missed"


def write(figures: list[Figure], path: Path) -> None:
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    rows = [asdict(figure) | {"met": figure.met} for figure in figures]
    path.write_text(json.dumps({"machine": machine, "figures": rows}, indent=1, ensure_ascii=False) + "\n")
