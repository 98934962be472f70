"""Rows of the benchmark table, and percentiles as everywhere here: nearest rank."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    budget: str
    measured: str
    met: bool | None  # None: no budget, stated only
    method: str


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def markdown(rows: Sequence[Row], machine: str, day: str) -> str:
    lines = [
        "# Benchmarks",
        f"Made by `make bench` on {day}: {machine}.",
        "Ratios are measured side by side in one run. Absolute figures belong to this machine only.",
        "",
        "| what | budget | measured | | method |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        mark = "" if row.met is None else "met" if row.met else "missed"
        lines.append(f"| {row.what} | {row.budget} | {row.measured} | {mark} | {row.method} |")
    return "\n".join(lines) + "\n"
