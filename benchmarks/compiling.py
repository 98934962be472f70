"""Whether a compiled step repays its compiling on this processor, a net of each family.

    python -m benchmarks.compiling [FAMILY …]

As a worker has it done: torch's compiler makes native code of forward and backward pass
(`gradus_engine.tiers`), and the process that compiled measures it against plain steps in turn, by
computing time. Nothing is measured where no C++ compiler is installed.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence

import torch

from benchmarks.families import planned, samples
from benchmarks.family_nets import NETS
from benchmarks.table import Row
from gradus_engine.session import Session
from gradus_engine.tiers.compiling import PAIRS, compiled, compiler
from gradus_engine.tiers.offer import LEAST_GAIN

# The quickest to compile of those that gain.
WANTED = ("conv1d",)


def compiling(wanted: Sequence[str] = WANTED) -> Iterator[Row]:
    if compiler() is None:
        return
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as caches:
        os.environ["XDG_CACHE_HOME"] = caches  # compiled anew each time
        for net in NETS:
            if net.family in wanted:
                yield _row(net.family, Session(planned(net), dataset=samples(net)))


def _row(family: str, session: Session) -> Row:
    found = compiled(session)
    saved = found.plain_seconds * (1 - 1 / found.ratio) if found.ratio > 1 else 0.0
    repaid = f"repaid after {found.compile_seconds / saved:,.0f} steps" if saved else "never repaid"
    told = found.error or f"{found.ratio:.2f} × after {found.compile_seconds:.0f} s: {repaid}"
    return Row(
        f"a compiled step against a plain one, {family}",
        "–",
        told,
        None,
        f"forward and backward, {found.plain_seconds * 1e3:.2f} ms by plain steps, {PAIRS} pairs in "
        f"turn; offered from {LEAST_GAIN} × on",
    )


MEASURES = (compiling,)

if __name__ == "__main__":
    for row in compiling(sys.argv[1:] or [net.family for net in NETS]):
        print(f"{row.what:60} {row.measured} ({row.method})", flush=True)
