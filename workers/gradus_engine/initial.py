"""First values of parameters. Each parameter has a generator of its own, so that adding a layer
leaves the others as they were."""

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from gradus.planned import LayerPlan, Plan
from gradus.seeds import derive

Fields = Mapping[str, Any]
# Tensors of safetensors files by the file's hash.
Weights = Mapping[str, Mapping[str, Tensor]]


def fans(shape: torch.Size) -> tuple[int, int]:
    """Inputs and outputs of one unit for a weight [out, in, *kernel]."""
    patch = math.prod(shape[2:])
    return shape[1] * patch, shape[0] * patch


def _zeros(weight: Tensor, init: Fields, generator: torch.Generator) -> None:
    weight.zero_()


def _constant(weight: Tensor, init: Fields, generator: torch.Generator) -> None:
    weight.fill_(init["value"])


def _normal(weight: Tensor, init: Fields, generator: torch.Generator) -> None:
    weight.normal_(0, init["std"], generator=generator)


def _uniform(weight: Tensor, init: Fields, generator: torch.Generator) -> None:
    weight.uniform_(init["low"], init["high"], generator=generator)


def _torch(weight: Tensor, init: Fields, generator: torch.Generator) -> None:
    # Kaiming uniform with a = √5, PyTorch's own default, comes to ±1/√fan_in.
    bound = 1 / math.sqrt(max(1, fans(weight.shape)[0]))
    weight.uniform_(-bound, bound, generator=generator)


def _xavier(weight: Tensor, init: Fields, generator: torch.Generator) -> None:
    _spread(weight, init["distribution"], math.sqrt(2 / sum(fans(weight.shape))), generator)


def _he(weight: Tensor, init: Fields, generator: torch.Generator) -> None:
    _spread(weight, init["distribution"], math.sqrt(2 / fans(weight.shape)[0]), generator)


def _spread(weight: Tensor, distribution: str, std: float, generator: torch.Generator) -> None:
    if distribution == "normal":
        weight.normal_(0, std, generator=generator)
    else:
        # A uniform distribution within ±√3 σ has standard deviation σ.
        weight.uniform_(-math.sqrt(3) * std, math.sqrt(3) * std, generator=generator)


def _orthogonal(weight: Tensor, init: Fields, generator: torch.Generator) -> None:
    nn.init.orthogonal_(weight, generator=generator)


def _from(weight: Tensor, init: Fields, generator: torch.Generator) -> None:
    """What kept weights take the place of, once the network stands: see `begin`."""
    weight.zero_()


KINDS: dict[str, Callable[[Tensor, Fields, torch.Generator], None]] = {
    "torch": _torch,
    "zeros": _zeros,
    "constant": _constant,
    "normal": _normal,
    "uniform": _uniform,
    "xavier": _xavier,
    "he": _he,
    "orthogonal": _orthogonal,
    "from": _from,
}


class Compound(nn.Module):
    """A layer with several matrices. An `init` fills each of them; vectors then start at 0."""

    @abstractmethod
    def start(self, name: str, values: Tensor, generator: torch.Generator) -> None:
        """Fill one parameter as PyTorch itself does."""

    def settle(self) -> None:
        """What holds after the first values, whatever filled them."""


class Matrices(Compound):
    """A compound layer whose parameters are those of its plan, each an attribute of its name."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        for parameter in plan.parameters:
            self.register_parameter(parameter.name, nn.Parameter(torch.empty(parameter.shape)))


class NoWeights(ValueError):
    """A plan starts from kept weights that are not at hand."""


@torch.no_grad()
def begin(own: Mapping[str, Tensor], plan: Plan, weights: Weights) -> None:
    """Let the parameters and buffers in `own`, by full name, start as the plan's weights have them.

    Raises NoWeights where the files are not given, or do not hold what was planned.
    """
    for each in plan.weights:
        found = weights.get(each.artifact or "")
        if found is None:
            said = each.artifact or "weights that this plan has not looked for"
            raise NoWeights(f"the network starts from {said}; open it where they are kept")
        for name, there in each.tensors.items():
            if there not in found or found[there].shape != own[name].shape:
                raise NoWeights(f"{each.artifact} has no {there} of shape {list(own[name].shape)}")
            own[name].copy_(found[there])


def initialise(layer: nn.Module, init: Fields, path: str, seed: int) -> None:
    """Fill the parameters of `layer`, whose full path is `path`, as its `init` field says."""
    if isinstance(layer, Compound):
        _initialise_each(layer, init, path, seed)
        return
    if not isinstance(layer.weight, Tensor):
        return  # nothing to learn, such as fixed waves
    weight, bias = layer.weight.detach(), layer.bias
    KINDS[init["type"]](weight, init, _generator(seed, f"{path}.weight"))
    if isinstance(bias, Tensor):
        _start_bias(bias.detach(), weight.shape, init, _generator(seed, f"{path}.bias"))


def _initialise_each(layer: Compound, init: Fields, path: str, seed: int) -> None:
    for name, parameter in layer.named_parameters():
        values, generator = parameter.detach(), _generator(seed, f"{path}.{name}")
        if init["type"] == "torch":
            layer.start(name, values, generator)
        elif values.dim() > 1:
            KINDS[init["type"]](values, init, generator)
        else:
            values.zero_()
    layer.settle()


def _start_bias(bias: Tensor, weight: torch.Size, init: Fields, generator: torch.Generator) -> None:
    if init["type"] == "torch":
        bound = 1 / math.sqrt(max(1, fans(weight)[0]))
        bias.uniform_(-bound, bound, generator=generator)
    else:
        bias.zero_()


def _generator(seed: int, parameter: str) -> torch.Generator:
    return torch.Generator().manual_seed(derive(seed, "init", parameter))
