"""How the learning rate changes as epochs go by; each gives a share of the rate that is set."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from gradus.section import Fraction, Positive, Section, named
from gradus.steering import Steering

Epochs = Annotated[float, Field(strict=True, gt=0, le=1e7, allow_inf_nan=False)]
Factor = Annotated[float, Field(strict=True, gt=0, lt=1, allow_inf_nan=False)]
Floor = Annotated[Fraction, Field(description="Share of the rate that is left at the end.")]


class Constant(Section):
    """The same rate throughout."""

    type: Literal["constant"] = "constant"


class Step(Section):
    """The rate is multiplied by gamma after every so many epochs."""

    type: Literal["step"] = "step"
    every: Annotated[Epochs, Field(description="Epochs from one fall to the next.")] = 10.0
    gamma: Annotated[Positive, Field(description="What the rate is multiplied by.")] = 0.1


class Exponential(Section):
    """The rate is multiplied by gamma after every epoch."""

    type: Literal["exponential"] = "exponential"
    gamma: Annotated[Positive, Field(description="What the rate is multiplied by.")] = 0.95


class Cosine(Section):
    """Half a cosine from the whole rate to its floor (Loshchilov and Hutter 2017)."""

    type: Literal["cosine"] = "cosine"
    floor: Floor = 0.0


class OneCycle(Section):
    """Up to the whole rate, then down far below its start (Smith and Topin 2018), both by cosines."""

    type: Literal["one_cycle"] = "one_cycle"
    rise: Annotated[Fraction, Field(description="Share of the epochs in which it rises.")] = 0.3
    start: Annotated[Fraction, Field(description="Share of the rate that it starts with.")] = 0.04
    floor: Floor = 4e-6


class Warmup(Section):
    """A straight rise to the whole rate, which then stays or falls with the root of time."""

    type: Literal["warmup"] = "warmup"
    epochs: Annotated[Epochs, Field(description="Epochs until the whole rate is reached.")] = 1.0
    start: Annotated[Fraction, Field(description="Share of the rate that it starts with.")] = 0.1
    after: Annotated[
        Literal["constant", "inverse_sqrt"],
        Field(description="inverse_sqrt falls as in the Transformer (Vaswani et al. 2017)."),
    ] = "constant"


class Plateau(Steering):
    """The rate falls each time a measure has not improved for so many epochs."""

    type: Literal["plateau"] = "plateau"
    factor: Annotated[Factor, Field(description="What the rate is multiplied by.")] = 0.1
    cooldown: Annotated[
        int,
        Field(
            strict=True, ge=0, le=10_000_000, description="Epochs after a fall that do not count."
        ),
    ] = 0
    floor: Floor = 0.0


_Kinds = Annotated[
    Constant | Step | Exponential | Cosine | OneCycle | Warmup | Plateau,
    Field(discriminator="type"),
]
_Names = Literal["constant", "step", "exponential", "cosine", "one_cycle", "warmup", "plateau"]
Schedule = Annotated[_Kinds, BeforeValidator(named, json_schema_input_type=_Names | _Kinds)]
