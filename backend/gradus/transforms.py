"""What is done to the inputs of a dataset before a network reads them, in the order of writing.

What is fitted (a mean, a deviation) is fitted on the training part alone. What is drawn is drawn
anew for every training step and left out everywhere else. Shapes are [C, H, W] or [F].
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from gradus import limits
from gradus.patch import add, remove
from gradus.planned import Shape
from gradus.pointer import join
from gradus.problems import Report
from gradus.section import Fraction, LengthPair, Pair, Section, Size, named

SPECIAL = 2  # numbers that no token has: behind the end, and for tokens that are not known

Deviation = Annotated[float, Field(strict=True, ge=0, le=10, allow_inf_nan=False)]
Factor = Annotated[float, Field(strict=True, ge=0.1, le=10, allow_inf_nan=False)]


class Transform(Section):
    """One step of preparation."""

    pictures: ClassVar[bool] = False  # whether it reads [C, H, W] alone
    vectors: ClassVar[bool] = False  # whether it reads [F] alone
    texts: ClassVar[bool] = False  # whether it reads whole numbers that stand for something

    type: str

    def output(self, shape: Shape) -> Shape:
        """The shape that it makes of one sample's."""
        return shape

    def numbers(self, words: int) -> int:
        """How many whole numbers a text is made of after it."""
        return words

    def misfit(self, shape: Shape) -> tuple[str, str, int] | None:
        """The field that does not fit, its value, and the most that it may be; None where all fits."""
        return None


class Standardize(Transform):
    """Mean 0 and deviation 1 over the training part: each channel of a picture, each feature."""

    type: Literal["standardize"] = "standardize"


class MeanImage(Transform):
    """The mean of the training part is taken off, cell by cell (Krizhevsky et al. 2012)."""

    type: Literal["mean_image"] = "mean_image"


class OneHot(Transform):
    """A feature that counts kinds from 0 becomes one feature a kind, 1 at its own and 0 elsewhere."""

    vectors: ClassVar[bool] = True

    type: Literal["one_hot"] = "one_hot"
    column: Annotated[
        int, Field(strict=True, ge=0, lt=limits.DIMENSION, description="Which feature, from 0.")
    ] = 0
    values: Annotated[
        int, Field(strict=True, ge=2, le=1024, description="How many kinds it counts.")
    ]

    def output(self, shape: Shape) -> Shape:
        return (shape[0] - 1 + self.values,)

    def misfit(self, shape: Shape) -> tuple[str, str, int] | None:
        fits = self.column < shape[0]
        return None if fits else ("column", str(self.column), shape[0] - 1)


class Resize(Transform):
    """The picture at another size."""

    pictures: ClassVar[bool] = True

    type: Literal["resize"] = "resize"
    size: Annotated[Pair, Field(description="Height and width after it.")]
    mode: Annotated[
        Literal["bilinear", "nearest"],
        Field(description="Between the middles of cells, or each from the nearest cell."),
    ] = "bilinear"

    def output(self, shape: Shape) -> Shape:
        return (shape[0], *self.size)


class CenterCrop(Transform):
    """The middle of the picture."""

    pictures: ClassVar[bool] = True

    type: Literal["center_crop"] = "center_crop"
    size: Annotated[Pair, Field(description="Height and width that are kept.")]

    def output(self, shape: Shape) -> Shape:
        return (shape[0], *self.size)

    def misfit(self, shape: Shape) -> tuple[str, str, int] | None:
        return _too_large(self.size, shape[1:], (0, 0))


class RandomCrop(Transform):
    """A part of the picture, elsewhere at every step; its middle when it does not train."""

    pictures: ClassVar[bool] = True

    type: Literal["random_crop"] = "random_crop"
    size: Annotated[Pair, Field(description="Height and width that are kept.")]
    padding: Annotated[
        LengthPair, Field(description="Cells of zeros around the picture, before it is cut.")
    ] = (0, 0)

    def output(self, shape: Shape) -> Shape:
        return (shape[0], *self.size)

    def misfit(self, shape: Shape) -> tuple[str, str, int] | None:
        for added, side in zip(self.padding, shape[1:], strict=True):
            if added > side:
                return "padding", str(added), side
        return _too_large(self.size, shape[1:], self.padding)


class Flip(Transform):
    """Pictures turned over, each with these chances, while it trains."""

    pictures: ClassVar[bool] = True

    type: Literal["flip"] = "flip"
    horizontal: Annotated[
        Fraction, Field(description="Chance that left and right are swapped.")
    ] = 0.5
    vertical: Annotated[Fraction, Field(description="Chance that top and bottom are swapped.")] = (
        0.0
    )


class Scale(Transform):
    """Pictures made larger or smaller around their middle, while it trains."""

    pictures: ClassVar[bool] = True

    type: Literal["scale"] = "scale"
    low: Annotated[Factor, Field(description="Smallest factor.")] = 0.8
    high: Annotated[Factor, Field(description="Largest factor.")] = 1.2

    @model_validator(mode="after")
    def _order(self) -> "Scale":
        if self.low > self.high:
            raise PydanticCustomError("scale.bounds", "low must not be greater than high")
        return self


class Color(Transform):
    """Pictures made brighter or darker, with more or less contrast, while it trains."""

    pictures: ClassVar[bool] = True

    type: Literal["color"] = "color"
    brightness: Annotated[
        Deviation, Field(description="Deviation of what is added to every cell of a picture.")
    ] = 0.1
    contrast: Annotated[
        Fraction,
        Field(description="The differences from its mean grow or shrink by at most this share."),
    ] = 0.2


class Noise(Transform):
    """Normal noise on every number, while it trains."""

    type: Literal["noise"] = "noise"
    std: Annotated[Deviation, Field(description="Its standard deviation.")] = 0.1


def tokens_of(by: str, characters: int) -> int:
    """As many tokens as a text of so many characters can have.

    >>> tokens_of("word", 72)  # a b c …
    36
    """
    return max(1, {"word": (characters + 1) // 2, "character": characters}.get(by, characters - 1))


class Tokenize(Transform):
    """Texts become whole numbers, one a token: 0 behind the end, 1 for tokens without a number."""

    texts: ClassVar[bool] = True

    type: Literal["tokenize"] = "tokenize"
    by: Annotated[
        Literal["word", "character", "bigram"],
        Field(description="Words between spaces, single characters, or pairs of neighbours."),
    ] = "word"
    words: Annotated[
        int,
        Field(
            strict=True,
            ge=SPECIAL + 1,
            le=60_000,
            description="How many numbers there are: those of the most frequent tokens of the "
            "training part, and the two of their own.",
        ),
    ] = 1000

    def output(self, shape: Shape) -> Shape:
        return (tokens_of(self.by, shape[0]),)

    def numbers(self, words: int) -> int:
        return self.words


class Pad(Transform):
    """Every text gets one length: longer ones lose their end, zeros fill up shorter ones."""

    texts: ClassVar[bool] = True

    type: Literal["pad"] = "pad"
    length: Annotated[Size, Field(description="Tokens of every text.")]
    side: Annotated[
        Literal["end", "start"],
        Field(description="Where the zeros stand; in front, the last step is a word."),
    ] = "end"

    def output(self, shape: Shape) -> Shape:
        return (self.length,)


_Names = Literal["standardize", "mean_image", "flip", "scale", "color", "noise", "tokenize"]
_Kinds = Annotated[
    Standardize
    | MeanImage
    | OneHot
    | Resize
    | CenterCrop
    | RandomCrop
    | Flip
    | Scale
    | Color
    | Noise
    | Tokenize
    | Pad,
    Field(discriminator="type"),
]
AnyTransform = Annotated[_Kinds, BeforeValidator(named, json_schema_input_type=_Names | _Kinds)]
RANDOM = frozenset({"random_crop", "flip", "scale", "color", "noise"})


def fitted_name(place: int, what: str) -> str:
    """What a transform was fitted to, as it is kept beside weights; no layer can be called so.

    >>> fitted_name(0, "mean")
    'data/transforms[0].mean'
    """
    return f"data/transforms[{place}].{what}"


def own_fitted_name(what: str) -> str:
    """The same of a dataset that standardizes its samples itself, in front of all transforms."""
    return fitted_name(-1, what)


def transformed(
    transforms: Sequence[Transform], shape: Shape, words: int, path: str, report: Report
) -> list[Shape] | None:
    """A sample's shape before and after each of them; None after reporting one that does not fit.

    `words` is that of texts, 0 of other samples.
    """
    shapes, cut = [shape], False
    for index, transform in enumerate(transforms):
        place = join(path, index)
        if transform.texts != bool(words) or (cut and isinstance(transform, Tokenize)):
            code = "transform.tokens" if cut else "transform.text" if words else "transform.no_text"
            report.add(code, place, fix=remove(place), type=transform.type)
            return None
        cut = cut or isinstance(transform, Tokenize)
        wanted = 3 if transform.pictures else 1 if transform.vectors else len(shape)
        if len(shape) != wanted:
            expected = "[C, H, W]" if transform.pictures else "[F]"
            report.add(
                "transform.rank", place, expected=expected, got=str(list(shape)), type=transform.type,
                axes=expected, shape=list(shape),
            )  # fmt: skip
            return None
        if misfit := transform.misfit(shape):
            field, value, most = misfit
            report.add(
                "transform.size", join(place, field), expected=f"≤ {most}", got=value,
                fix=add(join(place, field), most), type=transform.type, field=field, value=value,
                most=most, shape=list(shape),
            )  # fmt: skip
            return None
        shape = transform.output(shape)
        shapes.append(shape)
    return shapes


def _too_large(
    size: Sequence[int], sides: Shape, padding: Sequence[int]
) -> tuple[str, str, int] | None:
    for kept, side, added in zip(size, sides, padding, strict=True):
        if kept > side + 2 * added:
            return "size", str(kept), side + 2 * added
    return None
