"""Rules that follow no losses: the perceptron's and k-means. N samples, D inputs of the last layer.

Each stands in the place of an objective: called on a batch it gives the output and what is shown
as the loss.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from gradus.planned import NetworkPlan, Plan
from gradus.seeds import derive
from gradus_engine.build import Network
from gradus_engine.datasets.part import Part
from gradus_engine.evaluation import CHUNK, evaluating
from gradus_engine.flat import FlatParameters
from gradus_engine.identity import dtype


class LastLayer:
    """The linear layer that such a rule teaches, and what it reads."""

    def __init__(self, network: NetworkPlan) -> None:
        last = next(layer for layer in network.layers if layer.name == network.output)
        self.name, self.reads = last.name, last.inputs[0]
        self.step = last.fields["activation"] == "step"

    def passed(self, network: Network, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """What it reads [N, D], as a constant, and what it gives [N, units]."""
        values = network.outputs(inputs, {self.reads, self.name})
        return values[self.reads].detach(), values[self.name]


class PerceptronObjective:
    """The share of wrong answers, with the perceptron rule's (answer − target) · input as its
    gradient (Rosenblatt 1958): the step's own slope, which is 0, is taken for 1.
    """

    answers = True

    def __init__(self, plan: Plan) -> None:
        assert plan.dataset is not None
        self._last = LastLayer(plan.network)
        self._units = plan.network.shapes[plan.network.output][0]
        self.classes = plan.dataset.classes
        self.metrics: Sequence[str] = plan.train.metrics

    def encode(self, part: Part, precision: str) -> Part:
        """`part` with targets of 0 and 1: [N, 1], or a column a class."""
        targets = F.one_hot(part.targets, len(self.classes))
        targets = part.targets.unsqueeze(1) if self._units == 1 else targets
        return Part(part.inputs, targets.double()).to(part.inputs.device, dtype(precision))

    def __call__(self, network: Network, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The network's output for a batch and the loss, a scalar."""
        read, output = self._last.passed(network, inputs)
        parameters = dict(network.layers[self._last.name].named_parameters())
        error = self._errors(output, targets)
        sums = F.linear(read, parameters["weight"], parameters.get("bias"))
        along = (error * sums).sum(1).mean()
        # The value of one and the gradient of the other.
        return output.detach(), error.abs().mean() + along - along.detach()

    def each(self, network: Network, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The network's outputs [N, units] and the share of wrong answers of every sample: [N]."""
        output = network(inputs)
        return output, self._errors(output, targets).abs().mean(1)

    def shown(self, output: Tensor) -> Tensor:
        """An output [N, units] as a picture of answers, from −1 to 1."""
        return 2 * output - 1 if self._last.step and self._units == 1 else output

    @staticmethod
    def _errors(output: Tensor, targets: Tensor) -> Tensor:
        return (output > 0).to(targets.dtype).detach() - targets


class ClusterObjective:
    """The mean squared distance to the nearest centre, by the outputs w·x − |w|²/2 of k-means' layer."""

    answers = False

    def __init__(self, plan: Plan) -> None:
        self._last = LastLayer(plan.network)
        self.classes: tuple[str, ...] = ()
        self.metrics: Sequence[str] = plan.train.metrics
        self.batch: tuple[Tensor, Tensor] | None = None  # read [N, D] and given [N, k] last

    def encode(self, part: Part, precision: str) -> Part:
        """`part` in the numbers of `precision`; its targets are of no account but for purity."""
        return part.to(part.inputs.device, dtype(precision))

    def __call__(self, network: Network, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The network's output for a batch and the loss, a scalar without a gradient."""
        output, distances = self.each(network, inputs, targets)
        return output, distances.mean()

    @torch.no_grad()
    def each(self, network: Network, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The network's outputs [N, k] and each sample's squared distance to its centre: [N]."""
        read, output = self._last.passed(network, inputs)
        if network.training:
            self.batch = read, output
        # |x − w|² = |x|² − 2 (w·x − |w|²/2); rounding may take it below 0.
        return output, (read.square().sum(1) - 2 * output.amax(1)).clamp(min=0)

    def shown(self, output: Tensor) -> Tensor:
        """An output [N, k] as a picture of answers: 1 for the nearest centre."""
        return F.one_hot(output.argmax(1), output.shape[1]).to(output.dtype)

    @torch.no_grad()
    def read(self, network: Network, part: Part) -> Tensor:
        """What the last layer reads of a whole part: [N, D]."""
        with evaluating(network):
            chunks = torch.split(part.inputs, CHUNK)
            return torch.cat([self._last.passed(network, chunk)[0] for chunk in chunks])


class KMeans:
    """Centres as the rows w of the last layer's weight; its bias is −|w|²/2.

    With all samples in a batch each centre goes to the mean of those nearest to it (Lloyd 1982),
    else to the mean of those drawn so far (Sculley 2010); one that none is nearest to stays.
    """

    def __init__(self, flat: FlatParameters, plan: Plan, objective: ClusterObjective) -> None:
        assert plan.dataset is not None
        self._flat = flat
        self._objective = objective
        self._all = plan.dataset.sizes["train"]
        self._name = plan.network.output
        self.count = 0
        self.vectors = {name: torch.zeros_like(flat.values) for name in ("drawn", "move")}

    @torch.no_grad()
    def begin(self, read: Tensor, fields: Mapping[str, Any], seed: int) -> None:
        """Put the centres on samples of `read` [N, D], chosen by the seed."""
        generator = torch.Generator().manual_seed(derive(seed, "kmeans", self._name))
        centres = self._centres(self._flat.values)
        samples = read.double().cpu()
        choose = _spread if fields["start"] == "spread" else _sampled
        centres.copy_(samples[choose(samples, len(centres), generator)])
        self._settle()

    @torch.no_grad()
    def update(self, rate: float) -> None:
        """Move each centre the share `rate` of the way to its mean."""
        if self._objective.batch is None:
            return
        before = self._flat.values.clone()
        read, output = self._objective.batch
        nearest = F.one_hot(output.argmax(1), output.shape[1]).to(read.dtype)  # [N, k]
        found = nearest.sum(0)
        drawn = self._flat.slice(self.vectors["drawn"], f"{self._name}.bias")
        known = torch.zeros_like(found) if len(read) == self._all else drawn.clone()
        centres, total = self._centres(self._flat.values), (known + found).clamp(min=1)
        means = (known[:, None] * centres + nearest.T @ read) / total[:, None]  # [k, D]
        centres += rate * torch.where(found[:, None] > 0, means - centres, 0)
        drawn += found
        self._settle()
        self.count += 1
        self.vectors["move"].copy_(self._flat.values - before)

    def last_update(self) -> Tensor:
        """What the last call of `update` added to the values."""
        return self.vectors["move"].clone()

    def _centres(self, vector: Tensor) -> Tensor:
        return self._flat.slice(vector, f"{self._name}.weight")

    def _settle(self) -> None:
        bias = self._flat.slice(self._flat.values, f"{self._name}.bias")
        bias.copy_(-self._centres(self._flat.values).square().sum(1) / 2)


def _sampled(samples: Tensor, count: int, generator: torch.Generator) -> Tensor:
    return torch.randperm(len(samples), generator=generator)[:count]


def _spread(samples: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """k-means++: each next one with a chance in proportion to its squared distance to the chosen."""
    chosen = [int(torch.randint(len(samples), (), generator=generator))]
    distances = torch.full((len(samples),), torch.inf, dtype=samples.dtype)
    while len(chosen) < count:
        distances = torch.minimum(distances, (samples - samples[chosen[-1]]).square().sum(1))
        # Samples that lie on the chosen ones: any is as good as another.
        chances = distances if distances.sum() > 0 else torch.ones_like(distances)
        chosen.append(int(torch.multinomial(chances, 1, generator=generator)))
    return torch.tensor(chosen)
