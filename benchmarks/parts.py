"""The parts of the table, each a module here with `MEASURES`, and how long each may take.

Each is measured in a process of its own, so that none finds the memory, the threads or the browser
of another, and one that fails or hangs costs its own rows alone.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from threading import Timer

from benchmarks.table import Row


@dataclass(frozen=True, slots=True)
class Part:
    """`benchmarks.{module}` under its title; `seconds` on two quiet cores."""

    module: str
    title: str
    seconds: int


# Together less than a quarter of an hour. A part is given up after twice its time.
PARTS = (
    Part("plans", "Plans", 20),
    Part("training", "Training against the plain loop", 140),
    Part("families", "One net of each layer family", 300),
    Part("compiling", "Compiled steps", 19),
    Part("memory", "Memory", 20),
    Part("service", "The service", 150),
    Part("crowd", "Many viewers, long runs", 45),
    Part("sweep", "Sweeps", 40),
    Part("page", "The page", 110),
)


def measured(part: Part) -> Iterator[Row]:
    """The rows of a part as they come; a last row says why there are no more, where it failed."""
    command = [sys.executable, "-m", "benchmarks.parts", part.module]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        end = Timer(2 * part.seconds, process.kill)
        end.start()
        try:
            for line in process.stdout or ():
                yield Row(**json.loads(line))
        finally:
            end.cancel()
            process.kill()
    if process.returncode:
        spent = time.monotonic() - began
        said = f"ended with {process.returncode} after {spent:.0f} s; see its own output"
        yield Row(f"the rest of: {part.title.lower()}", "–", "not measured", None, said)


def say(module: str) -> None:
    """Every row of a part as a line of JSON."""
    # What is said while it is measured must not stand between the rows.
    lines, sys.stdout = sys.stdout, sys.stderr
    for measure in import_module(f"benchmarks.{module}").MEASURES:
        for row in measure():
            print(json.dumps(asdict(row)), file=lines, flush=True)


if __name__ == "__main__":
    say(sys.argv[1])
