"""Cells of recurrent layers, apart from what sums their inputs: matrices or convolutions.

`inputs` and `before` are what the input and the state give to the gates, [N, gates · H, …] each.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

State = tuple[Tensor, ...]
Gates = tuple[Tensor, ...]


def open_rnn(inputs: Tensor, before: Tensor, state: State) -> tuple[Gates, State]:
    """h = tanh(W x + U h₋₁) (Elman 1990)."""
    hidden = torch.tanh(inputs + before)
    return (hidden,), (hidden,)


def open_lstm(inputs: Tensor, before: Tensor, state: State) -> tuple[Gates, State]:
    """c = f ∘ c₋₁ + i ∘ g, h = o ∘ tanh(c); gates in the order i, f, g, o."""
    i, f, g, o = (inputs + before).chunk(4, 1)
    i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
    memory = f * state[1] + i * g
    return (i, f, g, o), (o * torch.tanh(memory), memory)


def open_gru(inputs: Tensor, before: Tensor, state: State) -> tuple[Gates, State]:
    """n = tanh(x + r ∘ h₋₁), h = (1 − z) ∘ n + z ∘ h₋₁ as torch has it; gates r, z, n."""
    (x_r, x_z, x_n), (h_r, h_z, h_n) = inputs.chunk(3, 1), before.chunk(3, 1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    new = torch.tanh(x_n + r * h_n)
    return (r, z, new), ((1 - z) * new + z * state[0],)


def gru(inputs: Tensor, before: Tensor, state: State) -> State:
    """The state after one step of a gated recurrent unit."""
    return open_gru(inputs, before, state)[1]


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of cell: its gates and the state after a step, and of how many parts that state is."""

    open: Callable[[Tensor, Tensor, State], tuple[Gates, State]]
    states: int = 1

    def compute(self, inputs: Tensor, before: Tensor, state: State) -> State:
        """The state after one step."""
        return self.open(inputs, before, state)[1]


CELLS = {"rnn": Cell(open_rnn), "lstm": Cell(open_lstm, states=2), "gru": Cell(open_gru)}
