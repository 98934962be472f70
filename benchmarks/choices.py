"""The measured choices of `gradus_engine.choices`, measured again.

python -m benchmarks.choices
"""

import time
from collections.abc import Callable, Iterator

import torch

from benchmarks.families import planned, samples
from benchmarks.family_nets import NETS
from benchmarks.table import Row, percentile
from gradus_engine.choices import CHANNELS_LAST, CONTIGUOUS, memory_format
from gradus_engine.flat import FlatParameters
from gradus_engine.optimizers import optimizer
from gradus_engine.session import Session

SIZES = (100, 80_000, 1_300_000)
PIECES, REPEATS = 6, 9  # tensors of which a net of that size is made


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


MEASURES = (updates, formats)

if __name__ == "__main__":
    for measure in MEASURES:
        for row in measure():
            print(f"{row.what:70} {row.measured}", flush=True)
