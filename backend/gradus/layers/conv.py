"""Convolution over pictures."""

from collections.abc import Sequence
from math import gcd, prod
from typing import Annotated, ClassVar

from pydantic import Field

from gradus.layers.layer import Layer, Misfit
from gradus.layers.parametric import TORCH, Activation, Bias, Init, Trainable
from gradus.layers.window import slide, widen
from gradus.planned import ParameterPlan, ReceptiveField, Shape
from gradus.section import Padding, Pair, Size


class Conv2d(Layer):
    """Small kernels slid over a picture [C, H, W].

    >>> Conv2d(filters=16, kernel=(5, 5), stride=(2, 2)).output([(3, 32, 32)])
    (16, 16, 16)
    """

    type: ClassVar[str] = "conv2d"
    family: ClassVar[str] = "conv"
    meaning: ClassVar[str] = (
        "Slides small kernels over a picture; each gives one map of where it responds."
    )
    formula: ClassVar[str] = (
        "y[f, i, j] = activation(Σ W[f, c, u, v] · x[c, s·i + d·u − p, s·j + d·v − p] + b[f])"
    )
    ranks: ClassVar[tuple[int, ...]] = (3,)

    filters: Annotated[Size, Field(description="Output channels.")]
    kernel: Annotated[
        Pair, Field(description="Size of the window: one number or [height, width].")
    ] = (3, 3)
    stride: Annotated[Pair, Field(description="Distance between two windows.")] = (1, 1)
    padding: Annotated[
        Padding,
        Field(
            description="same: as TensorFlow, output = ceil(input / stride); symmetric: as much on "
            "both sides; valid: none; or cells on each side, one number or [height, width]."
        ),
    ] = "same"
    dilation: Annotated[Pair, Field(description="Distance between two cells of a window.")] = (1, 1)
    groups: Annotated[
        Size, Field(description="Channels are split into this many separate convolutions.")
    ] = 1
    activation: Activation = "identity"
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True

    def output(self, inputs: Sequence[Shape]) -> Shape:
        channels = inputs[0][0]
        if channels % self.groups or self.filters % self.groups:
            raise Misfit(
                "shape.groups",
                field="groups",
                value=1,
                expected=", ".join(str(each) for each in _common(channels, self.filters)),
                got=str(self.groups),
                groups=self.groups,
                channels=channels,
                filters=self.filters,
            )
        # [C, H, W] → [filters, H', W']
        return (
            self.filters,
            *slide(self.type, inputs[0], self.kernel, self.stride, self.padding, self.dilation),
        )

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        weight = ParameterPlan(
            "weight", (self.filters, inputs[0][0] // self.groups, *self.kernel), self.trainable
        )
        if not self.bias:
            return (weight,)
        return (weight, ParameterPlan("bias", (self.filters,), self.trainable))

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        return prod(output) * (inputs[0][0] // self.groups) * prod(self.kernel)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return widen(fields[0], self.kernel, self.stride, self.dilation)


def _common(first: int, second: int) -> list[int]:
    """The smallest numbers that divide both."""
    shared = gcd(first, second)
    return [each for each in range(1, min(shared, 1024) + 1) if shared % each == 0][:8]
