"""Training against the plain PyTorch loop that a good engineer would write, in turns in one process.

The watched figure goes through the whole service; its plain loop runs in the same minute.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from benchmarks.table import Row, percentile
from gradus.plan import plan
from gradus_engine.datasets import load
from gradus_engine.session import Session
from gradus_engine.train import train

SECONDS, PAIRS = 1.5, 5


def spiral() -> dict[str, Any]:
    features = {"type": "features", "terms": ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]}
    hidden = {"type": "linear", "units": 8, "activation": "tanh"}
    return {
        "spec": "nn/1",
        "data": {"name": "spiral", "split": {"train": 0.5, "validation": 0.5, "test": 0.0}},
        "network": {"layers": [features, hidden, hidden, "linear"]},
        "train": {
            "epochs": 1_000_000,
            "batch_size": 10,
            "optimizer": {"type": "adam", "learning_rate": 0.01},
        },
    }


def digits_cnn() -> dict[str, Any]:
    first = {"type": "conv2d", "filters": 16, "activation": "relu"}
    second = {"type": "conv2d", "filters": 32, "activation": "relu"}
    return {
        "spec": "nn/1",
        "data": {"name": "digits"},
        "network": {"layers": [first, "max_pool2d", second, "max_pool2d", "flatten", "linear"]},
        "train": {
            "epochs": 1_000_000,
            "batch_size": 64,
            "optimizer": {"type": "adam", "learning_rate": 0.003},
        },
    }


def points(sizes: Sequence[int], optimizer: dict[str, Any], seed: int = 0) -> dict[str, Any]:
    """A chain of tanh layers on the circle, 250 training points in batches of 10: 25 steps an epoch."""
    inputs, *hidden, _ = sizes
    terms = ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]
    first = [{"type": "features", "terms": terms}] if inputs == len(terms) else []
    layers = [{"type": "linear", "units": units, "activation": "tanh"} for units in hidden]
    return {
        "spec": "nn/1",
        "data": {"name": "circle", "split": {"train": 0.5, "validation": 0.5, "test": 0.0}},
        "network": {"layers": [*first, *layers, "linear"]},
        "train": {
            "epochs": 1_000_000,
            "batch_size": 10,
            "optimizer": optimizer,
            "seed": seed,
        },
    }


def digits_mlp(hidden: Sequence[int]) -> dict[str, Any]:
    layers = [{"type": "linear", "units": units, "activation": "relu"} for units in hidden]
    return {**digits_cnn(), "network": {"layers": ["flatten", *layers, "linear"]}}


class Features(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        a, b = x[:, 0], x[:, 1]
        return torch.stack([a, b, a * a, b * b, a * b, a.sin(), b.sin()], dim=1)


def plain_chain(sizes: Sequence[int]) -> nn.Module:
    layers: list[nn.Module] = [Features()] if sizes[0] == 7 else []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def plain_cnn() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(128, 10),
    )


def plain_mlp(hidden: Sequence[int]) -> nn.Module:
    layers: list[nn.Module] = [nn.Flatten()]
    for inputs, outputs in pairwise([64, *hidden, 10]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def plain_loop(net: nn.Module, document: dict[str, Any]) -> Iterator[int]:
    """Steps done so far, after each epoch; index batches, loss read once an epoch."""
    planned = plan(document)
    part = load(planned.dataset).train
    rate = planned.train.optimizer["learning_rate"]
    kind = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[planned.train.optimizer["type"]]
    optimizer = kind(net.parameters(), lr=rate)
    binary = len(planned.dataset.classes) == 2 if planned.dataset else False
    loss_of: Callable[..., torch.Tensor] = (
        nn.functional.binary_cross_entropy_with_logits if binary else nn.functional.cross_entropy
    )
    targets = part.targets.float().unsqueeze(1) if binary else part.targets
    size, steps = planned.train.batch_size, 0
    while True:
        total = torch.zeros(())
        for chosen in torch.randperm(len(targets)).split(size):
            optimizer.zero_grad()
            loss = loss_of(net(part.inputs[chosen]), targets[chosen])
            loss.backward()
            optimizer.step()
            total += loss.detach()
            steps += 1
        total.item()
        yield steps


def gradus_loop(document: dict[str, Any]) -> Iterator[int]:
    for event in train(plan(document)):
        yield event.step


def rate(loop: Iterator[int], seconds: float) -> float:
    """Steps a second of a loop that goes on from where it stands."""
    first, began = next(loop), time.perf_counter()
    while time.perf_counter() - began < seconds:
        last = next(loop)
    return (last - first) / (time.perf_counter() - began)


def against_plain(name: str, net: nn.Module, document: dict[str, Any], budget: float) -> Row:
    torch.set_num_threads(1)
    plain, ours = plain_loop(net, document), gradus_loop(document)
    pairs = [(rate(ours, SECONDS), rate(plain, SECONDS)) for _ in range(PAIRS)]
    ratios = [mine / theirs for mine, theirs in pairs]
    ratio = percentile(ratios, 0.5)
    return Row(
        f"engine against the plain loop, {name}",
        f"≥ {budget} ×",
        f"{ratio:.2f} × (pairs {min(ratios):.2f} to {max(ratios):.2f})",
        ratio >= budget,
        f"{PAIRS} pairs of {SECONDS} s in turn, one thread; plain {pairs[0][1]:.0f} steps/s",
    )


def engine_on_the_spiral() -> Iterator[Row]:
    yield against_plain("spiral 7-8-8-1, batch 10", plain_chain([7, 8, 8, 1]), spiral(), 3)


ADAM = {"type": "adam", "learning_rate": 0.01}
SGD = {"type": "sgd", "learning_rate": 0.03}
# Epochs a second of TensorFlow Playground's engine alone in V8, on two cores like these.
IN_V8 = {(2, 4, 2, 1): 10_258, (7, 8, 8, 8, 8, 8, 8, 1): 825, (2, 64, 64, 1): 94}


def engine_on_toys() -> Iterator[Row]:
    for sizes, in_v8 in IN_V8.items():
        name = "-".join(map(str, sizes))
        yield against_plain(f"{name}, SGD", plain_chain(sizes), points(sizes, SGD), 3)
        ours, evaluated = (
            rate(gradus_loop(points(sizes, SGD)), SECONDS) / 25,
            epochs_looked_at(sizes),
        )
        yield Row(
            f"the same: epochs a second, {name}; with both losses measured after each",
            f"≥ {in_v8:,}",
            f"{ours:,.0f}; {evaluated:,.0f}",
            evaluated >= in_v8,
            f"{SECONDS} s each in one thread; {in_v8:,} are TensorFlow Playground's engine in V8 on "
            "two cores like these, which measures both losses after each epoch",
        )


def epochs_looked_at(sizes: Sequence[int]) -> float:
    """Epochs a second where the loss of 250 training and 250 validation points follows each."""
    session = Session(plan(points(sizes, SGD)), threads=1)
    session.activate()
    epochs, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        while not session.advance(25, session.horizon(soon=True)):
            pass
        session.evaluate("train_eval")
        session.evaluate("validation")
        epochs += 1
        if epochs % 100 == 0:
            session.take_record()
    return epochs / (time.perf_counter() - began)


def engine_on_wider_nets() -> Iterator[Row]:
    """Up to the size where the compiled loop hands over to PyTorch."""
    wide = (2, 128, 128, 1)
    yield against_plain("2-128-128-1, SGD", plain_chain(wide), points(wide, SGD), 3)
    for hidden in ((64,), (256, 256)):
        name = "-".join(map(str, (64, *hidden, 10)))
        yield against_plain(
            f"digits {name}, batch 64, Adam", plain_mlp(hidden), digits_mlp(hidden), 1
        )


def lanes() -> Iterator[Row]:
    """64 members of a sweep: the compiled loop one after another, and the plain loop likewise."""
    torch.set_num_threads(1)
    sizes, epochs, members = (2, 4, 2, 1), 20, 64
    began = time.perf_counter()
    for seed in range(members):
        document = points(sizes, ADAM, seed)
        document["train"]["epochs"] = epochs
        for _ in train(plan(document)):
            pass
    ours = time.perf_counter() - began
    began, plain = time.perf_counter(), members // 16
    for _ in range(plain):
        loop = plain_loop(plain_chain(sizes), points(sizes, ADAM))
        for _ in range(epochs):
            next(loop)
    theirs = (time.perf_counter() - began) * members / plain
    yield Row(
        "64 nets 2-4-2-1, Adam, against the plain loop one after another",
        "≥ 20 ×",
        f"{theirs / ours:.1f} × ({ours / members * 1e3:.1f} ms a member of {epochs} epochs)",
        theirs >= 20 * ours,
        f"whole runs with plan, build and evaluations; {plain} plain ones measured, one thread",
    )


def engine_on_the_digits() -> Iterator[Row]:
    yield against_plain("digits CNN, batch 64", plain_cnn(), digits_cnn(), 0.97)


MEASURES = (
    engine_on_the_spiral,
    engine_on_toys,
    engine_on_wider_nets,
    engine_on_the_digits,
    lanes,
)
