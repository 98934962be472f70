"""Both ends of `each`: what stands between them sees one slice of the first axis as its sample.

No document names them: `each` expands to them, and the resolved form holds them.
"""

from collections.abc import Sequence
from typing import ClassVar

from gradus.layers.layer import Layer
from gradus.planned import ReceptiveField, Shape


class EachStart(Layer):
    """
    >>> EachStart().output([(5, 7, 16)])
    (7, 16)
    """

    type: ClassVar[str] = "each_start"
    carries: ClassVar[bool] = True
    family: ClassVar[str] = "each"
    ranks: ClassVar[tuple[int, ...]] = (2, 3, 4, 5, 6, 7, 8)
    any_length: ClassVar[bool] = True

    def output(self, inputs: Sequence[Shape]) -> Shape:
        return inputs[0][1:]

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class EachEnd(Layer):
    """Puts the slices together again; its second input is what was cut into them.

    >>> EachEnd().output([(32,), (5, 7, 16)])
    (5, 32)
    """

    type: ClassVar[str] = "each_end"
    carries: ClassVar[bool] = True
    family: ClassVar[str] = "each"
    inputs: ClassVar[tuple[int, int]] = (2, 2)
    any_length: ClassVar[bool] = True

    def output(self, inputs: Sequence[Shape]) -> Shape:
        body, whole = inputs
        return (whole[0], *body)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None
