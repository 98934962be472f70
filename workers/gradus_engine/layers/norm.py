"""Normalization. N samples, C channels."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.layers.norm import LayerNorm as Description
from gradus.planned import LayerPlan
from gradus_engine.layers.activations import function


class BatchNorm(nn.Module):
    """γ (x − mean) / √(variance + ε) + β over the batch (Ioffe and Szegedy 2015): [N, C, …] → the same.

    Running statistics stand for the batch's in eval mode, and while training for a batch that has
    only one value a channel, which has no variance.
    """

    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        channels = plan.input_shapes[0][0]
        affine = plan.fields["affine"]
        self.weight = nn.Parameter(torch.ones(channels)) if affine else None
        self.bias = nn.Parameter(torch.zeros(channels)) if affine else None
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.register_buffer("num_batches_tracked", torch.zeros((), dtype=torch.long))
        self.momentum: float = plan.fields["momentum"]
        self.eps: float = plan.fields["eps"]
        self.function = function(plan.fields["activation"])

    def forward(self, x: Tensor) -> Tensor:
        of_batch = self.training and x.numel() > x.shape[1]
        if of_batch:
            self.num_batches_tracked += 1
        normal = F.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            of_batch,
            self.momentum,
            self.eps,
        )
        return self.function(normal)


class LayerNorm(nn.Module):
    """γ (x − mean) / √(variance + ε) + β over the last axes of each sample (Ba et al. 2016)."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        fields = plan.fields
        self.shape = Description(axes=fields["axes"]).normalized(plan.input_shapes[0])
        self.weight = nn.Parameter(torch.ones(self.shape)) if fields["affine"] else None
        self.bias = nn.Parameter(torch.zeros(self.shape)) if fields["affine"] else None
        self.eps: float = fields["eps"]
        self.function = function(fields["activation"])

    def forward(self, x: Tensor) -> Tensor:
        return self.function(F.layer_norm(x, self.shape, self.weight, self.bias, self.eps))


class GroupNorm(nn.Module):
    """The same over groups of channels (Wu and He 2018): [N, C, …] → the same."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        fields, channels = plan.fields, plan.input_shapes[0][0]
        self.groups: int = fields["groups"]
        self.weight = nn.Parameter(torch.ones(channels)) if fields["affine"] else None
        self.bias = nn.Parameter(torch.zeros(channels)) if fields["affine"] else None
        self.eps: float = fields["eps"]
        self.function = function(fields["activation"])

    def forward(self, x: Tensor) -> Tensor:
        return self.function(F.group_norm(x, self.groups, self.weight, self.bias, self.eps))


class LocalResponseNorm(nn.Module):
    """x / (k + α Σ x'²)^β over neighbours, sums clipped at the borders (Krizhevsky et al. 2012)."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        fields = plan.fields
        self.within = fields["across"] == "within"
        self.size: int = fields["size"]
        self.alpha: float = fields["alpha"]
        self.beta: float = fields["beta"]
        self.k: float = fields["k"]

    def forward(self, x: Tensor) -> Tensor:
        return x * (self.k + self.alpha * self.squares(x)).pow(-self.beta)

    def squares(self, x: Tensor) -> Tensor:
        """The sum of squares around each number, itself included."""
        squares = x.square()
        axes = range(2, x.dim()) if self.within else (1,)
        for axis in axes:
            squares = _sums(squares, axis, self.size)
        return squares


def _sums(x: Tensor, axis: int, size: int) -> Tensor:
    """Sums over `size` neighbours along an axis, as many of them before as behind or one fewer."""
    before, behind = size // 2, (size - 1) // 2
    along = x.movedim(axis, -1)
    total = F.pad(along, (before, behind)).unfold(-1, size, 1).sum(-1)
    return total.movedim(-1, axis)
