"""A recurrent decoder. N samples, L target steps, E features, M memory steps, D features, H units."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from gradus.planned import LayerPlan
from gradus_engine.draws import Drawn
from gradus_engine.initial import Matrices
from gradus_engine.layers.cells import CELLS, State


@dataclass(frozen=True, slots=True)
class Memory:
    """What a decoder reads: values [N, M, D], what they are asked by [N, M, H], what is hidden."""

    values: Tensor
    keys: Tensor
    hidden: Tensor | None  # [N, M], true where a step may not be seen


class DecoderRnn(Matrices, Drawn):
    """[N, L, E] → [N, L, H], the last state [N, H] and the weights [N, L, M] where it attends.

    Below a teacher forcing of 1 the steps after the first read what the step before gave: in
    training where the given step is not drawn, in evaluation always.
    """

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor
    bias_hh: Tensor
    score_query: Tensor
    score_key: Tensor
    score_weight: Tensor
    combine_weight: Tensor
    feedback_weight: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__(plan)
        self.units: int = plan.fields["units"]
        self.has_bias: bool = plan.fields["bias"]
        self.attention: str = plan.fields["attention"]
        self.teacher_forcing: float = plan.fields.get("teacher_forcing", 1.0)
        self.cell = CELLS[plan.fields["cell"]]
        self.ports = plan.ports

    def start(self, name: str, values: Tensor, generator: torch.Generator) -> None:
        bound = 1 / math.sqrt(self.units)
        values.uniform_(-bound, bound, generator=generator)

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        ports = dict(zip(self.ports, given, strict=True))
        x, memory = ports["input"], self.remember(ports.get("memory"), ports.get("mask"))
        state, told = self.begin(x, ports.get("state")), self.told(x)
        outputs: list[Tensor] = []
        seen: list[Tensor | None] = []
        for step in range(x.shape[1]):
            word = x[:, step]
            if step and self.teacher_forcing < 1:
                word = self.feed(outputs[-1], word, None if told is None else told[:, step])
            y, state, weights = self.step(word, state, memory)
            outputs.append(y)
            seen.append(weights)
        steps = torch.stack(outputs, 1)
        if memory is None:
            return steps, state[0]
        return steps, state[0], torch.stack([each for each in seen if each is not None], 1)

    def told(self, x: Tensor) -> Tensor | None:
        """1 where a step of x [N, L, E] is read as it is given, else 0 [N, L]; None for all alike."""
        if not self.training or self.teacher_forcing in (0, 1):
            return None
        return self.drawn(x[:, :, 0])

    def drawn(self, x: Tensor) -> Tensor:
        generator = self.draws.generator("teacher", x.device)
        return torch.empty_like(x).bernoulli_(self.teacher_forcing, generator=generator)

    def feed(self, y: Tensor, word: Tensor, told: Tensor | None) -> Tensor:
        """What a step reads [N, E] after y [N, H]: its own word where it is told so [N]."""
        own = F.linear(y, self.feedback_weight)
        return own if told is None else torch.where(told.unsqueeze(1) > 0, word, own)

    def remember(self, values: Tensor | None, mask: Tensor | None) -> Memory | None:
        """The memory with what does not change from step to step; None where nothing is read."""
        if values is None:
            return None
        keys = values @ self.score_key.T if self.attention == "additive" else values
        return Memory(values, keys, None if mask is None else mask == 0)

    def begin(self, x: Tensor, state: Tensor | None) -> State:
        """What the first step starts from."""
        zeros = x.new_zeros(len(x), self.units)
        return (zeros if state is None else state, *[zeros] * (self.cell.states - 1))

    def step(
        self, x: Tensor, state: State, memory: Memory | None
    ) -> tuple[Tensor, State, Tensor | None]:
        """One step of the target x [N, E]: what it gives [N, H], the state after it, the weights."""
        weights = None
        if memory is not None and self.attention == "additive":
            context, weights = self._read(state[0], memory)
            x = torch.cat([x, context], 1)
        b, c = (self.bias_ih, self.bias_hh) if self.has_bias else (None, None)
        inputs = F.linear(x, self.weight_ih, b)
        state = self.cell.compute(inputs, F.linear(state[0], self.weight_hh, c), state)
        if memory is None or self.attention == "additive":
            return state[0], state, weights
        context, weights = self._read(state[0], memory)
        both = torch.cat([context, state[0]], 1)
        return torch.tanh(F.linear(both, self.combine_weight)), state, weights

    def _read(self, query: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """What the query [N, H] reads: [N, D], and by which weights [N, M]."""
        if self.attention == "additive":
            asked = F.linear(query, self.score_query).unsqueeze(1)
            bent = torch.tanh(asked + memory.keys)
            scores = F.linear(bent, self.score_weight).squeeze(2)
        else:
            scores = (memory.keys @ query.unsqueeze(2)).squeeze(2)
        if memory.hidden is not None:
            scores = scores.masked_fill(memory.hidden, -math.inf)
        # Where all is hidden the softmax is 0/0: nothing is read.
        weights = torch.softmax(scores, 1).nan_to_num(0.0)
        return (weights.unsqueeze(1) @ memory.values).squeeze(1), weights
