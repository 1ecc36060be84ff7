"""A table for people and var/bench.json for machines."""

import json
import os
import platform
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


def show(figures: list[Figure]) -> None:
    for figure in figures:
        detail = "  ".join(f"{name} {value:g}" for name, value in figure.detail.items())
        value = f"{figure.value:8.2f} {figure.unit}"
        print(
            f"{figure.verdict:7}{figure.topic:9}{figure.name:46}{value:18}{figure.goal:8}{detail}", flush=True
        )


def write(figures: list[Figure], path: Path) -> None:
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    rows = [asdict(figure) | {"met": figure.met} for figure in figures]
    path.write_text(json.dumps({"machine": machine, "figures": rows}, indent=1, ensure_ascii=False) + "\n")
