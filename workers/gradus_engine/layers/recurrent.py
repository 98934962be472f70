"""Recurrent layers. N samples, L steps, D features, H units.

Without a mask and with torch's own cell its fused code computes; every other case steps through
the cells below, which give the same numbers.
"""

import math
from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.initial import Compound

State = tuple[Tensor, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """One step of a cell: what input and state give to each gate, the gates, the state after it.

    The first three are [N, H] each, gates in the order of the weights.
    """

    inputs: tuple[Tensor, ...]
    before: tuple[Tensor, ...]
    gates: tuple[Tensor, ...]
    state: State


@dataclass(frozen=True, slots=True)
class Walk:
    """All steps of one cell of a stack, in the order of time, and the state that it began with."""

    start: State
    steps: tuple[Opened, ...]


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
    def open(self, x: Tensor, state: State, weights: list[Tensor]) -> Opened:
        """One step: x [N, D], each of `state` [N, H]."""

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

    def walks(self, *given: Tensor) -> list[Walk]:
        """Every step of every cell, stepped through one by one: layer by layer, forwards first."""
        ports = dict(zip(self.ports, given, strict=True))
        x = ports["input"]
        walks: list[Walk] = []
        self._stepped(x, self._starts(x, ports.get("state")), ports.get("mask"), walks)
        return walks

    def _stepped(
        self,
        x: Tensor,
        starts: list[Tensor],
        mask: Tensor | None,
        walks: list[Walk] | None = None,
    ) -> tuple[Tensor, list[Tensor]]:
        each = 2 + 2 * self.has_bias
        weights: list[Tensor] = list(self.parameters())
        ends: list[State] = []
        for layer in range(self.depth):
            outputs = []
            for way in range(self.ways):
                place = layer * self.ways + way
                own = weights[place * each : (place + 1) * each]
                start = tuple(state[place] for state in starts)
                steps, opened, end = self._walk(x, start, own, mask, backwards=way == 1)
                outputs.append(steps)
                ends.append(end)
                if walks is not None:
                    walks.append(Walk(start, opened))
            x = torch.cat(outputs, 2)
        return x, [torch.stack(states) for states in zip(*ends, strict=True)]

    def _walk(
        self, x: Tensor, state: State, weights: list[Tensor], mask: Tensor | None, backwards: bool
    ) -> tuple[Tensor, tuple[Opened, ...], State]:
        order = range(x.shape[1])
        outputs: dict[int, Tensor] = {}
        seen: dict[int, Opened] = {}
        for step in reversed(order) if backwards else order:
            opened = self.open(x[:, step], state, weights)
            if mask is not None:
                opened = _held(opened, state, mask[:, step, None].to(x.dtype))
            state, seen[step] = opened.state, opened
            outputs[step] = state[0] if mask is None else mask[:, step, None].to(x.dtype) * state[0]
        steps = torch.stack([outputs[step] for step in order], 1)
        return steps, tuple(seen[step] for step in order), state

    def sums(self, x: Tensor, h: Tensor, weights: list[Tensor]) -> tuple[Tensor, Tensor]:
        """What the input and what the state give to the gates: [N, gates · H] each."""
        w, u, *biases = weights
        b, c = biases or (None, None)
        return F.linear(x, w, b), F.linear(h, u, c)


def _held(opened: Opened, before: State, kept: Tensor) -> Opened:
    """A step after which the state is as before where `kept` [N, 1] is 0."""
    state = tuple(
        kept * now + (1 - kept) * was for now, was in zip(opened.state, before, strict=True)
    )
    return replace(opened, state=state)


class Rnn(Recurrent):
    """h = a(W x + b + U h₋₁ + c) with tanh or ReLU (Elman 1990)."""

    gates = 1

    def open(self, x: Tensor, state: State, weights: list[Tensor]) -> Opened:
        inputs, before = self.sums(x, state[0], weights)
        bend = torch.tanh if self.fields["activation"] == "tanh" else torch.relu
        hidden = bend(inputs + before)
        return Opened((inputs,), (before,), (hidden,), (hidden,))

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

    def open(self, x: Tensor, state: State, weights: list[Tensor]) -> Opened:
        hidden, memory = state
        inputs, before = self.sums(x, hidden, weights)
        i, f, g, o = (inputs + before).chunk(4, 1)
        i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        memory = f * memory + i * g
        state = (o * torch.tanh(memory), memory)
        return Opened(inputs.chunk(4, 1), before.chunk(4, 1), (i, f, g, o), state)

    def fused(self, x: Tensor, state: list[Tensor], weights: list[Tensor]) -> Any:
        steps, *ends = torch.lstm(
            x, state, weights, self.has_bias, self.depth, 0.0, False, self.ways == 2, True
        )
        return steps, ends


class Gru(Recurrent):
    """z and r gate what is kept and what is read of the state (Cho et al. 2014)."""

    gates = 3

    def open(self, x: Tensor, state: State, weights: list[Tensor]) -> Opened:
        (hidden,) = state
        inputs, before = self.sums(x, hidden, weights)
        (x_r, x_z, x_n), (h_r, h_z, h_n) = inputs.chunk(3, 1), before.chunk(3, 1)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        if self.fields["reset"] == "before":
            rows = slice(2 * self.units, None)  # the gates stand in the order r, z, n
            bias = weights[3][rows] if self.has_bias else None
            h_n = F.linear(r * hidden, weights[1][rows], bias)
        new = torch.tanh(x_n + (h_n if self.fields["reset"] == "before" else r * h_n))
        kept, taken = (z, 1 - z) if self.fields["update"] == "torch" else (1 - z, z)
        state = (taken * new + kept * hidden,)
        return Opened((x_r, x_z, x_n), (h_r, h_z, h_n), (r, z, new), state)

    def fused(self, x: Tensor, state: list[Tensor], weights: list[Tensor]) -> Any:
        if self.fields["reset"] != "after" or self.fields["update"] != "torch":
            return None
        steps, end = torch.gru(
            x, state[0], weights, self.has_bias, self.depth, 0.0, False, self.ways == 2, True
        )
        return steps, [end]
