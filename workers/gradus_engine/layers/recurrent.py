"""Recurrent layers. N samples, L steps, D features, H units.

Without a mask and with torch's own cell its fused code computes; every other case steps through
the cells below, which give the same numbers.
"""

import math
from abc import abstractmethod
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.initial import Compound

State = tuple[Tensor, ...]


class Recurrent(Compound):
    """[N, L, D] → [N, L, H] or [N, H], and the states at the end [N, H]; twice H both ways."""

    gates: ClassVar[int]
    states: ClassVar[int] = 1  # hidden, and for some a memory

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.fields = plan.fields
        self.units: int = plan.fields["units"]
        self.depth: int = plan.fields["layers"]
        self.ways = 2 if plan.fields["bidirectional"] else 1
        self.has_bias: bool = plan.fields["bias"]
        self.last = plan.fields["returns"] == "last"
        self.ports = plan.ports
        for parameter in plan.parameters:
            self.register_parameter(parameter.name, nn.Parameter(torch.empty(parameter.shape)))

    def start(self, name: str, values: Tensor, generator: torch.Generator) -> None:
        bound = 1 / math.sqrt(self.units)
        values.uniform_(-bound, bound, generator=generator)

    @abstractmethod
    def cell(self, x: Tensor, state: State, weights: list[Tensor]) -> State:
        """The state after one step: x [N, D], each of `state` [N, H]."""

    def fused(self, x: Tensor, state: list[Tensor], weights: list[Tensor]) -> Any:
        """Torch's own code over all steps, layers and ways; None where it has another cell."""
        return None

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        ports = dict(zip(self.ports, given, strict=True))
        x, mask = ports["input"], ports.get("mask")
        starts = self._starts(x, ports.get("state"))
        answer = None if mask is not None else self.fused(x, starts, list(self.parameters()))
        steps, ends = answer if answer is not None else self._stepped(x, starts, mask)
        last = [torch.cat([*end[-self.ways :]], 1) for end in ends]
        return (last[0] if self.last else steps, *last)

    def _starts(self, x: Tensor, state: Tensor | None) -> list[Tensor]:
        """What each state begins with: [layers · ways, N, H]."""
        zeros = x.new_zeros(self.depth * self.ways, len(x), self.units)
        if state is None:
            return [zeros] * self.states
        given = state.view(len(x), self.ways, self.units).transpose(0, 1)
        return [torch.cat([zeros[self.ways :], given]), *[zeros] * (self.states - 1)]

    def _stepped(
        self, x: Tensor, starts: list[Tensor], mask: Tensor | None
    ) -> tuple[Tensor, list[Tensor]]:
        each = 2 + 2 * self.has_bias
        weights: list[Tensor] = list(self.parameters())
        ends: list[State] = []
        for layer in range(self.depth):
            outputs = []
            for way in range(self.ways):
                place = layer * self.ways + way
                own = weights[place * each : (place + 1) * each]
                state = tuple(start[place] for start in starts)
                steps, state = self._walk(x, state, own, mask, backwards=way == 1)
                outputs.append(steps)
                ends.append(state)
            x = torch.cat(outputs, 2)
        return x, [torch.stack(states) for states in zip(*ends, strict=True)]

    def _walk(
        self, x: Tensor, state: State, weights: list[Tensor], mask: Tensor | None, backwards: bool
    ) -> tuple[Tensor, State]:
        order = range(x.shape[1])
        outputs: dict[int, Tensor] = {}
        for step in reversed(order) if backwards else order:
            after = self.cell(x[:, step], state, weights)
            if mask is None:
                state, outputs[step] = after, after[0]
                continue
            kept = mask[:, step, None].to(x.dtype)
            state = tuple(
                kept * now + (1 - kept) * before for now, before in zip(after, state, strict=True)
            )
            outputs[step] = kept * state[0]
        return torch.stack([outputs[step] for step in order], 1), state

    def sums(self, x: Tensor, h: Tensor, weights: list[Tensor]) -> tuple[Tensor, Tensor]:
        """What the input and what the state give to the gates: [N, gates · H] each."""
        w, u, *biases = weights
        b, c = biases or (None, None)
        return F.linear(x, w, b), F.linear(h, u, c)


class Rnn(Recurrent):
    """h = a(W x + b + U h₋₁ + c) with tanh or ReLU (Elman 1990)."""

    gates = 1

    def cell(self, x: Tensor, state: State, weights: list[Tensor]) -> State:
        inputs, before = self.sums(x, state[0], weights)
        total = inputs + before
        return (torch.tanh(total) if self.fields["activation"] == "tanh" else torch.relu(total),)

    def fused(self, x: Tensor, state: list[Tensor], weights: list[Tensor]) -> Any:
        compute = torch.rnn_tanh if self.fields["activation"] == "tanh" else torch.rnn_relu
        steps, end = compute(
            x, state[0], weights, self.has_bias, self.depth, 0.0, False, self.ways == 2, True
        )
        return steps, [end]


class Lstm(Recurrent):
    """c = f ∘ c₋₁ + i ∘ g, h = o ∘ tanh(c) (Hochreiter and Schmidhuber 1997; Gers et al. 2000)."""

    gates = 4
    states = 2

    def settle(self) -> None:
        wanted = self.fields["forget_bias"]
        if wanted is None:
            return
        forget = slice(self.units, 2 * self.units)  # the gates stand in the order i, f, g, o
        for name, parameter in self.named_parameters():
            if name.startswith("bias"):
                parameter.detach()[forget] = wanted if name.startswith("bias_ih") else 0.0

    def cell(self, x: Tensor, state: State, weights: list[Tensor]) -> State:
        hidden, memory = state
        inputs, before = self.sums(x, hidden, weights)
        i, f, g, o = (inputs + before).chunk(4, 1)
        memory = torch.sigmoid(f) * memory + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(memory), memory

    def fused(self, x: Tensor, state: list[Tensor], weights: list[Tensor]) -> Any:
        steps, *ends = torch.lstm(
            x, state, weights, self.has_bias, self.depth, 0.0, False, self.ways == 2, True
        )
        return steps, ends


class Gru(Recurrent):
    """z and r gate what is kept and what is read of the state (Cho et al. 2014)."""

    gates = 3

    def cell(self, x: Tensor, state: State, weights: list[Tensor]) -> State:
        (hidden,) = state
        inputs, before = self.sums(x, hidden, weights)
        (x_r, x_z, x_n), (h_r, h_z, h_n) = inputs.chunk(3, 1), before.chunk(3, 1)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        if self.fields["reset"] == "after":
            new = torch.tanh(x_n + r * h_n)
        else:
            rows = slice(2 * self.units, None)  # the gates stand in the order r, z, n
            bias = weights[3][rows] if self.has_bias else None
            new = torch.tanh(x_n + F.linear(r * hidden, weights[1][rows], bias))
        if self.fields["update"] == "torch":
            return ((1 - z) * new + z * hidden,)
        return (z * new + (1 - z) * hidden,)

    def fused(self, x: Tensor, state: list[Tensor], weights: list[Tensor]) -> Any:
        if self.fields["reset"] != "after" or self.fields["update"] != "torch":
            return None
        steps, end = torch.gru(
            x, state[0], weights, self.has_bias, self.depth, 0.0, False, self.ways == 2, True
        )
        return steps, [end]
