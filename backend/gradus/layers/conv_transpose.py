"""Transposed convolution: every input cell is spread over a window of the output."""

from collections.abc import Sequence
from math import prod
from typing import Annotated, Any, ClassVar

from pydantic import Field

from gradus.layers.conv import check_groups
from gradus.layers.layer import Example, Layer, Misfit
from gradus.layers.parametric import TORCH, Activation, Bias, Init, Trainable, WeightDecay
from gradus.layers.window import PaddingField
from gradus.planned import ParameterPlan, ReceptiveField, Shape
from gradus.section import (
    LengthPair,
    LengthSingle,
    Padding,
    PaddingSingle,
    Pair,
    Single,
    Size,
)

_PADDING = (
    "What is cut off the full output. same: down to input · stride; symmetric: (kernel − 1) / 2 on "
    "both sides; valid: nothing; or cells on each side, as PyTorch's number does."
)
_EXTRA = "Cells added behind; tells apart the sizes that one stride leads to."


def cut(
    padding: PaddingField, axis: int, size: int, kernel: int, stride: int, dilation: int
) -> tuple[int, int]:
    """Cells cut off before and behind the full output; negative ones are added.

    >>> cut("same", 0, 7, kernel=3, stride=2, dilation=1)
    (0, 1)
    """
    if not isinstance(padding, str):
        return padding[axis], padding[axis]
    reach = dilation * (kernel - 1) + 1
    if padding == "same":
        total = reach - stride
        return max(0, total) // 2, total - max(0, total) // 2
    return ((reach - 1) // 2, (reach - 1) // 2) if padding == "symmetric" else (0, 0)


class TransposedConvolution(Layer):
    """What transposed convolutions along one and two axes share."""

    family: ClassVar[str] = "conv_transpose"

    filters: Annotated[Size, Field(description="Output channels.")]
    kernel: Any
    stride: Any
    padding: Any
    output_padding: Any
    dilation: Any
    groups: Annotated[
        Size, Field(description="Channels are split into this many separate convolutions.")
    ] = 1
    activation: Activation = "identity"
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        check_groups(self.groups, inputs[0][0], self.filters)
        axes = list(zip(inputs[0][1:], self.kernel, self.stride, self.dilation, strict=True))
        sizes = []
        for axis, (size, kernel, stride, dilation) in enumerate(axes):
            full = (size - 1) * stride + dilation * (kernel - 1) + 1
            removed = sum(cut(self.padding, axis, size, kernel, stride, dilation))
            sizes.append(full - removed + self.output_padding[axis])
        if min(sizes) < 1:
            raise Misfit(
                "shape.cut",
                field="padding",
                value="same",
                expected="≥ 1",
                got=str(min(sizes)),
                type=self.type,
                shape=[self.filters, *sizes],
            )
        return (self.filters, *sizes)  # [C, …] → [filters, …]

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        shape = (inputs[0][0], self.filters // self.groups, *self.kernel)
        weight = ParameterPlan("weight", shape, self.trainable)
        if not self.bias:
            return (weight,)
        return (weight, ParameterPlan("bias", (self.filters,), self.trainable))

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        return int(prod(inputs[0]) * (self.filters // self.groups) * prod(self.kernel))

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class ConvTranspose1d(TransposedConvolution):
    """
    >>> ConvTranspose1d(filters=8, stride=2).output([(4, 10)])
    (8, 20)
    """

    type: ClassVar[str] = "conv_transpose1d"
    meaning: ClassVar[str] = "Spreads every cell of a line over a window of a longer line."
    formula: ClassVar[str] = "y[f, s·i + d·u − p] += W[c, f, u] · x[c, i], then + b[f]"
    shape_rule: ClassVar[str] = (
        "[C, L] → [filters, L'], L' = (L − 1)·s + d·(k − 1) + 1 − p + output_padding; same: L' = s·L + output_padding"
    )
    counts: ClassVar[str] = "C · filters / groups · k + filters"
    source: ClassVar[str] = (
        "Dumoulin and Visin 2016: A Guide to Convolution Arithmetic for Deep Learning"
    )
    example: ClassVar[Example] = {
        "network": {
            "input": [4, 10],
            "layers": [{"type": "conv_transpose1d", "filters": 8, "stride": 2}],
        }
    }
    ranks: ClassVar[tuple[int, ...]] = (2,)

    kernel: Annotated[Single, Field(description="Length of the window.")] = (3,)
    stride: Annotated[Single, Field(description="Distance between two windows.")] = (1,)
    padding: Annotated[PaddingSingle, Field(description=_PADDING)] = "same"
    output_padding: Annotated[LengthSingle, Field(description=_EXTRA)] = (0,)
    dilation: Annotated[Single, Field(description="Distance between two cells of a window.")] = (1,)


class ConvTranspose2d(TransposedConvolution):
    """
    >>> ConvTranspose2d(filters=8, kernel=(4, 4), stride=(2, 2), padding=(1, 1)).output([(4, 7, 7)])
    (8, 14, 14)
    """

    type: ClassVar[str] = "conv_transpose2d"
    meaning: ClassVar[str] = "Spreads every cell of a picture over a window of a larger picture."
    formula: ClassVar[str] = (
        "y[f, s·i + d·u − p, s·j + d·v − p] += W[c, f, u, v] · x[c, i, j], then + b[f]"
    )
    shape_rule: ClassVar[str] = (
        "[C, H, W] → [filters, H', W'], H' = (H − 1)·s + d·(k − 1) + 1 − p + output_padding; same: H' = s·H + output_padding"
    )
    counts: ClassVar[str] = "C · filters / groups · kh · kw + filters"
    source: ClassVar[str] = "Zeiler et al. 2010: Deconvolutional Networks"
    example: ClassVar[Example] = {
        "network": {
            "input": [4, 7, 7],
            "layers": [
                {"type": "conv_transpose2d", "filters": 8, "kernel": 4, "stride": 2, "padding": 1}
            ],
        }
    }
    ranks: ClassVar[tuple[int, ...]] = (3,)

    kernel: Annotated[Pair, Field(description="Size of the window.")] = (3, 3)
    stride: Annotated[Pair, Field(description="Distance between two windows.")] = (1, 1)
    padding: Annotated[Padding, Field(description=_PADDING)] = "same"
    output_padding: Annotated[LengthPair, Field(description=_EXTRA)] = (0, 0)
    dilation: Annotated[Pair, Field(description="Distance between two cells of a window.")] = (1, 1)
