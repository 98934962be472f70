"""The position-wise feed-forward net of a Transformer."""

from collections.abc import Sequence
from math import prod
from typing import Annotated, ClassVar

from pydantic import Field

from gradus.layers.layer import Example, Layer, check_known
from gradus.layers.parametric import TORCH, Activation, Bias, Init, Trainable, WeightDecay
from gradus.planned import ParameterPlan, ReceptiveField, Shape
from gradus.section import Size


class FeedForward(Layer):
    """Two linear layers at every step alike (Vaswani et al. 2017).

    >>> [p.shape for p in FeedForward(hidden=64).parameters([(7, 16)])]
    [(64, 16), (64,), (16, 64), (16,)]
    """

    type: ClassVar[str] = "feed_forward"
    family: ClassVar[str] = "feed_forward"
    meaning: ClassVar[str] = "Passes every step through the same two linear layers."
    formula: ClassVar[str] = "y = W₂ activation(W₁ x + b₁) + b₂"
    counts: ClassVar[str] = "2 · N · hidden + hidden + N"
    source: ClassVar[str] = "Vaswani et al. 2017: Attention Is All You Need"
    example: ClassVar[Example] = {
        "network": {"input": [7, 16], "layers": [{"type": "feed_forward", "hidden": 64}]}
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)
    any_length: ClassVar[bool] = True

    hidden: Annotated[Size, Field(description="Width between the two.")]
    activation: Activation = "relu"
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        check_known(self, inputs[0][-1:], inputs[0])
        return inputs[0]

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        units = inputs[0][-1]
        shapes: dict[str, Shape] = {"hidden_weight": (self.hidden, units)}
        if self.bias:
            shapes["hidden_bias"] = (self.hidden,)
        shapes["output_weight"] = (units, self.hidden)
        if self.bias:
            shapes["output_bias"] = (units,)
        return tuple(ParameterPlan(name, shape, self.trainable) for name, shape in shapes.items())

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        return 2 * prod(inputs[0]) * self.hidden

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        return 3 * prod(inputs[0][:-1]) * self.hidden

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None
