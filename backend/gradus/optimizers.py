"""Update rules, with PyTorch's names and defaults."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from gradus.section import Flag, Fraction, NotNegative, Positive, Section, named

Beta = Annotated[float, Field(strict=True, ge=0, lt=1, allow_inf_nan=False)]
# Up to what a float32 holds: a rate that makes any training diverge can be tried, and seen.
Rate = Annotated[
    float,
    Field(
        strict=True,
        gt=0,
        le=1e38,
        allow_inf_nan=False,
        description="How large an update is, before the schedule.",
    ),
]
Small = Annotated[Positive, Field(description="Keeps a quotient finite.")]


class Sgd(Section):
    """Stochastic gradient descent, with momentum as torch has it."""

    type: Literal["sgd"] = "sgd"
    learning_rate: Rate = 0.01
    momentum: Annotated[Beta, Field(description="Share of the last update that goes on.")] = 0.0
    dampening: Annotated[
        Beta, Field(description="Share of the gradient held back; 0.9 with momentum 0.9 averages.")
    ] = 0.0
    nesterov: Annotated[Flag, Field(description="Whether it looks ahead (Nesterov 1983).")] = False

    @model_validator(mode="after")
    def _momentum(self) -> "Sgd":
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            raise PydanticCustomError("train.nesterov", "nesterov needs momentum and no dampening")
        return self


class Adagrad(Section):
    """Each rate falls with the root of its squared gradients so far (Duchi et al. 2011)."""

    type: Literal["adagrad"] = "adagrad"
    learning_rate: Rate = 0.01
    lr_decay: Annotated[
        NotNegative, Field(description="The rate is divided by 1 + lr_decay · (step − 1).")
    ] = 0.0
    start: Annotated[NotNegative, Field(description="What the sums of squares begin with.")] = 0.0
    eps: Small = 1e-10


class Adadelta(Section):
    """Steps as long as the last ones were, by the gradients' size (Zeiler 2012)."""

    type: Literal["adadelta"] = "adadelta"
    learning_rate: Rate = 1.0
    rho: Annotated[Beta, Field(description="How long both running means remember.")] = 0.9
    eps: Small = 1e-6


class Rmsprop(Section):
    """Gradients divided by the root of their running mean square (Tieleman and Hinton 2012)."""

    type: Literal["rmsprop"] = "rmsprop"
    learning_rate: Rate = 0.01
    alpha: Annotated[Beta, Field(description="How long the mean square remembers.")] = 0.99
    eps: Small = 1e-8
    momentum: Annotated[Beta, Field(description="Share of the last update that goes on.")] = 0.0
    centered: Annotated[
        Flag, Field(description="Whether the variance stands for the mean square.")
    ] = False


class Adam(Section):
    """Adam (Kingma and Ba 2015)."""

    type: Literal["adam"] = "adam"
    learning_rate: Rate = 0.001
    betas: Annotated[
        tuple[Beta, Beta], Field(description="How long the mean and the mean square remember.")
    ] = (0.9, 0.999)
    eps: Small = 1e-8


class AdamW(Section):
    """Adam whose weight decay stands beside the gradient (Loshchilov and Hutter 2019)."""

    type: Literal["adamw"] = "adamw"
    learning_rate: Rate = 0.001
    betas: Annotated[
        tuple[Beta, Beta], Field(description="How long the mean and the mean square remember.")
    ] = (0.9, 0.999)
    eps: Small = 1e-8
    weight_decay: Annotated[
        NotNegative,
        Field(description="Every parameter shrinks by learning_rate · weight_decay a step."),
    ] = 0.01


class Perceptron(Section):
    """The last layer's weights go by (target − answer) · input, answers being 0 and 1 (Rosenblatt
    1958). It follows no losses, and what stands before the last layer stays as it is."""

    type: Literal["perceptron"] = "perceptron"
    learning_rate: Rate = 1.0


class Kmeans(Section):
    """The rows of the last layer's weights are centres, each the mean of the samples nearest to it:
    all of them (Lloyd 1982), or those drawn so far (Sculley 2010). Targets are not read."""

    # Why a linear layer: with biases −|w|²/2 its outputs w·x − |w|²/2 are largest where |x − w| is
    # least, so its answer is the nearest centre, and everything that draws a linear layer draws this.
    type: Literal["kmeans"] = "kmeans"
    learning_rate: Annotated[
        Fraction, Field(gt=0, description="Share of the way to its mean that a centre goes.")
    ] = 1.0
    start: Annotated[
        Literal["spread", "sampled"],
        Field(
            description="Samples that the centres begin at: far from each other (k-means++, Arthur "
            "and Vassilvitskii 2007), or any."
        ),
    ] = "spread"


_Rules = Annotated[
    Sgd | Adagrad | Adadelta | Rmsprop | Adam | AdamW | Perceptron | Kmeans,
    Field(discriminator="type"),
]
_Names = Literal["sgd", "adagrad", "adadelta", "rmsprop", "adam", "adamw", "perceptron", "kmeans"]
Optimizer = Annotated[_Rules, BeforeValidator(named, json_schema_input_type=_Names | _Rules)]


_SLOTS = {"adagrad": 1, "adadelta": 3, "adam": 2, "adamw": 2, "perceptron": 0, "kmeans": 2}


def slots(optimizer: Mapping[str, Any]) -> int:
    """Numbers that an update rule, its defaults written out, keeps for each parameter."""
    match optimizer["type"]:
        case "sgd":
            return int(bool(optimizer["momentum"]))
        case "rmsprop":
            return 1 + bool(optimizer["centered"]) + bool(optimizer["momentum"])
    return _SLOTS[str(optimizer["type"])]
