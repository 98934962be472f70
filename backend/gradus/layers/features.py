"""Features of a point: the φ(x) that a playground offers beside its two coordinates."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus.layers.layer import Example, Layer, Misfit
from gradus.planned import Shape
from gradus.section import Positive

Term = Literal["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]
FURTHEST = 5.0  # place of the outermost bumps


def powers(degree: int) -> list[tuple[int, int]]:
    """Exponents of x and y in every product up to a degree, by degree and then those of x falling.

    >>> powers(3)
    [(2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3)]
    """
    return [(whole - j, j) for whole in range(2, degree + 1) for j in range(whole + 1)]


def centres(radial: int) -> list[tuple[float, float]]:
    """Places (x, y) of the bumps, row by row from below; a single one stands in the middle.

    >>> centres(2)
    [(-5.0, -5.0), (5.0, -5.0), (-5.0, 5.0), (5.0, 5.0)]
    """
    step = 2 * FURTHEST / (radial - 1) if radial > 1 else 0.0
    line = [-FURTHEST + step * place if step else 0.0 for place in range(radial)]
    return [(x, y) for y in line for x in line]


class Features(Layer):
    """
    >>> Features(terms=("x", "y", "xy")).output([(2,)])
    (3,)
    """

    type: ClassVar[str] = "features"
    family: ClassVar[str] = "features"
    meaning: ClassVar[str] = (
        "Turns a point (x, y) into chosen functions of its coordinates, products and bumps."
    )
    formula: ClassVar[str] = (
        "φ(x, y) = (x, y, x², y², x·y, sin x, sin y), those that are chosen; xⁱyʲ, 2 ≤ i + j ≤ degree; "
        "exp(−((x − cₓ)² + (y − c_y)²) / (2·width²))"
    )
    shape_rule: ClassVar[str] = "[2] → [n], n = |terms| + products + radial²"
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
    degree: Annotated[
        int,
        Field(
            strict=True,
            ge=0,
            le=8,
            description="Products of powers of both coordinates up to this degree, from 2.",
        ),
    ] = 0
    radial: Annotated[
        int,
        Field(
            strict=True,
            ge=0,
            le=10,
            description="Bumps on a grid of so many by so many places between -5 and 5.",
        ),
    ] = 0
    width: Annotated[Positive, Field(description="Standard deviation of a bump.")] = 2.0

    def output(self, inputs: Sequence[Shape]) -> Shape:
        if inputs[0] != (2,):
            raise Misfit(
                "shape.features", expected="[2]", got=str(list(inputs[0])), shape=list(inputs[0])
            )
        return (len(self.terms) + len(powers(self.degree)) + len(centres(self.radial)),)
