"""Functions applied to every number by itself, and softmax over the first axis."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus.layers.layer import Layer
from gradus.section import Finite, Positive


class ActivationLayer(Layer):
    family: ClassVar[str] = "activations"


class Identity(ActivationLayer):
    type: ClassVar[str] = "identity"
    meaning: ClassVar[str] = "Leaves everything as it is."
    formula: ClassVar[str] = "y = x"


class Step(ActivationLayer):
    type: ClassVar[str] = "step"
    meaning: ClassVar[str] = "1 for positive numbers, 0 otherwise; its gradient is 0 everywhere."
    formula: ClassVar[str] = "y = 1 if x > 0 else 0"


class Sigmoid(ActivationLayer):
    type: ClassVar[str] = "sigmoid"
    meaning: ClassVar[str] = "Squeezes every number between 0 and 1."
    formula: ClassVar[str] = "y = 1 / (1 + exp(−x))"


class Tanh(ActivationLayer):
    type: ClassVar[str] = "tanh"
    meaning: ClassVar[str] = "Squeezes every number between −1 and 1."
    formula: ClassVar[str] = "y = (exp(x) − exp(−x)) / (exp(x) + exp(−x))"


class Relu(ActivationLayer):
    type: ClassVar[str] = "relu"
    meaning: ClassVar[str] = "Keeps positive numbers, sets the others to 0."
    formula: ClassVar[str] = "y = max(0, x)"


class LeakyRelu(ActivationLayer):
    type: ClassVar[str] = "leaky_relu"
    meaning: ClassVar[str] = "Keeps positive numbers, makes the others small."
    formula: ClassVar[str] = "y = x if x > 0 else negative_slope · x"

    negative_slope: Annotated[Finite, Field(description="Slope left of 0.")] = 0.01


class Elu(ActivationLayer):
    type: ClassVar[str] = "elu"
    meaning: ClassVar[str] = "Keeps positive numbers, bends the others smoothly towards −alpha."
    formula: ClassVar[str] = "y = x if x > 0 else alpha · (exp(x) − 1)"

    alpha: Positive = 1.0


class Gelu(ActivationLayer):
    type: ClassVar[str] = "gelu"
    meaning: ClassVar[str] = "Weighs each number by the normal probability of a smaller one."
    formula: ClassVar[str] = "y = x · Φ(x)"

    approximate: Annotated[
        Literal["none", "tanh"], Field(description="Exact, or the older approximation by tanh.")
    ] = "none"


class Silu(ActivationLayer):
    type: ClassVar[str] = "silu"
    meaning: ClassVar[str] = "Weighs each number by its own sigmoid."
    formula: ClassVar[str] = "y = x / (1 + exp(−x))"


class Softmax(ActivationLayer):
    type: ClassVar[str] = "softmax"
    meaning: ClassVar[str] = "Turns the numbers along the first axis into shares that add up to 1."
    formula: ClassVar[str] = "y[c] = exp(x[c]) / Σ exp(x[k])"
