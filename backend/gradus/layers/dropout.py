"""Dropout, and other noise that is there only while a network trains."""

from typing import Annotated, ClassVar

from pydantic import Field

from gradus.layers.layer import Example, Layer
from gradus.section import NotNegative

Rate = Annotated[
    float,
    Field(
        strict=True, ge=0, lt=1, allow_inf_nan=False, description="Share of the units switched off."
    ),
]


class Dropout(Layer):
    """Dropout (Srivastava et al. 2014), inverted: nothing is scaled in evaluation."""

    type: ClassVar[str] = "dropout"
    any_length: ClassVar[bool] = True
    family: ClassVar[str] = "dropout"
    meaning: ClassVar[str] = "Switches off a random share of the units at each training step."
    formula: ClassVar[str] = "y = m ∘ x / (1 − rate), each m is 0 with probability rate"
    source: ClassVar[str] = (
        "Srivastava et al. 2014: Dropout: A Simple Way to Prevent Neural Networks from Overfitting"
    )
    example: ClassVar[Example] = {
        "network": {"input": [64], "layers": [{"type": "dropout", "rate": 0.5}]}
    }

    rate: Rate = 0.5


class Dropout2d(Layer):
    """Spatial dropout (Tompson et al. 2015), inverted: nothing is scaled in evaluation."""

    type: ClassVar[str] = "dropout2d"
    family: ClassVar[str] = "dropout"
    meaning: ClassVar[str] = "Switches off a random share of whole maps at each training step."
    formula: ClassVar[str] = "y[c] = m[c] · x[c] / (1 − rate), each m[c] is 0 with probability rate"
    source: ClassVar[str] = (
        "Tompson et al. 2015: Efficient Object Localization Using Convolutional Networks"
    )
    example: ClassVar[Example] = {
        "network": {"input": [16, 8, 8], "layers": [{"type": "dropout2d", "rate": 0.2}]}
    }
    ranks: ClassVar[tuple[int, ...]] = (3, 2)

    rate: Rate = 0.5


class GaussianNoise(Layer):
    """Normal noise while training; nothing in evaluation."""

    type: ClassVar[str] = "gaussian_noise"
    any_length: ClassVar[bool] = True
    family: ClassVar[str] = "dropout"
    meaning: ClassVar[str] = "Adds normal noise to every number at each training step."
    formula: ClassVar[str] = "y = x + n, n normal with mean 0 and deviation std"
    source: ClassVar[str] = (
        "Bishop 1995: Training with Noise is Equivalent to Tikhonov Regularization"
    )
    example: ClassVar[Example] = {
        "network": {"input": [64], "layers": [{"type": "gaussian_noise", "std": 0.1}]}
    }

    std: Annotated[NotNegative, Field(description="Standard deviation of the noise.")] = 0.1
