"""The form of every written part of a document: closed, immutable, with bounded numbers."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from gradus import limits


class Section(BaseModel):
    """One mapping of a document. Fields that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    # Words of the language that this version does not offer yet: they are told apart from slips.
    later: ClassVar[frozenset[str]] = frozenset()
    # Fields that are often written here but belong to a part of it, and that part.
    homes: ClassVar[Mapping[str, str]] = {}


# Strict numbers: "3", 3.0 and true are not 3, so that nothing is accepted that another reader of
# the same JSON would take for something else.
Size = Annotated[int, Field(strict=True, ge=1, le=limits.DIMENSION)]
Length = Annotated[int, Field(strict=True, ge=0, le=limits.DIMENSION)]
Flag = Annotated[bool, Field(strict=True)]
Seed = Annotated[int, Field(strict=True, ge=0, le=limits.INTEGER)]
Positive = Annotated[float, Field(strict=True, gt=0, le=1e6, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(strict=True, ge=0, le=1e6, allow_inf_nan=False)]
Fraction = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Finite = Annotated[float, Field(strict=True, ge=-1e6, le=1e6, allow_inf_nan=False)]


def _both(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value, value)


def _word_or_sides(value: Any) -> str:
    return "word" if isinstance(value, str) else "sides"


# One number stands for both axes; the resolved form always holds [height, width].
Pair = Annotated[
    tuple[Size, Size], BeforeValidator(_both, json_schema_input_type=Size | tuple[Size, Size])
]
Padding = Annotated[
    Annotated[Literal["same", "valid", "symmetric"], Tag("word")]
    | Annotated[
        tuple[Length, Length],
        BeforeValidator(_both, json_schema_input_type=Length | tuple[Length, Length]),
        Tag("sides"),
    ],
    Discriminator(_word_or_sides),
]


def _one(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


# Along one axis; the resolved form holds a list of one number.
Single = Annotated[tuple[Size], BeforeValidator(_one, json_schema_input_type=Size | tuple[Size])]
PaddingSingle = Annotated[
    Annotated[Literal["same", "valid", "symmetric"], Tag("word")]
    | Annotated[
        tuple[Length],
        BeforeValidator(_one, json_schema_input_type=Length | tuple[Length]),
        Tag("sides"),
    ],
    Discriminator(_word_or_sides),
]


# Cells at the end of each axis.
LengthSingle = Annotated[
    tuple[Length], BeforeValidator(_one, json_schema_input_type=Length | tuple[Length])
]
LengthPair = Annotated[
    tuple[Length, Length],
    BeforeValidator(_both, json_schema_input_type=Length | tuple[Length, Length]),
]


def named(value: Any) -> Any:
    """Reads a bare word as `{type: word}`; to be set before a choice among sections."""
    return {"type": value} if isinstance(value, str) else value
