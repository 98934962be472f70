"""Attention. N samples, L queries, M keys, H heads, D numbers of a head."""

import math
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.draws import Draws, Stochastic
from gradus_engine.initial import Compound

HIDDEN = float("-inf")


class Attention(Compound, Stochastic):
    """softmax(score(Q, K)) V a head: [N, L, …] → [N, L, …], and the weights [N, H, L, M]."""

    draws: Draws
    NAMES: ClassVar[tuple[str, ...]] = ("query", "key", "value")

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        fields = plan.fields
        self.heads: int = fields["heads"]
        self.score: str = fields["score"]
        self.causal: bool = fields["causal"]
        self.mode: str = fields["mode"]
        self.projected: bool = fields["projected"]
        self.ports = plan.ports
        self.has_bias = any(each.name == "query_bias" for each in plan.parameters)
        for parameter in plan.parameters:
            self.register_parameter(parameter.name, nn.Parameter(torch.empty(parameter.shape)))

    def start(self, name: str, values: Tensor, generator: torch.Generator) -> None:
        if name.endswith("_bias"):
            values.zero_()
        else:  # as torch's own attention starts its projections
            bound = math.sqrt(
                6 / (values.shape[-1] + (values.shape[-2] if values.dim() > 1 else 1))
            )
            values.uniform_(-bound, bound, generator=generator)

    def forward(self, *given: Tensor) -> tuple[Tensor, Tensor]:
        scores, v = self.compare(*given)
        weights = self._choose(scores)
        read = (weights @ v).transpose(1, 2).flatten(2)  # [N, L, H · D]
        return (self._project("output", read) if self.projected else read), weights

    def compare(self, *given: Tensor) -> tuple[Tensor, Tensor]:
        """How well each key answers each query, −∞ where it is hidden [N, H, L, M], and the values."""
        ports = dict(zip(self.ports, given, strict=True))
        query = ports["query"]
        key = ports.get("key", query)
        parts = [query, key, ports.get("value", key)]
        if self.projected:
            parts = [self._project(name, x) for name, x in zip(self.NAMES, parts, strict=True)]
        q, k, v = (self._split(x) for x in parts)  # [N, H, L or M, D]
        return self._hide(self._scores(q, k), ports.get("mask")), v

    def _project(self, name: str, x: Tensor) -> Tensor:
        bias = self.get_parameter(f"{name}_bias") if self.has_bias else None
        return F.linear(x, self.get_parameter(f"{name}_weight"), bias)

    def _split(self, x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def _scores(self, q: Tensor, k: Tensor) -> Tensor:
        """How well each key answers each query: [N, H, L, M]."""
        if self.score == "additive":
            asked = q @ self.get_parameter("score_query").transpose(1, 2)
            told = k @ self.get_parameter("score_key").transpose(1, 2)
            both = torch.tanh(asked.unsqueeze(3) + told.unsqueeze(2))  # [N, H, L, M, D]
            return torch.einsum("nhlmd,hd->nhlm", both, self.get_parameter("score_weight"))
        if self.score == "bilinear":
            q = q @ self.get_parameter("score_weight")
        scores = q @ k.transpose(2, 3)
        return scores / math.sqrt(q.shape[3]) if self.score == "scaled_dot" else scores

    def _hide(self, scores: Tensor, mask: Tensor | None) -> Tensor:
        if mask is not None:
            scores = scores.masked_fill(mask[:, None, None, :] == 0, HIDDEN)
        if self.causal:
            later = torch.ones(scores.shape[2:], dtype=torch.bool, device=scores.device).triu(1)
            scores = scores.masked_fill(later, HIDDEN)
        return scores

    def _choose(self, scores: Tensor) -> Tensor:
        """Weights over the keys; those of a query that may see no key at all are 0."""
        soft = torch.softmax(scores, 3).nan_to_num(0.0)
        if self.mode == "soft":
            return soft
        if self.mode == "sampled" and self.training:
            generator = self.draws.generator("attention", scores.device)
            uniform = torch.rand(scores.shape, generator=generator, device=scores.device)
            # The largest of the scores under Gumbel noise is a draw by the weights.
            scores = scores - (-uniform.clamp(1e-12, 1 - 1e-7).log()).log()
        best = F.one_hot(scores.argmax(3), scores.shape[3]).to(soft.dtype)
        best = best.masked_fill((scores == HIDDEN).all(3, keepdim=True), 0.0)
        # The value of the best, the gradient of the soft weights (straight through).
        return best + soft - soft.detach()
