"""The forward pass of one step: its calls in order, and its losses. N samples."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from gradus.planned import CallPlan, DatasetPlan, LossPlan, Shape, StepPlan
from gradus_engine.alternation.noise import Noise
from gradus_engine.build import Networks
from gradus_engine.losses import LOSSES, encode

Outputs = Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs [N, *input] and targets of N samples; of a step that draws none, a like and a number."""

    inputs: Tensor
    targets: Tensor
    count: int


class Forward:
    """What a step computes. Networks that it does not update run as they are: in train mode their
    running statistics follow every batch that they see, as in the published training of DCGAN.
    """

    def __init__(self, step: StepPlan, networks: Networks, dataset: DatasetPlan) -> None:
        self.step = step
        self._networks = networks
        self._dataset = dataset
        self._functions = [LOSSES[loss.type](loss.fields) for loss in step.losses]
        self._shapes = {call.name: _output(networks, call) for call in step.calls}

    def __call__(self, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        """What every call gives: [N, *output]."""
        given: dict[str, Tensor] = {}
        for call in self.step.calls:
            # Layers that draw do so anew at every call, also of one network in one step.
            self._networks.moment.call = f"{noise.place}/{call.name}/"
            output = self._networks.each[call.network](self.reads(call, given, batch, noise))
            given[call.name] = output.detach() if call.detach else output
        return given

    def inputs(self, call: CallPlan, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        """What one of the step's calls reads, by the full names of its network's inputs."""
        given = self(batch, noise)
        return self.reads(call, given, batch, noise)

    def loss(self, given: Outputs, batch: Batch) -> Tensor:
        """The weighted sum of the step's losses, a scalar."""
        terms = [
            function(given[loss.input], self.target(loss, given, batch))
            for loss, function in zip(self.step.losses, self._functions, strict=True)
        ]
        weighted = [
            term if loss.weight == 1 else term * loss.weight
            for loss, term in zip(self.step.losses, terms, strict=True)
        ]
        return weighted[0] if len(weighted) == 1 else torch.stack(weighted).sum()

    def scores(self, given: Outputs) -> dict[str, Tensor]:
        """Means over the batch of calls that a loss reads and that give one number.

        A logit of a binary cross-entropy is told as the probability that it stands for.
        """
        read = {loss.input for loss in self.step.losses if self._shapes[loss.input] == (1,)}
        names = [call.name for call in self.step.calls if call.name in read]
        return {name: self.told(name, given).mean() for name in names}

    def told(self, name: str, given: Outputs) -> Tensor:
        """What a call gave, a logit as the probability that it stands for."""
        logit = any(
            loss.input == name and loss.type == "binary_cross_entropy" for loss in self.step.losses
        )
        return torch.sigmoid(given[name]) if logit else given[name]

    def reads(
        self, call: CallPlan, given: Outputs, batch: Batch, noise: Noise
    ) -> dict[str, Tensor]:
        """What a call reads, by the full names of its network's inputs."""
        return {
            f"{call.network}/{input}": self._source(call, input, source, given, batch, noise)
            for input, source in call.sources.items()
        }

    def _source(
        self, call: CallPlan, input: str, source: str, given: Outputs, batch: Batch, noise: Noise
    ) -> Tensor:
        if source == "batch":
            return batch.inputs
        plan, name = self._networks.each[call.network].plan, f"{call.network}/{input}"
        shape = plan.inputs[name]
        if source == "noise":
            return noise.draw(call.name, input, batch.count, shape, batch.inputs)
        if source == "target":
            return self._targets(batch, shape, integers=name in plan.dtypes)
        return given[source]

    def _targets(self, batch: Batch, shape: Shape, *, integers: bool) -> Tensor:
        """The targets as a network reads them: a class as its number, or as a row with a one."""
        classes = len(self._dataset.classes)
        if classes and not integers:
            return F.one_hot(batch.targets, classes).to(batch.inputs.dtype)
        return batch.targets.reshape(batch.count, *shape)

    def target(self, loss: LossPlan, given: Outputs, batch: Batch) -> Tensor:
        """What a loss is held against, as it reads it."""
        output = given[loss.input]
        if loss.target == "target":
            return encode(batch.targets, loss, self._dataset, self._shapes[loss.input])
        if loss.target == "ones":
            return torch.ones_like(output)
        if loss.target == "zeros":
            # To a hinge the two classes are +1 and −1.
            return torch.full_like(output, -1.0 if loss.type == "hinge" else 0.0)
        return batch.inputs if loss.target == "batch" else given[loss.target]


def _output(networks: Networks, call: CallPlan) -> Shape:
    plan = networks.each[call.network].plan
    return plan.shapes[plan.output]
