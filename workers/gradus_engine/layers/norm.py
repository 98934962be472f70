"""Normalization. N samples, C channels."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

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
