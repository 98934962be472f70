"""`make bench`: every measurement in one run, as a table with its method and the machine.

    python -m benchmarks [PART …]

Without parts all of them, and `docs/benchmarks.md` is written; with parts these are only printed. A
budget that is missed is written down, and is no failure of the run.
"""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine
from benchmarks.parts import PARTS, Part, measured
from benchmarks.table import Row, Table, markdown
from gradus_engine.dense import cache

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def main(wanted: Sequence[str]) -> int:
    unknown = set(wanted) - {part.module for part in PARTS}
    if unknown:
        print(f"no part {sorted(unknown)}; there are {[p.module for p in PARTS]}", file=sys.stderr)
        return 2
    began, head = time.monotonic(), machine.describe()
    cache.ensure()  # else what follows would be measured by plain steps
    tables = [table(part) for part in PARTS if not wanted or part.module in wanted]
    minutes = (time.monotonic() - began) / 60
    day = datetime.now(UTC).date().isoformat()
    text = markdown(tables, f"{day} in {minutes:.0f} minutes: {head}")
    if not wanted:
        PAGE.write_text(text)
    print(text)
    return 0


def table(part: Part) -> Table:
    print(f"… {part.title}, about {part.seconds} s", file=sys.stderr, flush=True)
    began, rows = time.monotonic(), list[Row]()
    for row in measured(part):
        rows.append(row)
        print(f"  {row.what}: {row.measured} (budget {row.budget})", file=sys.stderr, flush=True)
    return Table(part.title, rows, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
