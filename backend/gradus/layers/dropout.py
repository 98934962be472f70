"""Dropout."""

from typing import Annotated, ClassVar

from pydantic import Field

from gradus.layers.layer import Layer

Rate = Annotated[
    float,
    Field(
        strict=True, ge=0, lt=1, allow_inf_nan=False, description="Share of the units switched off."
    ),
]


class Dropout(Layer):
    """Dropout (Srivastava et al. 2014), inverted: nothing is scaled in evaluation."""

    type: ClassVar[str] = "dropout"
    family: ClassVar[str] = "dropout"
    meaning: ClassVar[str] = "Switches off a random share of the units at each training step."
    formula: ClassVar[str] = "y = m ∘ x / (1 − rate), each m is 0 with probability rate"

    rate: Rate = 0.5
