"""The fully connected layer."""

from collections.abc import Sequence
from math import prod
from typing import Annotated, ClassVar

from pydantic import Field

from gradus.layers.layer import Example, Layer, check_known
from gradus.layers.parametric import TORCH, Activation, Bias, Init, Trainable, WeightDecay
from gradus.planned import ParameterPlan, ReceptiveField, Shape
from gradus.section import Size

Units = Annotated[
    Size | None, Field(description="Outputs; the last layer may take them from the data.")
]


class Linear(Layer):
    """Weighted sums of all inputs.

    >>> Linear(units=3).output([(4,)])
    (3,)
    """

    type: ClassVar[str] = "linear"
    any_length: ClassVar[bool] = True
    family: ClassVar[str] = "linear"
    meaning: ClassVar[str] = "Each output is a weighted sum of all inputs plus a bias."
    formula: ClassVar[str] = "y = activation(W x + b)"
    shape_rule: ClassVar[str] = "[…, N] → […, units]"
    counts: ClassVar[str] = "units · N + units"
    source: ClassVar[str] = "Rosenblatt 1958: The Perceptron"
    example: ClassVar[Example] = {
        "network": {"input": [4], "layers": [{"type": "linear", "units": 3}]}
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)

    units: Units = None
    activation: Activation = "identity"
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def needs_size(self) -> bool:
        return self.units is None

    def sized(self, size: int) -> "Linear":
        return self.model_copy(update={"units": size})

    def output(self, inputs: Sequence[Shape]) -> Shape:
        check_known(self, inputs[0][-1:], inputs[0])
        return (*inputs[0][:-1], self.units or 1)  # [..., inputs] → [..., units]

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        units = self.units or 1
        weight = ParameterPlan("weight", (units, inputs[0][-1]), self.trainable)
        return (weight, ParameterPlan("bias", (units,), self.trainable)) if self.bias else (weight,)

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        return prod(output) * inputs[0][-1]

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None
