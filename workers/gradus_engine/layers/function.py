"""A plain function whose variables are its parameters. N samples, K variables, P points of the way."""

import operator
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from gradus.arithmetic import Calls, evaluate, read, variables
from gradus.planned import LayerPlan

CALLS: Calls = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "negative": operator.neg,
    "sin": torch.sin,
    "cos": torch.cos,
    "exp": torch.exp,
    "tanh": torch.tanh,
    "sqrt": torch.sqrt,
    "log": torch.log,
}


class Function(nn.Module):
    """f at its variables, whatever it is given: [N, 1] → [N, 1].

    While training it keeps the way that it came, `_path` [P, K + 1]: variables and value before
    each step. When that is full every second point of it goes, and from then on twice as many
    steps lie between two points.
    """

    _path: Tensor
    _seen: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.steps = read(plan.fields["expression"])
        self.variables = variables(self.steps)
        for name, value in zip(self.variables, plan.fields["start"], strict=True):
            self.register_parameter(name, nn.Parameter(torch.tensor([float(value)])))
        shapes = {each.name: each.shape for each in plan.parameters}
        self.register_buffer("_path", torch.zeros(shapes["_path"]))
        self.register_buffer("_seen", torch.zeros((), dtype=torch.long))

    def forward(self, x: Tensor) -> Tensor:
        values = {name: self.get_parameter(name) for name in self.variables}
        value = self.at(values)
        if self.training:
            self._keep(value)
        return value.expand(len(x), 1)

    def at(self, values: Mapping[str, Tensor]) -> Tensor:
        """The value at points: one tensor a variable, all of one shape."""
        return evaluate(self.steps, values, CALLS)

    def point(self, value: Tensor) -> Tensor:
        """The variables where it stands, and the value there: [K + 1]."""
        here = [self.get_parameter(name).detach() for name in self.variables]
        return torch.cat([*here, value.detach().reshape(1)])

    def way(self) -> Tensor:
        """The way so far, oldest first: [P, K + 1]."""
        stride = self._stride(int(self._seen))
        return self._path[: -(-int(self._seen) // stride)]

    @property
    def thinned(self) -> bool:
        """Whether more than one step lies between two points of the way."""
        return self._stride(int(self._seen)) > 1

    def _stride(self, seen: int) -> int:
        """Steps between two points once `seen` steps have been made."""
        stride = 1
        while seen > stride * len(self._path):
            stride *= 2
        return stride

    @torch.no_grad()
    def _keep(self, value: Tensor) -> None:
        seen = int(self._seen)  # a function costs nothing, so waiting for the device costs little
        before, stride = self._stride(seen), self._stride(seen + 1)
        if stride > before:
            half = self._path[::2].clone()
            self._path[: len(half)] = half
        if seen % stride == 0:
            self._path[seen // stride] = self.point(value)
        self._seen += 1
