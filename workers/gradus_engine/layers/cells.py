"""Cells of recurrent layers, apart from what sums their inputs: matrices or convolutions.

`inputs` and `before` are what the input and the state give to the gates, [N, gates · H, …] each.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

State = tuple[Tensor, ...]


def rnn(inputs: Tensor, before: Tensor, state: State) -> State:
    """h = tanh(W x + U h₋₁) (Elman 1990)."""
    return (torch.tanh(inputs + before),)


def lstm(inputs: Tensor, before: Tensor, state: State) -> State:
    """c = f ∘ c₋₁ + i ∘ g, h = o ∘ tanh(c); gates in the order i, f, g, o."""
    i, f, g, o = (inputs + before).chunk(4, 1)
    memory = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(memory), memory


def gru(inputs: Tensor, before: Tensor, state: State) -> State:
    """n = tanh(x + r ∘ h₋₁), h = (1 − z) ∘ n + z ∘ h₋₁ as torch has it; gates r, z, n."""
    (x_r, x_z, x_n), (h_r, h_z, h_n) = inputs.chunk(3, 1), before.chunk(3, 1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return ((1 - z) * torch.tanh(x_n + r * h_n) + z * state[0],)


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of cell: what it computes and of how many parts its state is."""

    compute: Callable[[Tensor, Tensor, State], State]
    states: int = 1


CELLS = {"rnn": Cell(rnn), "lstm": Cell(lstm, states=2), "gru": Cell(gru)}
