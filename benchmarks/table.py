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
    cause: str = ""  # of a budget that is missed, as far as it is known


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one part, and how long they took."""

    title: str
    rows: Sequence[Row]
    seconds: float


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def markdown(tables: Sequence[Table], made: str) -> str:
    """The whole page; `made` says when, on what and of which sources."""
    rows = [row for table in tables for row in table.rows]
    met = [row.met for row in rows if row.met is not None]
    lines = [
        "# Benchmarks",
        f"Made by `make bench` on {made}.",
        "Ratios are measured side by side in one run. Absolute figures belong to this machine only.",
        f"Budgets: {sum(met)} met, {len(met) - sum(met)} missed.",
    ]
    for table in tables:
        lines += ["", f"## {table.title}", f"{table.seconds:.0f} s.", ""]
        lines += ["| what | budget | measured | | method |", "|---|---|---|---|---|"]
        lines += [_line(row) for row in table.rows]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    mark = "" if row.met is None else "met" if row.met else "missed"
    method = f"{row.method}. Missed: {row.cause}" if mark == "missed" and row.cause else row.method
    return f"| {row.what} | {row.budget} | {row.measured} | {mark} | {method} |"
