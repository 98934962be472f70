"""Loss and metrics over a whole part, without touching training."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

from gradus_engine import metrics
from gradus_engine.build import Network
from gradus_engine.datasets.part import Part

# Samples a pass: enough to fill any device, few enough for a deep net's activations.
CHUNK = 1024


class Judge(Protocol):
    """What a network's outputs are judged by: an objective, or a rule that stands for one."""

    @property
    def classes(self) -> Sequence[str]: ...

    @property
    def metrics(self) -> Sequence[str]: ...

    def __call__(
        self, network: Network, inputs: Tensor, targets: Tensor
    ) -> tuple[Tensor, Tensor]: ...


@contextmanager
def evaluating(network: nn.Module) -> Iterator[None]:
    """The network in eval mode and without gradients, then as it was."""
    training = network.training
    network.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        network.train(training)


def evaluate(network: Network, objective: Judge, part: Part) -> dict[str, float]:
    """Mean loss and metrics of `part` with encoded targets; {} when it is empty."""
    if not len(part):
        return {}
    with evaluating(network):
        loss, output = _passed(network, objective, part)
    return {"loss": float(loss), **counted(objective.metrics, output, part.targets)}


def counted(names: Iterable[str], output: Tensor, targets: Tensor) -> dict[str, float]:
    """The metrics of outputs [N, *output] for encoded targets; tables are counted apart."""
    known = metrics.METRICS
    return {name: known[name](output, targets) for name in names if name in known}


def tables(network: Network, objective: Judge, part: Part) -> dict[str, list[list[int]]]:
    """What is counted in tables, row by row; {} where nothing is, or the part is empty."""
    if "confusion" not in objective.metrics or not len(part):
        return {}
    given = outputs(network, part.inputs)
    return {"confusion": metrics.confusion(given, part.targets, len(objective.classes)).tolist()}


def outputs(network: Network, inputs: Tensor, layer: str | None = None) -> Tensor:
    """The network's outputs [N, *output], or a layer's, in eval mode, some samples at a time."""
    chunks = torch.split(inputs, CHUNK)
    with evaluating(network):
        if layer is None:
            return torch.cat([network(chunk) for chunk in chunks])
        return torch.cat([network.outputs(chunk, (layer,))[layer] for chunk in chunks])


def _passed(network: Network, objective: Judge, part: Part) -> tuple[Tensor, Tensor]:
    total = torch.zeros((), dtype=torch.float64, device=part.inputs.device)
    passed = []
    for inputs, targets in zip(
        torch.split(part.inputs, CHUNK), torch.split(part.targets, CHUNK), strict=True
    ):
        output, loss = objective(network, inputs, targets)
        total += loss.double() * len(inputs)
        passed.append(output)
    return total / len(part), torch.cat(passed)
