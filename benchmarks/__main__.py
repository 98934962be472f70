"""`make bench`: every measurement in one run, as a table with its method and the machine."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import families, machine, memory, page, plans, service, sweep, training
from benchmarks.table import Row, markdown

MEASURES = (
    *plans.MEASURES,
    *training.MEASURES,
    *families.MEASURES,
    *memory.MEASURES,
    *service.MEASURES,
    *sweep.MEASURES,
    *page.MEASURES,
)
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def main() -> None:
    rows: list[Row] = []
    for measure in MEASURES:
        print(f"… {measure.__name__.replace('_', ' ')}", file=sys.stderr, flush=True)
        for row in measure():
            rows.append(row)
            print(
                f"  {row.what}: {row.measured} (budget {row.budget})", file=sys.stderr, flush=True
            )
    PAGE.write_text(markdown(rows, machine.describe(), datetime.now(UTC).date().isoformat()))
    print(PAGE.read_text())


main()
