"""Whether a step by torch.compile repays its compiling on this processor.

    python -m benchmarks.compiling [FAMILY …]

Compiling is charged as computing time of this process and of the compilers that it starts. Where g++
is not installed nothing is measured.
"""

import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import nn

from benchmarks.families import planned, samples
from benchmarks.family_nets import BATCH, NETS, Net
from benchmarks.table import Row, percentile
from gradus_engine.session import Session

WANTED = ("conv2d", "norm: batch", "attention")  # the compiler fails on recurrent layers
PAIRS, TIMES = 9, 8


def spent() -> float:
    """Computing seconds of this process and its children."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(each)[:2]) for each in who)


def step(network: Callable[[torch.Tensor], torch.Tensor], net: Net) -> Callable[[], None]:
    """Forward and backward of one batch; the update is one fused call either way."""
    part = samples(net).train.head(BATCH)

    def take() -> None:
        nn.functional.cross_entropy(network(part.inputs), part.targets).backward()

    return take


def seconds(take: Callable[[], None]) -> float:
    began = time.process_time()
    for _ in range(TIMES):
        take()
    return (time.process_time() - began) / TIMES


def compiling(wanted: Sequence[str] = WANTED) -> Iterator[Row]:
    if shutil.which("g++") is None:
        return
    torch.set_num_threads(1)
    for net in NETS:
        if net.family not in wanted:
            continue
        network = Session(planned(net), dataset=samples(net)).network
        eager = step(network, net)
        began = spent()
        compiled = step(torch.compile(network), net)
        compiled()
        compiled()
        cost = spent() - began
        pairs = [(seconds(eager), seconds(compiled)) for _ in range(PAIRS)]
        plain = percentile([one for one, _ in pairs], 0.5)
        gain = percentile([one / two for one, two in pairs], 0.5)
        repaid = cost / (plain * (1 - 1 / gain)) if gain > 1 else float("inf")
        told = f"repaid after {repaid:,.0f} steps" if gain > 1 else "never repaid"
        yield Row(
            f"a step by torch.compile, {net.family}",
            "–",
            f"{gain:.2f} × after {cost:.0f} s of compiling: {told}",
            None,
            f"forward and backward, {plain * 1e3:.2f} ms by plain steps, {PAIRS} pairs in turn",
        )
        torch.compiler.reset()


if __name__ == "__main__":
    for row in compiling(sys.argv[1:] or WANTED):
        print(f"{row.what:50} {row.measured} ({row.method})", flush=True)
