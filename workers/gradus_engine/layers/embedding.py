"""Learned vectors of words, and where in a sequence they stand. N samples, L steps, D units."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan

# Knuth's multiplicative hashing, kept within 62 bits so that int64 never overflows.
FACTOR = 2_654_435_761
MODULUS = 2**31 - 1


class Embedding(nn.Module):
    """Rows of a table: [N, …] whole numbers → [N, …, D].

    The row of a padding is 0, and a mask [N, …] comes with them: 1 at words, 0 at the padding.
    """

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        fields = plan.fields
        self.weight = nn.Parameter(torch.empty(fields["words"], fields["units"]))
        self.bias = None
        self.padding: int | None = fields["padding"]

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        y = F.embedding(x, self.weight)
        if self.padding is None:
            return y
        mask = (x != self.padding).to(y.dtype)
        return y * mask.unsqueeze(-1), mask


class EmbeddingBag(nn.Module):
    """Mean or sum over words and runs of up to n words: [N, L] → [N, D] (Joulin et al. 2017)."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        fields = plan.fields
        self.weight = nn.Parameter(torch.empty(plan.parameters[0].shape))
        self.bias = None
        self.words: int = fields["words"]
        self.buckets: int = fields["buckets"]
        self.ngrams: int = fields["ngrams"]
        self.mean = fields["mode"] == "mean"
        self.padding: int | None = fields["padding"]

    def forward(self, x: Tensor) -> Tensor:
        rows, counts = zip(*self._runs(x), strict=True)
        kept = torch.cat(counts, 1).to(self.weight.dtype)
        vectors = F.embedding(torch.cat(rows, 1), self.weight) * kept.unsqueeze(-1)
        total = vectors.sum(1)
        return total / kept.sum(1, keepdim=True).clamp(min=1) if self.mean else total

    def _runs(self, x: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Rows of the table and whether they count, for runs of each length."""
        counts = torch.ones_like(x) if self.padding is None else (x != self.padding).long()
        found, hashed, kept = [(x, counts)], x + 1, counts
        for _ in range(min(self.ngrams, x.shape[1]) - 1):
            # A run is its beginning and one word more; it counts where all its words do.
            hashed = (hashed[:, :-1] * FACTOR + x[:, -hashed.shape[1] + 1 :] + 1) % MODULUS
            kept = kept[:, :-1] * counts[:, -kept.shape[1] + 1 :]
            found.append((self.words + hashed % self.buckets, kept))
        return found


class PositionalEncoding(nn.Module):
    """x + p with a vector for each step, fixed waves or learned: [N, L, D] → the same."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        units = plan.input_shapes[0][1]
        learned = plan.fields["kind"] == "learned"
        shape = (plan.fields["longest"], units)
        self.weight = nn.Parameter(torch.empty(shape)) if learned else None
        self.bias = None
        self.factor = math.sqrt(units) if plan.fields["scale"] else 1.0

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor + self.places(x)

    def places(self, x: Tensor) -> Tensor:
        """The vectors of the steps of x: [L, D]."""
        length, units = x.shape[1:]
        return waves(length, units, x) if self.weight is None else self.weight[:length]


def waves(length: int, units: int, like: Tensor) -> Tensor:
    """sin and cos of t / 10000^(2i / D), in turn: [L, D] (Vaswani et al. 2017)."""
    steps = torch.arange(length, dtype=torch.float64, device=like.device)[:, None]
    even = torch.arange(0, units, 2, dtype=torch.float64, device=like.device)
    angles = steps / 10_000 ** (even / units)
    both = torch.stack([angles.sin(), angles.cos()], 2).flatten(1)
    return both[:, :units].to(like.dtype)
