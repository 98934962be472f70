"""Layers that only rearrange."""

from collections.abc import Sequence
from math import prod
from typing import ClassVar

from gradus.layers.layer import Layer
from gradus.planned import ReceptiveField, Shape


class Flatten(Layer):
    """
    >>> Flatten().output([(32, 2, 2)])
    (128,)
    """

    type: ClassVar[str] = "flatten"
    family: ClassVar[str] = "shape"
    meaning: ClassVar[str] = (
        "Lays all numbers of a sample in one row, the last axis running fastest."
    )
    formula: ClassVar[str] = "y[(c·H + i)·W + j] = x[c, i, j]"

    def output(self, inputs: Sequence[Shape]) -> Shape:
        return (prod(inputs[0]),)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None
