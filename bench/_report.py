"""What a benchmark says: a row for each goal, as a table or as JSON."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct


class Row(Struct, frozen=True):
    """One goal and what was measured. `ratio` is against a rival in the same run; null where there is none.

    `figure` is null where the goal could not be measured, and `note` says why.
    """

    goal: str
    figure: float | None
    unit: str
    ratio: float | None
    target: str
    reached: bool
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        row = {"goal": self.goal, "figure": self.figure, "unit": self.unit, "ratio": self.ratio, "target": self.target}
        return {**row, "pass": self.reached, **({"note": self.note} if self.note else {})}


def unmeasured(goal: str, target: str, note: str) -> Row:
    return Row(goal, None, "", None, target, False, note)


def print_table(rows: Sequence[Row]) -> None:
    """Goal, figure, ratio, target and whether it was reached."""
    print(f"{'goal':52} {'figure':>16} {'ratio':>8}  {'target':28} reached")
    for row in rows:
        figure = "–" if row.figure is None else f"{_short(row.figure)} {row.unit}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}×"
        reached = "yes" if row.reached else "NO"
        print(f"{row.goal:52} {figure:>16} {ratio:>8}  {row.target:28} {reached:7} {row.note}".rstrip())


def _short(figure: float) -> str:
    """Four digits, and from a thousand on all of them before the point."""
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.4g}"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else ""
    return {"cpu": model, "cores": os.cpu_count(), "system": platform.platform(), "python": sys.version.split()[0]}
