"""What training makes small: the weighted sum of a plan's losses."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from gradus.losses import judged
from gradus.planned import DatasetPlan, LossPlan, NetworkPlan
from gradus_engine.build import Network
from gradus_engine.datasets.part import Part
from gradus_engine.identity import dtype
from gradus_engine.losses import LOSSES, Loss, encode


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
        self._shapes = network.shapes
        self._head = network.output
        self._reading = [
            each for each in losses if each.target == "target" and each.type != "kl_normal"
        ]
        self._mixed = len({self._form(loss) for loss in self._reading}) > 1
        self._wanted = {self._head}.union(*((loss.input, *loss.further) for loss in losses))
        self._single = len(losses) == 1 and self._wanted == {losses[0].input}
        # Empty where the output is no answer to the data's target.
        self.answers = judged(dataset, self._shapes[self._head], losses)
        self.classes = dataset.classes if self.answers else ()
        self.metrics = metrics

    def encode(self, part: Part, precision: str) -> Part:
        """`part` in the numbers of `precision`, with its targets as the losses read them.

        Where losses read them in different forms they stay as they are, and each loss brings them
        into its own at every batch.
        """
        raw = self._mixed or not self._reading
        targets = part.targets if raw else self._encoded(part.targets, self._reading[0])
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
            loss = self._functions[0](output, self._held(self._losses[0], output, inputs, targets))
            weight = self._losses[0].weight
            return output, loss if weight == 1 else loss * weight
        return self._sum(network, inputs, targets)

    def of(self, output: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of a given output, where one loss reads the network's output alone."""
        loss = self._losses[0]
        held = self._held(loss, output, inputs, targets)
        return self._functions[0](output, held) * loss.weight

    def each(self, network: Network, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The network's outputs [N, *output] and the loss of every sample by itself: [N]."""
        outputs = network.outputs(inputs, self._wanted)
        # Not in the kind of the inputs: those of texts are whole numbers.
        losses = torch.zeros(len(inputs), dtype=outputs[self._head].dtype, device=inputs.device)
        for function, loss in zip(self._functions, self._losses, strict=True):
            each = self._term(function, loss, outputs, inputs, targets, reduction="none")
            losses += loss.weight * (each.flatten(1).mean(1) if each.dim() > 1 else each)
        return outputs[self._head], losses

    def shown(self, output: Tensor) -> Tensor:
        """An output [N, units] as a picture of answers: 2σ(z) − 1 for a logit, shares for classes."""
        losses = {loss.type for loss in self._losses if loss.input == self._head}
        if "binary_cross_entropy" in losses:
            return 2 * torch.sigmoid(output) - 1
        return torch.softmax(output, 1) if "cross_entropy" in losses else output

    def _sum(self, network: Network, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        outputs = network.outputs(inputs, self._wanted)
        terms = [
            self._term(function, loss, outputs, inputs, targets) * loss.weight
            for loss, function in zip(self._losses, self._functions, strict=True)
        ]
        return outputs[self._head], torch.stack(terms).sum()

    def _term(
        self,
        function: Loss,
        loss: LossPlan,
        outputs: Mapping[str, Tensor],
        inputs: Tensor,
        targets: Tensor,
        *,
        reduction: str = "mean",
    ) -> Tensor:
        output = outputs[loss.input]
        further = [outputs[name] for name in loss.further]
        held = self._held(loss, output, inputs, targets)
        return function(output, held, *further, reduction=reduction)

    def _held(self, loss: LossPlan, output: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        """What a loss is held against, as it reads it."""
        match loss.target:
            case "batch":
                return inputs.reshape(output.shape)
            case "ones":
                return torch.ones_like(output)
            case "zeros":
                return torch.zeros_like(output)
        mixed = self._mixed and loss in self._reading
        return self._encoded(targets, loss) if mixed else targets
