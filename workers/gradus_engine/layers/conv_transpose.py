"""Transposed convolution: the gradient of a convolution as a layer. N samples, C channels, F filters."""

from collections.abc import Callable
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.layers.conv_transpose import cut
from gradus.planned import LayerPlan
from gradus_engine.layers.activations import function


class TransposedConvolution(nn.Module):
    """Spreads every cell over a window, then cuts the border off and adds the bias."""

    compute: ClassVar[Callable[..., Tensor]]

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        fields, shape = plan.fields, plan.input_shapes[0]
        kernel, filters = fields["kernel"], fields["filters"]
        self.weight = nn.Parameter(torch.empty(shape[0], filters // fields["groups"], *kernel))
        self.bias = nn.Parameter(torch.empty(filters)) if fields["bias"] else None
        self.function = function(fields["activation"])
        self.stride = tuple(fields["stride"])
        self.dilation = tuple(fields["dilation"])
        self.groups = fields["groups"]
        axes = zip(shape[1:], kernel, self.stride, self.dilation, strict=True)
        cuts = [cut(fields["padding"], axis, *sizes) for axis, sizes in enumerate(axes)]
        behind = [
            extra - after for (_, after), extra in zip(cuts, fields["output_padding"], strict=True)
        ]
        self.cut = tuple(before for before, _ in cuts)
        self.more = tuple(before + after for (before, _), after in zip(cuts, behind, strict=True))
        # PyTorch's own cutting takes as much from both ends, and gives back less than a stride.
        self.even = all(
            0 <= more < max(stride, dilation)
            for more, stride, dilation in zip(self.more, self.stride, self.dilation, strict=True)
        )
        # In torch's order; a negative number cuts cells off.
        self.pad = tuple(
            cells
            for (before, _), after in zip(reversed(cuts), reversed(behind), strict=True)
            for cells in (-before, after)
        )

    def forward(self, x: Tensor) -> Tensor:
        if self.even:
            maps = type(self).compute(
                x,
                self.weight,
                self.bias,
                self.stride,
                self.cut,
                self.more,
                self.groups,
                self.dilation,
            )
            return self.function(maps)
        full = type(self).compute(
            x, self.weight, None, self.stride, 0, 0, self.groups, self.dilation
        )
        maps = F.pad(full, self.pad) if any(self.pad) else full
        if self.bias is not None:
            maps = maps + self.bias.view(-1, *[1] * (maps.dim() - 2))
        return self.function(maps)


class ConvTranspose1d(TransposedConvolution):
    """[N, C, L] → [N, F, L']."""

    compute = F.conv_transpose1d


class ConvTranspose2d(TransposedConvolution):
    """[N, C, H, W] → [N, F, H', W']."""

    compute = F.conv_transpose2d
