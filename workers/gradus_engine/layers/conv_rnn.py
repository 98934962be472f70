"""A recurrent layer of convolutions. N samples, T steps, C channels, F filters."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from gradus.planned import LayerPlan
from gradus_engine.initial import Matrices
from gradus_engine.layers.cells import CELLS, Gates, State


class ConvRnn(Matrices):
    """[N, T, C, H, W] → [N, T, F, H, W] or [N, F, H, W], and the states at the end."""

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor
    bias_hh: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__(plan)
        self.filters: int = plan.fields["filters"]
        self.has_bias: bool = plan.fields["bias"]
        self.last = plan.fields["returns"] == "last"
        self.cell = CELLS[plan.fields["cell"]]

    def start(self, name: str, values: Tensor, generator: torch.Generator) -> None:
        bound = 1 / math.sqrt(self.weight_hh[0].numel())
        values.uniform_(-bound, bound, generator=generator)

    def forward(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, ...]:
        opened = self.opened(x, state)
        outputs = [states[0] for _, states in opened]
        last = opened[-1][1]
        return (last[0] if self.last else torch.stack(outputs, 1), *last)

    def opened(self, x: Tensor, state: Tensor | None = None) -> list[tuple[Gates, State]]:
        """The gates of each step and the states after it: [N, F, H, W] each."""
        b, c = (self.bias_ih, self.bias_hh) if self.has_bias else (None, None)
        # What the input gives needs no earlier step: all steps in one convolution.
        inputs = convolved(x.flatten(0, 1), self.weight_ih, b)
        inputs = inputs.reshape(*x.shape[:2], *inputs.shape[1:])
        zeros = x.new_zeros(len(x), self.filters, *x.shape[3:])
        states: State = (zeros if state is None else state, *[zeros] * (self.cell.states - 1))
        opened = []
        for step in range(x.shape[1]):
            before = convolved(states[0], self.weight_hh, c)
            gates, states = self.cell.open(inputs[:, step], before, states)
            opened.append((gates, states))
        return opened


def convolved(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """`same` padding: [N, C, H, W] → [N, F, H, W]; an even kernel has its odd cell right and below."""
    height, width = weight.shape[2:]
    if height % 2 == 0 or width % 2 == 0:
        x = F.pad(x, (0, 1 - width % 2, 0, 1 - height % 2))
    return F.conv2d(x, weight, bias, padding=((height - 1) // 2, (width - 1) // 2))
