"""Convolution along one axis and over pictures."""

from collections.abc import Sequence
from math import gcd, prod
from typing import Annotated, Any, ClassVar

from pydantic import Field

from gradus.layers.layer import Example, Layer, Misfit
from gradus.layers.parametric import TORCH, Activation, Bias, Init, Trainable, WeightDecay
from gradus.layers.window import slide, widen
from gradus.planned import ParameterPlan, ReceptiveField, Shape
from gradus.section import Flag, Padding, PaddingSingle, Pair, Single, Size

_KERNEL = "Size of the window: one number or [height, width]."
_STRIDE = "Distance between two windows."
_DILATION = "Distance between two cells of a window."
_PADDING = (
    "same: as TensorFlow, output = ceil(input / stride); symmetric: as much on both sides; "
    "valid: none; or cells on each side, one number or [height, width]."
)


class Convolution(Layer):
    """What convolutions along one and two axes share."""

    family: ClassVar[str] = "conv"

    filters: Annotated[Size, Field(description="Output channels.")]
    kernel: Any
    stride: Any
    padding: Any
    dilation: Any
    groups: Annotated[
        Size, Field(description="Channels are split into this many separate convolutions.")
    ] = 1
    flip: Annotated[
        Flag,
        Field(
            description="Whether each kernel is turned round first, as mathematics defines it; "
            "networks leave it as it is."
        ),
    ] = False
    activation: Activation = "identity"
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        check_groups(self.groups, inputs[0][0], self.filters)
        # [C, …] → [filters, …]
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
        return int(prod(output) * (inputs[0][0] // self.groups) * prod(self.kernel))

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return widen(fields[0], self.kernel, self.stride, self.dilation)


class Conv1d(Convolution):
    """Small kernels slid along one axis of [C, L].

    >>> Conv1d(filters=8, kernel=5, padding="valid").output([(4, 20)])
    (8, 16)
    """

    type: ClassVar[str] = "conv1d"
    meaning: ClassVar[str] = "Slides small kernels along a line; each gives one row of responses."
    formula: ClassVar[str] = "y[f, i] = activation(Σ W[f, c, u] · x[c, s·i + d·u − p] + b[f])"
    shape_rule: ClassVar[str] = (
        "[C, L] → [filters, L'], L' = ⌊(L + p − d·(k − 1) − 1) / s⌋ + 1; same: L' = ⌈L / s⌉"
    )
    counts: ClassVar[str] = "filters · C / groups · k + filters"
    source: ClassVar[str] = (
        "Waibel et al. 1989: Phoneme Recognition Using Time-Delay Neural Networks"
    )
    example: ClassVar[Example] = {
        "network": {
            "input": [4, 20],
            "layers": [{"type": "conv1d", "filters": 8, "kernel": 5, "padding": "valid"}],
        }
    }
    ranks: ClassVar[tuple[int, ...]] = (2,)

    kernel: Annotated[Single, Field(description="Length of the window.")] = (3,)
    stride: Annotated[Single, Field(description=_STRIDE)] = (1,)
    padding: Annotated[PaddingSingle, Field(description=_PADDING)] = "same"
    dilation: Annotated[Single, Field(description=_DILATION)] = (1,)


class Conv2d(Convolution):
    """Small kernels slid over a picture [C, H, W].

    >>> Conv2d(filters=16, kernel=(5, 5), stride=(2, 2)).output([(3, 32, 32)])
    (16, 16, 16)
    """

    type: ClassVar[str] = "conv2d"
    meaning: ClassVar[str] = (
        "Slides small kernels over a picture; each gives one map of where it responds."
    )
    formula: ClassVar[str] = (
        "y[f, i, j] = activation(Σ W[f, c, u, v] · x[c, s·i + d·u − p, s·j + d·v − p] + b[f])"
    )
    shape_rule: ClassVar[str] = (
        "[C, H, W] → [filters, H', W'], H' = ⌊(H + p − d·(k − 1) − 1) / s⌋ + 1; same: H' = ⌈H / s⌉"
    )
    counts: ClassVar[str] = "filters · C / groups · kh · kw + filters"
    source: ClassVar[str] = (
        "LeCun et al. 1998: Gradient-Based Learning Applied to Document Recognition"
    )
    example: ClassVar[Example] = {
        "network": {
            "input": [3, 32, 32],
            "layers": [{"type": "conv2d", "filters": 16, "kernel": 5, "stride": 2}],
        }
    }
    ranks: ClassVar[tuple[int, ...]] = (3,)

    kernel: Annotated[Pair, Field(description=_KERNEL)] = (3, 3)
    stride: Annotated[Pair, Field(description=_STRIDE)] = (1, 1)
    padding: Annotated[Padding, Field(description=_PADDING)] = "same"
    dilation: Annotated[Pair, Field(description=_DILATION)] = (1, 1)


def check_groups(groups: int, channels: int, filters: int) -> None:
    """Raises Misfit where `groups` does not divide both counts of channels."""
    if channels % groups or filters % groups:
        raise Misfit(
            "shape.groups",
            field="groups",
            value=1,
            expected=", ".join(str(each) for each in _common(channels, filters)),
            got=str(groups),
            groups=groups,
            channels=channels,
            filters=filters,
        )


def _common(first: int, second: int) -> list[int]:
    """The smallest numbers that divide both."""
    shared = gcd(first, second)
    return [each for each in range(1, min(shared, 1024) + 1) if shared % each == 0][:8]
