"""Features of a point: the φ(x) that a playground offers beside its two coordinates."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus.layers.layer import Example, Layer, Misfit
from gradus.planned import Shape

Term = Literal["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]


class Features(Layer):
    """
    >>> Features(terms=("x", "y", "xy")).output([(2,)])
    (3,)
    """

    type: ClassVar[str] = "features"
    family: ClassVar[str] = "features"
    meaning: ClassVar[str] = "Turns a point (x, y) into chosen functions of its coordinates."
    formula: ClassVar[str] = "φ(x, y) = (x, y, x², y², x·y, sin x, sin y), those that are chosen"
    shape_rule: ClassVar[str] = "[2] → [n], n = |terms|"
    source: ClassVar[str] = (
        "Smilkov et al. 2017: Direct-Manipulation Visualization of Deep Networks"
    )
    example: ClassVar[Example] = {
        "network": {"input": [2], "layers": [{"type": "features", "terms": ["x", "y", "xy"]}]}
    }
    ranks: ClassVar[tuple[int, ...]] = (1,)

    terms: Annotated[
        tuple[Term, ...],
        Field(min_length=1, max_length=7, description="Functions of the point, in this order."),
    ] = ("x", "y")

    def output(self, inputs: Sequence[Shape]) -> Shape:
        if inputs[0] != (2,):
            raise Misfit(
                "shape.features", expected="[2]", got=str(list(inputs[0])), shape=list(inputs[0])
            )
        return (len(self.terms),)
