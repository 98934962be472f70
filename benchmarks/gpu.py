"""The engine against the plain PyTorch loop on a GPU; without one nothing is measured.

    python -m benchmarks.gpu [--device cpu]

The nets are a toy, the digits' convolutions, ResNet-18 for pictures of 32 × 32, and a small
Transformer, on random samples that lie on the device, in float32 and in bfloat16 where that is what
one would train in. `--device cpu` runs the same code on the processor, to see that it runs.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from benchmarks.families import plain_net, planned, samples
from benchmarks.family_nets import OUT, Net, conv, embedding, linear, whole
from benchmarks.table import Row, percentile
from gradus_engine.datasets import Dataset, Part
from gradus_engine.session import Session
from gradus_engine.train import train

SECONDS, PAIRS, BUDGET = 2.0, 5, 0.97


def basic(width: int, stride: int) -> list[Any]:
    """A block of ResNet: two convolutions beside what they read."""
    bare: dict[str, Any] = {"type": "conv2d", "filters": width, "bias": False}
    body = [{**bare, "stride": stride}, {"type": "batch_norm", "activation": "relu"}, bare]
    return [{"type": "residual", "shortcut": "auto", "body": [*body, "batch_norm"]}, "relu"]


def resnet18() -> list[Any]:
    stages = [(64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)]
    first = [{"type": "conv2d", "filters": 64, "bias": False}, "batch_norm", "relu"]
    return [*first, *(each for stage in stages for each in basic(*stage)), "global_avg_pool", OUT]


def transformer(layers: int, units: int) -> list[Any]:
    body = [
        {"type": "residual", "body": [{"type": "attention", "heads": 4}]},
        "layer_norm",
        {"type": "residual", "body": [{"type": "feed_forward", "hidden": 4 * units}]},
        "layer_norm",
    ]
    return [embedding(units), "positional_encoding", *body * layers, "flatten", OUT]


@dataclass(frozen=True, slots=True)
class Case:
    net: Net
    batch: int
    precision: str = "float32"


def words(generator: torch.Generator, shape: tuple[int, ...]) -> torch.Tensor:
    return torch.randint(0, 200, shape, generator=generator)


DIGITS = [conv(16), "max_pool2d", conv(32), "max_pool2d", "flatten", OUT]
RESNET = Net("ResNet-18 at 32 × 32", [3, 32, 32], resnet18())
TEXT = Net("Transformer, 4 layers of 128", whole(64), transformer(4, 128), words)
CASES = (
    Case(Net("toy", [2], [linear(8, "tanh"), linear(8, "tanh"), OUT]), 10),
    Case(Net("digits CNN", [1, 8, 8], DIGITS), 64),
    Case(RESNET, 128),
    Case(RESNET, 128, "bfloat16"),
    Case(TEXT, 64),
    Case(TEXT, 64, "bfloat16"),
)


def on(dataset: Dataset, device: str) -> Dataset:
    """The same samples on `device`."""

    def moved(part: Part) -> Part:
        return Part(part.inputs.to(device), part.targets.to(device))

    first = moved(dataset.train)
    return replace(
        dataset,
        train=first,
        begun=first,
        validation=moved(dataset.validation),
        test=moved(dataset.test),
    )


def ours(case: Case, device: str) -> Iterator[int]:
    made = planned(case.net, batch_size=case.batch, precision=case.precision)
    session = Session(made, device=device, dataset=on(samples(case.net), device))
    for event in train(made, session=session):
        yield event.step


def theirs(case: Case, device: str) -> Iterator[int]:
    """Index batches on the device, the loss read once an epoch, channels last for mixed pictures."""
    part, model = on(samples(case.net), device).train, plain_net(case.net).to(device)
    mixed = case.precision == "bfloat16"
    inputs = part.inputs
    if mixed and inputs.dim() == 4:
        model, inputs = (
            model.to(memory_format=torch.channels_last),
            inputs.contiguous(  # type: ignore[call-overload]
                memory_format=torch.channels_last
            ),
        )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    steps = 0
    while True:
        total = torch.zeros((), device=device)
        for chosen in torch.randperm(len(part), device=device).split(case.batch):
            optimizer.zero_grad()
            with torch.autocast(device, torch.bfloat16) if mixed else nullcontext():
                output = model(inputs[chosen])
                loss = nn.functional.cross_entropy(output, part.targets[chosen])
            loss.backward()
            optimizer.step()
            total += loss.detach()
            steps += 1
        total.item()
        yield steps


def rate(loop: Iterator[int], device: str) -> float:
    """Steps a second by wall clock: the device's time counts, not the processor's."""
    first, began = next(loop), time.perf_counter()
    last = first
    while time.perf_counter() - began < SECONDS:
        last = next(loop)
    if device != "cpu":
        torch.cuda.synchronize()
    return (last - first) / (time.perf_counter() - began)


def measured(case: Case, device: str) -> Row:
    loops = ours(case, device), theirs(case, device)
    for loop in loops:
        rate(loop, device)
    pairs = [(rate(loops[0], device), rate(loops[1], device)) for _ in range(PAIRS)]
    ratio = percentile([mine / plain for mine, plain in pairs], 0.5)
    return Row(
        f"on {device}: {case.net.family}, batch {case.batch}, {case.precision}",
        f"≥ {BUDGET} ×",
        f"{ratio:.2f} ×",
        ratio >= BUDGET,
        f"{PAIRS} pairs of {SECONDS:.0f} s in turn; plain {pairs[0][1]:.0f} steps/s",
    )


if __name__ == "__main__":
    device = sys.argv[2] if sys.argv[1:2] == ["--device"] else "cuda"
    if device == "cuda" and not torch.cuda.is_available():
        print("no GPU here: nothing is measured")
        sys.exit(0)
    for case in CASES:
        row = measured(case, device)
        print(f"{row.what:60} {row.measured} ({row.method})", flush=True)
