"""Memories for questions. N samples, F facts, T sentences, S slots, D features."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from gradus.planned import LayerPlan
from gradus_engine.initial import Matrices
from gradus_engine.layers.cells import gru


class EpisodicMemory(Matrices):
    """[N, F, D] and [N, D] → [N, D], and the gates [N, passes, F] (Kumar et al. 2016)."""

    compare_weight: Tensor
    hidden_weight: Tensor
    hidden_bias: Tensor
    gate_weight: Tensor
    gate_bias: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__(plan)
        self.passes: int = plan.fields["passes"]

    def start(self, name: str, values: Tensor, generator: torch.Generator) -> None:
        linear = {"hidden": self.hidden_weight, "gate": self.gate_weight}
        matrix = linear.get(name.partition("_")[0], self.compare_weight)
        bound = 1 / math.sqrt(matrix.shape[1])
        values.uniform_(-bound, bound, generator=generator)

    def forward(
        self, facts: Tensor, question: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        inputs = self._sums("fact", "ih", facts)  # [N, F, 3 D]
        compared = facts @ self.compare_weight
        memory, seen = question, []
        for _ in range(self.passes):
            gates = self._gates(facts, compared, memory, question)
            if mask is not None:
                gates = gates * mask.to(gates.dtype)
            episode = self._episode(inputs, gates)
            (memory,) = gru(
                self._sums("memory", "ih", episode),
                self._sums("memory", "hh", memory),
                (memory,),
            )
            seen.append(gates)
        return memory, torch.stack(seen, 1)

    def _sums(self, cell: str, part: str, x: Tensor) -> Tensor:
        weight = self.get_parameter(f"{cell}_weight_{part}")
        return F.linear(x, weight, self.get_parameter(f"{cell}_bias_{part}"))

    def _gates(self, facts: Tensor, compared: Tensor, memory: Tensor, question: Tensor) -> Tensor:
        """How much each fact counts: [N, F]."""
        m, q = memory.unsqueeze(1).expand_as(facts), question.unsqueeze(1).expand_as(facts)
        products = [compared @ each.unsqueeze(2) for each in (question, memory)]
        features = [facts, m, q, facts * q, facts * m, (facts - q).abs(), (facts - m).abs()]
        hidden = F.linear(
            torch.cat([*features, *products], 2), self.hidden_weight, self.hidden_bias
        )
        return torch.sigmoid(F.linear(torch.tanh(hidden), self.gate_weight, self.gate_bias))[..., 0]

    def _episode(self, inputs: Tensor, gates: Tensor) -> Tensor:
        """What one pass over the facts leaves: [N, D]."""
        state = inputs.new_zeros(len(inputs), inputs.shape[2] // 3)
        for fact in range(inputs.shape[1]):
            (after,) = gru(inputs[:, fact], self._sums("fact", "hh", state), (state,))
            gate = gates[:, fact, None]
            state = gate * after + (1 - gate) * state
        return state


class EntityMemory(Matrices):
    """[N, T, D] and [N, D] → [N, D]; memory [N, S, D], gates [N, T, S], weights [N, S]."""

    keys: Tensor
    content_weight: Tensor
    key_weight: Tensor
    sentence_weight: Tensor
    answer_weight: Tensor
    slope: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__(plan)
        self.prelu = plan.fields["activation"] == "prelu"

    def start(self, name: str, values: Tensor, generator: torch.Generator) -> None:
        bound = 1 / math.sqrt(self.key_weight.shape[1])
        values.uniform_(-bound, bound, generator=generator)

    def settle(self) -> None:
        if self.prelu:
            self.slope.detach().fill_(1.0)

    def forward(
        self, sentences: Tensor, question: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        memory = self.keys.expand(len(sentences), *self.keys.shape)  # [N, S, D]
        told = F.linear(sentences, self.sentence_weight)
        keyed = F.linear(self.keys, self.key_weight)
        seen = []
        for step in range(sentences.shape[1]):
            sentence = sentences[:, step].unsqueeze(2)  # [N, D, 1]
            gates = torch.sigmoid(memory @ sentence + self.keys @ sentence)  # [N, S, 1]
            told_of = None if mask is None else mask[:, step, None, None] > 0
            if told_of is not None:
                gates = gates * told_of
            new = F.linear(memory, self.content_weight) + keyed + told[:, step].unsqueeze(1)
            written = F.normalize(memory + gates * self._bend(new), dim=2)
            # Only a written memory comes to length 1; one that is passed over stays as it is.
            memory = written if told_of is None else torch.where(told_of, written, memory)
            seen.append(gates.squeeze(2))
        weights = torch.softmax((memory @ question.unsqueeze(2)).squeeze(2), 1)
        read = (weights.unsqueeze(1) @ memory).squeeze(1)
        answer = self._bend(question + F.linear(read, self.answer_weight))
        return answer, memory, torch.stack(seen, 1), weights

    def _bend(self, x: Tensor) -> Tensor:
        return torch.where(x > 0, x, self.slope * x) if self.prelu else x
