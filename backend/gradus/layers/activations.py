"""Functions applied to every number by itself, and those over the first axis: softmax, maxout."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gradus.layers.layer import Example, Layer, Misfit, check_known
from gradus.layers.parametric import Trainable
from gradus.planned import ParameterPlan, Shape
from gradus.section import Finite, Positive, Size


class ActivationLayer(Layer):
    any_length: ClassVar[bool] = True
    family: ClassVar[str] = "activations"


class Identity(ActivationLayer):
    type: ClassVar[str] = "identity"
    meaning: ClassVar[str] = "Leaves everything as it is."
    formula: ClassVar[str] = "y = x"
    example: ClassVar[Example] = {"network": {"input": [4], "layers": ["identity"]}}


class Step(ActivationLayer):
    type: ClassVar[str] = "step"
    meaning: ClassVar[str] = "1 for positive numbers, 0 otherwise; its gradient is 0 everywhere."
    formula: ClassVar[str] = "y = 1 if x > 0 else 0"
    source: ClassVar[str] = (
        "McCulloch and Pitts 1943: A Logical Calculus of the Ideas Immanent in Nervous Activity"
    )
    example: ClassVar[Example] = {"network": {"input": [4], "layers": ["step"]}}


class Sigmoid(ActivationLayer):
    type: ClassVar[str] = "sigmoid"
    meaning: ClassVar[str] = "Squeezes every number between 0 and 1."
    formula: ClassVar[str] = "y = 1 / (1 + exp(−x))"
    source: ClassVar[str] = (
        "Rumelhart et al. 1986: Learning Representations by Back-Propagating Errors"
    )
    example: ClassVar[Example] = {"network": {"input": [4], "layers": ["sigmoid"]}}


class Tanh(ActivationLayer):
    type: ClassVar[str] = "tanh"
    meaning: ClassVar[str] = "Squeezes every number between −1 and 1."
    formula: ClassVar[str] = "y = (exp(x) − exp(−x)) / (exp(x) + exp(−x))"
    source: ClassVar[str] = "LeCun et al. 1998: Efficient BackProp"
    example: ClassVar[Example] = {"network": {"input": [4], "layers": ["tanh"]}}


class Relu(ActivationLayer):
    type: ClassVar[str] = "relu"
    meaning: ClassVar[str] = "Keeps positive numbers, sets the others to 0."
    formula: ClassVar[str] = "y = max(0, x)"
    source: ClassVar[str] = (
        "Nair and Hinton 2010: Rectified Linear Units Improve Restricted Boltzmann Machines"
    )
    example: ClassVar[Example] = {"network": {"input": [4], "layers": ["relu"]}}


class LeakyRelu(ActivationLayer):
    type: ClassVar[str] = "leaky_relu"
    meaning: ClassVar[str] = "Keeps positive numbers, makes the others small."
    formula: ClassVar[str] = "y = x if x > 0 else negative_slope · x"
    source: ClassVar[str] = (
        "Maas et al. 2013: Rectifier Nonlinearities Improve Neural Network Acoustic Models"
    )
    example: ClassVar[Example] = {
        "network": {"input": [4], "layers": [{"type": "leaky_relu", "negative_slope": 0.1}]}
    }

    negative_slope: Annotated[Finite, Field(description="Slope left of 0.")] = 0.01


class Elu(ActivationLayer):
    type: ClassVar[str] = "elu"
    meaning: ClassVar[str] = "Keeps positive numbers, bends the others smoothly towards −alpha."
    formula: ClassVar[str] = "y = x if x > 0 else alpha · (exp(x) − 1)"
    source: ClassVar[str] = (
        "Clevert et al. 2016: Fast and Accurate Deep Network Learning by Exponential Linear Units"
    )
    example: ClassVar[Example] = {"network": {"input": [4], "layers": ["elu"]}}

    alpha: Annotated[Positive, Field(description="Far left of 0 the output nears −alpha.")] = 1.0


class Gelu(ActivationLayer):
    type: ClassVar[str] = "gelu"
    meaning: ClassVar[str] = "Weighs each number by the normal probability of a smaller one."
    formula: ClassVar[str] = "y = x · Φ(x)"
    source: ClassVar[str] = "Hendrycks and Gimpel 2016: Gaussian Error Linear Units"
    example: ClassVar[Example] = {"network": {"input": [4], "layers": ["gelu"]}}

    approximate: Annotated[
        Literal["none", "tanh"], Field(description="Exact, or the older approximation by tanh.")
    ] = "none"


class Silu(ActivationLayer):
    type: ClassVar[str] = "silu"
    meaning: ClassVar[str] = "Weighs each number by its own sigmoid."
    formula: ClassVar[str] = "y = x / (1 + exp(−x))"
    source: ClassVar[str] = (
        "Elfwing et al. 2018: Sigmoid-Weighted Linear Units for Neural Network Function Approximation"
    )
    example: ClassVar[Example] = {"network": {"input": [4], "layers": ["silu"]}}


class Softmax(ActivationLayer):
    type: ClassVar[str] = "softmax"
    meaning: ClassVar[str] = "Turns the numbers along the first axis into shares that add up to 1."
    formula: ClassVar[str] = "y[c] = exp(x[c]) / Σ exp(x[k])"
    source: ClassVar[str] = (
        "Bridle 1990: Probabilistic Interpretation of Feedforward Classification Network Outputs"
    )
    example: ClassVar[Example] = {"network": {"input": [10], "layers": ["softmax"]}}


class LogSoftmax(ActivationLayer):
    type: ClassVar[str] = "log_softmax"
    meaning: ClassVar[str] = (
        "The logarithm of softmax, computed without leaving the numbers' range."
    )
    formula: ClassVar[str] = "y[c] = x[c] − log Σ exp(x[k])"
    source: ClassVar[str] = "Goodfellow, Bengio and Courville 2016: Deep Learning, section 4.1"
    example: ClassVar[Example] = {"network": {"input": [10], "layers": ["log_softmax"]}}


class Prelu(ActivationLayer):
    """Leaky ReLU whose slope is learned (He et al. 2015).

    >>> Prelu(slopes="channel").parameters([(16, 8, 8)])[0].shape
    (16,)
    """

    type: ClassVar[str] = "prelu"
    meaning: ClassVar[str] = "Keeps positive numbers; learns what the others are multiplied by."
    formula: ClassVar[str] = "y = x if x > 0 else a · x"
    counts: ClassVar[str] = "shared: 1; channel: C"
    source: ClassVar[str] = "He et al. 2015: Delving Deep into Rectifiers"
    example: ClassVar[Example] = {
        "network": {"input": [16, 8, 8], "layers": [{"type": "prelu", "slopes": "channel"}]}
    }

    slopes: Annotated[
        Literal["shared", "channel"], Field(description="One slope for all, or one a channel.")
    ] = "shared"
    start: Annotated[Finite, Field(description="What the slopes begin with.")] = 0.25
    trainable: Trainable = True

    def output(self, inputs: Sequence[Shape]) -> Shape:
        if self.slopes == "channel":
            check_known(self, inputs[0][:1], inputs[0])
        return inputs[0]

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        count = inputs[0][0] if self.slopes == "channel" else 1
        return (ParameterPlan("weight", (count,), self.trainable),)


class Rrelu(ActivationLayer):
    """Leaky ReLU with a random slope while training, the middle one after (Xu et al. 2015)."""

    type: ClassVar[str] = "rrelu"
    meaning: ClassVar[str] = "Keeps positive numbers; makes the others small by a random slope."
    formula: ClassVar[str] = "y = x if x > 0 else a · x, a even between lower and upper"
    source: ClassVar[str] = (
        "Xu et al. 2015: Empirical Evaluation of Rectified Activations in Convolutional Network"
    )
    example: ClassVar[Example] = {"network": {"input": [4], "layers": ["rrelu"]}}

    lower: Annotated[Finite, Field(description="Smallest slope.")] = 0.125
    upper: Annotated[Finite, Field(description="Largest slope.")] = 1 / 3

    @model_validator(mode="after")
    def _order(self) -> "Rrelu":
        if self.lower > self.upper:
            raise PydanticCustomError("rrelu.bounds", "lower must not be greater than upper")
        return self


class Maxout(Layer):
    """The largest of several neighbours (Goodfellow et al. 2013); it follows a linear layer or a
    convolution with `pieces` times as many outputs.

    >>> Maxout(pieces=2).output([(16, 8, 8)])
    (8, 8, 8)
    """

    type: ClassVar[str] = "maxout"
    family: ClassVar[str] = "activations"
    meaning: ClassVar[str] = "Keeps the largest of every few neighbouring channels."
    formula: ClassVar[str] = "y[c] = max x[pieces·c + k], k from 0 to pieces − 1"
    shape_rule: ClassVar[str] = "[C, …] → [C / pieces, …]"
    source: ClassVar[str] = "Goodfellow et al. 2013: Maxout Networks"
    example: ClassVar[Example] = {
        "network": {"input": [16, 8, 8], "layers": [{"type": "maxout", "pieces": 2}]}
    }

    pieces: Annotated[Size, Field(description="How many channels become one.")] = 2

    def output(self, inputs: Sequence[Shape]) -> Shape:
        channels, *rest = inputs[0]
        if channels % self.pieces:
            raise Misfit(
                "shape.divides",
                field="pieces",
                value=1,
                got=str(self.pieces),
                field_name="pieces",
                number=self.pieces,
                channels=channels,
            )
        return (channels // self.pieces, *rest)
