"""The measured choices of `gradus_engine.choices`, measured again.

python -m benchmarks.choices
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from benchmarks.families import planned, samples
from benchmarks.family_nets import NETS, OUT, Net, conv
from benchmarks.gpu import RESNET
from benchmarks.table import Row, percentile
from gradus_engine.choices import CHANNELS_LAST, CONTIGUOUS, memory_format
from gradus_engine.flat import FlatParameters
from gradus_engine.optimizers import optimizer
from gradus_engine.session import Session

SIZES = (100, 80_000, 1_300_000)
PIECES, REPEATS = 6, 9  # tensors of which a net of that size is made
TURN_SECONDS = 0.7  # of one number of threads, in turns with the other
STARTED_SECONDS = 6.0  # what a run beside needs to come into its training
PICTURES = [conv(32), "max_pool2d", conv(64), "max_pool2d", conv(64), "global_avg_pool", OUT]
LARGE = (
    next(net for net in NETS if net.family == "linear, large"),
    Net("three convolutions at 32 × 32", [3, 32, 32], PICTURES),
    RESNET,
)


def seconds(compute: Callable[[], object], times: int) -> float:
    """Computing time of one call."""
    began = time.process_time()
    for _ in range(times):
        compute()
    return (time.process_time() - began) / times


def against(one: Callable[[], object], other: Callable[[], object], times: int) -> float:
    """How many times the computing time of `one` is that of `other`, in turns."""
    seconds(one, times), seconds(other, times)
    found = [seconds(other, times) / seconds(one, times) for _ in range(REPEATS)]
    return percentile(found, 0.5)


def pieces(size: int) -> torch.nn.ParameterList:
    return torch.nn.ParameterList(
        torch.nn.Parameter(torch.randn(max(1, size // PIECES))) for _ in range(PIECES)
    )


def updates() -> Iterator[Row]:
    """The engine's update of one vector against PyTorch's over a list of tensors."""
    torch.set_num_threads(1)
    fields = {"betas": (0.9, 0.999), "eps": 1e-8, "momentum": 0.9, "dampening": 0.0}
    for kind, theirs in (("adam", torch.optim.Adam), ("sgd", torch.optim.SGD)):
        extra = {"momentum": 0.9} if kind == "sgd" else {}
        for size in SIZES:
            own = FlatParameters(pieces(size).named_parameters())
            rule = optimizer(own, {"type": kind, "nesterov": False, **fields})
            loose = pieces(size)
            for parameter in loose:
                parameter.grad = torch.randn_like(parameter)
            times = max(3, min(300, 3_000_000 // size))
            for name, how in (
                ("loop", {}),
                ("foreach", {"foreach": True}),
                ("fused", {"fused": True}),
            ):
                plain = theirs(loose.parameters(), lr=1e-3, **extra, **how)  # type: ignore[arg-type]
                gained = against(lambda rule=rule: rule.update(1e-3), plain.step, times)  # type: ignore[misc]
                yield Row(
                    f"update of {size:,} parameters, {kind}, against torch.optim ({name})",
                    "–",
                    f"{gained:.1f} ×",
                    None,
                    f"{PIECES} tensors; one call over one vector here",
                )


def formats() -> Iterator[Row]:
    """Steps with channels last against contiguous ones, for every net over pictures."""
    torch.set_num_threads(1)
    for net in NETS:
        if len(net.shape) != 3:
            continue
        made = planned(net)
        last, plain = (
            Session(made, dataset=samples(net), memory_format=each)
            for each in (CHANNELS_LAST, CONTIGUOUS)
        )
        gained = against(last.advance, plain.advance, 12)
        for session in (last, plain):
            session.take_record()
        yield Row(
            f"channels last, {net.family}",
            "–",
            f"{gained:.2f} × (taken: {memory_format(made).replace('_', ' ')})",
            None,
            f"steps of {net.shape[0]} × {net.shape[1]} × {net.shape[2]} pictures, in turns",
        )


def threads() -> Iterator[Row]:
    """Two threads against one by wall clock, alone on two cores and beside a run of one thread."""
    for net in LARGE:
        made, drawn = planned(net), samples(net)
        two, one = (Session(made, dataset=drawn, threads=count) for count in (2, 1))
        alone = in_turns(two, one)
        with another(net):
            beside = in_turns(two, one)
        yield Row(
            f"two threads against one, {net.family}: alone, beside another run",
            "–",
            f"{alone:.2f} ×, {beside:.2f} ×",
            None,
            f"{made.totals.parameters:,} parameters; steps a second by wall clock, in turns",
        )


def in_turns(two: Session, one: Session) -> float:
    """How many times the steps a second of `one` are those of `two`."""
    found = [speed(two) / speed(one) for _ in range(REPEATS)]
    return percentile(found, 0.5)


def speed(session: Session) -> float:
    session.activate()
    session.advance()
    steps, began = 0, time.perf_counter()
    while time.perf_counter() - began < TURN_SECONDS:
        session.advance()
        steps += 1
    session.take_record()
    return steps / (time.perf_counter() - began)


@contextmanager
def another(net: Net) -> Iterator[None]:
    """A second process that trains the same with one thread."""
    place = str(LARGE.index(net))
    with subprocess.Popen([sys.executable, "-m", "benchmarks.choices", "beside", place]) as process:
        time.sleep(STARTED_SECONDS)
        try:
            yield
        finally:
            process.kill()


def train_beside(net: Net) -> None:
    session = Session(planned(net), dataset=samples(net), threads=1)
    session.activate()
    while True:
        session.advance()
        session.take_record()


MEASURES = (updates, formats, threads)

if __name__ == "__main__":
    if sys.argv[1:2] == ["beside"]:
        train_beside(LARGE[int(sys.argv[2])])
    for measure in MEASURES:
        for row in measure():
            print(f"{row.what:70} {row.measured}", flush=True)
