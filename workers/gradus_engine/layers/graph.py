"""Layers over trees and graphs. N samples, L nodes, D features, H units."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.initial import Matrices
from gradus_engine.layers.activations import function


class TreeLstm(Matrices):
    """The child-sum tree: [N, L, D] and parents [N, L] → [N, L, H] or [N, H], and the root's."""

    weight_ih: Tensor
    weight_hh: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__(plan)
        self.units: int = plan.fields["units"]
        self.whole = plan.fields["returns"] == "nodes"
        self.bias: Tensor | None
        if not plan.fields["bias"]:
            self.bias = None

    def start(self, name: str, values: Tensor, generator: torch.Generator) -> None:
        bound = 1 / math.sqrt(self.units)
        values.uniform_(-bound, bound, generator=generator)

    def forward(
        self, x: Tensor, parents: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        nodes = x.shape[1]
        own = torch.ones_like(x[..., 0]) if mask is None else mask.to(x.dtype)  # [N, L]
        # The gates in the order i, f, o, u: [N, L, 4 H].
        inputs = F.linear(x, self.weight_ih, self.bias)
        forget, others = self._matrices()
        hidden: list[Tensor] = []
        memories: list[Tensor] = []
        asked: list[Tensor] = []  # U h_k of the forget gates
        for node in range(nodes):
            h, c = self._gather(node, inputs[:, node], (hidden, memories, asked), parents, others)
            kept = own[:, node, None]
            hidden.append(h * kept)
            memories.append(c * kept)
            asked.append(F.linear(hidden[-1], forget))
        states = torch.stack(hidden, 1)
        root = states[torch.arange(len(x), device=x.device), self._roots(own)]
        return (states if self.whole else root), root

    def _matrices(self) -> tuple[Tensor, Tensor]:
        """U of the forget gate, and of i, o and u one under the other."""
        i, f, o, u = self.weight_hh.chunk(4, 0)
        return f, torch.cat([i, o, u])

    @staticmethod
    def _gather(
        node: int,
        inputs: Tensor,
        before: tuple[list[Tensor], list[Tensor], list[Tensor]],
        parents: Tensor,
        others: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """State and memory of one node from those of the nodes before it."""
        x_i, x_f, x_o, x_u = inputs.chunk(4, 1)
        summed, remembered = torch.zeros_like(x_i), torch.zeros_like(x_i)
        if node:
            hidden, memories, asked = (torch.stack(each, 1) for each in before)
            child = (parents[:, :node] == node).unsqueeze(2).to(inputs.dtype)  # [N, node, 1]
            summed = (child * hidden).sum(1)
            remembered = (child * torch.sigmoid(x_f.unsqueeze(1) + asked) * memories).sum(1)
        h_i, h_o, h_u = F.linear(summed, others).chunk(3, 1)
        c = torch.sigmoid(x_i + h_i) * torch.tanh(x_u + h_u) + remembered
        return torch.sigmoid(x_o + h_o) * torch.tanh(c), c

    @staticmethod
    def _roots(own: Tensor) -> Tensor:
        """The place of the last node of each tree: [N]."""
        places = torch.arange(own.shape[1], device=own.device)
        return (places * (own > 0)).argmax(1)


class GraphConv(nn.Module):
    """a(D^−½ (A + I) D^−½ X Wᵀ + b): [N, L, D] and [N, L, L] → [N, L, H]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(plan.parameters[0].shape))
        has_bias = plan.fields["bias"]
        self.bias = nn.Parameter(torch.empty(plan.fields["units"])) if has_bias else None
        self.function = function(plan.fields["activation"])

    def forward(self, x: Tensor, adjacency: Tensor) -> Tensor:
        joined = adjacency.to(x.dtype) + torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
        scale = joined.sum(2, keepdim=True).rsqrt()  # [N, L, 1]
        mixed = scale * (joined @ (scale * F.linear(x, self.weight)))
        shown: Tensor = self.function(mixed if self.bias is None else mixed + self.bias)
        return shown
