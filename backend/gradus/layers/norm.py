"""Normalization."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from gradus.layers.layer import Layer
from gradus.layers.parametric import Activation, Trainable
from gradus.planned import ParameterPlan, Shape
from gradus.section import Flag, Positive

Share = Annotated[float, Field(strict=True, gt=0, le=1, allow_inf_nan=False)]


class BatchNorm(Layer):
    """Normalization over the batch (Ioffe and Szegedy 2015), of [C] or [C, ...].

    >>> [p.name for p in BatchNorm().parameters([(16, 8, 8)])]
    ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']
    """

    type: ClassVar[str] = "batch_norm"
    family: ClassVar[str] = "norm"
    meaning: ClassVar[str] = (
        "Gives each channel mean 0 and variance 1 over the batch, then scales and shifts it."
    )
    formula: ClassVar[str] = "y = γ (x − mean) / sqrt(variance + eps) + β"

    momentum: Annotated[
        Share, Field(description="Weight of a new batch in the running statistics.")
    ] = 0.1
    eps: Positive = 1e-5
    affine: Annotated[Flag, Field(description="Whether scale γ and shift β are learned.")] = True
    activation: Activation = "identity"
    trainable: Trainable = True

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        channels = inputs[0][:1]
        learned = tuple(
            ParameterPlan(name, channels, self.trainable) for name in ("weight", "bias")
        )
        running = tuple(
            ParameterPlan(name, shape, trainable=False, buffer=True)
            for name, shape in (
                ("running_mean", channels),
                ("running_var", channels),
                ("num_batches_tracked", ()),
            )
        )
        return (*learned, *running) if self.affine else running
