"""What training makes small: the weighted sum of a plan's losses."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from gradus.planned import DatasetPlan, LossPlan, NetworkPlan
from gradus_engine.build import Network
from gradus_engine.datasets.part import Part
from gradus_engine.identity import dtype
from gradus_engine.losses import LOSSES, encode


class Objective:
    """The data loss of a network on a batch, and the targets in the form that it reads."""

    def __init__(
        self,
        network: NetworkPlan,
        losses: Sequence[LossPlan],
        metrics: Sequence[str],
        dataset: DatasetPlan,
    ) -> None:
        self._dataset = dataset
        self._losses = losses
        self._functions = [LOSSES[loss.type](loss.fields) for loss in losses]
        self._shapes = dict(network.inputs) | {layer.name: layer.output for layer in network.layers}
        self._head = network.output
        self._mixed = len({self._form(loss) for loss in losses}) > 1
        self._single = len(losses) == 1 and losses[0].input == self._head
        self.classes = dataset.classes
        self.metrics = metrics

    def encode(self, part: Part, precision: str) -> Part:
        """`part` in the numbers of `precision`, with its targets as the losses read them.

        Where losses read them in different forms they stay as they are, and each loss brings them
        into its own at every batch.
        """
        targets = part.targets if self._mixed else self._encoded(part.targets, self._losses[0])
        return Part(part.inputs, targets).to(part.inputs.device, dtype(precision))

    def _form(self, loss: LossPlan) -> tuple[Any, ...]:
        """Equal for losses that read their targets alike."""
        sample = torch.arange(max(1, len(self._dataset.classes)))
        if self._dataset.task == "regression":
            return ()
        encoded = self._encoded(sample, loss)
        return (encoded.shape, encoded.dtype, *encoded.flatten().tolist())

    def _encoded(self, targets: Tensor, loss: LossPlan) -> Tensor:
        return encode(targets, loss, self._dataset, self._shapes[loss.input])

    def __call__(self, network: Network, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The network's output for a batch and the loss, a scalar."""
        if self._single:
            output = network(inputs)
            loss = self._functions[0](output, targets)
            weight = self._losses[0].weight
            return output, loss if weight == 1 else loss * weight
        return self._sum(network, inputs, targets)

    def each(self, network: Network, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The network's outputs [N, *output] and the loss of every sample by itself: [N]."""
        wanted = {loss.input for loss in self._losses} | {self._head}
        outputs = network.outputs(inputs, wanted)
        losses = torch.zeros(len(inputs), dtype=inputs.dtype, device=inputs.device)
        for function, loss in zip(self._functions, self._losses, strict=True):
            each = function(outputs[loss.input], self._read(targets, loss), reduction="none")
            losses += loss.weight * each.reshape(len(inputs), -1).mean(1)
        return outputs[self._head], losses

    def shown(self, output: Tensor) -> Tensor:
        """An output [N, units] as a picture of answers: 2σ(z) − 1 for a logit, shares for classes."""
        losses = {loss.type for loss in self._losses if loss.input == self._head}
        if "binary_cross_entropy" in losses:
            return 2 * torch.sigmoid(output) - 1
        return torch.softmax(output, 1) if "cross_entropy" in losses else output

    def _sum(self, network: Network, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        wanted = {loss.input for loss in self._losses} | {self._head}
        outputs = network.outputs(inputs, wanted)
        terms = [
            function(outputs[loss.input], self._read(targets, loss)) * loss.weight
            for loss, function in zip(self._losses, self._functions, strict=True)
        ]
        return outputs[self._head], torch.stack(terms).sum()

    def _read(self, targets: Tensor, loss: LossPlan) -> Tensor:
        return self._encoded(targets, loss) if self._mixed else targets
