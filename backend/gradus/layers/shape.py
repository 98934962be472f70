"""Layers that only rearrange."""

from collections.abc import Sequence
from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus import limits
from gradus.layers.layer import Example, Layer, Misfit
from gradus.planned import ANY, ReceptiveField, Shape
from gradus.section import Finite, Length, Pair, Size

_AXIS = "Axis without the batch; 0 is the channels."
Axis = Annotated[int, Field(strict=True, ge=0, lt=limits.RANK)]


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
    shape_rule: ClassVar[str] = "[n₁, n₂, …] → [n₁·n₂·…]"
    example: ClassVar[Example] = {"network": {"input": [32, 2, 2], "layers": ["flatten"]}}

    def output(self, inputs: Sequence[Shape]) -> Shape:
        return (prod(inputs[0]),)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class Reshape(Layer):
    """
    >>> Reshape(shape=(8, 2, 2)).output([(32,)])
    (8, 2, 2)
    """

    type: ClassVar[str] = "reshape"
    family: ClassVar[str] = "shape"
    meaning: ClassVar[str] = "Lays the same numbers out in another shape, the last axis fastest."
    formula: ClassVar[str] = "y = x, in the order of its memory"
    shape_rule: ClassVar[str] = "[n₁, n₂, …] → shape, ∏ shape = n₁·n₂·…"
    example: ClassVar[Example] = {
        "network": {"input": [32], "layers": [{"type": "reshape", "shape": [8, 2, -1]}]}
    }

    shape: Annotated[
        tuple[Size | Literal[-1], ...],
        Field(
            min_length=1,
            max_length=limits.RANK,
            description="The new shape without the batch; one −1 takes what is left.",
        ),
    ]

    def output(self, inputs: Sequence[Shape]) -> Shape:
        total = prod(inputs[0])
        known = prod(size for size in self.shape if size != -1)
        free = self.shape.count(-1)
        if free > 1 or (total % known if free else total != known):
            raise Misfit(
                "shape.reshape",
                field="shape",
                expected=str(total),
                got=str(list(self.shape)),
                total=total,
                shape=list(self.shape),
                input=list(inputs[0]),
            )
        return tuple(total // known if size == -1 else size for size in self.shape)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class Permute(Layer):
    """
    >>> Permute(axes=(1, 0)).output([(3, 7)])
    (7, 3)
    """

    type: ClassVar[str] = "permute"
    any_length: ClassVar[bool] = True
    family: ClassVar[str] = "shape"
    meaning: ClassVar[str] = "Puts the axes of a sample in another order."
    formula: ClassVar[str] = "shape(y)[i] = shape(x)[axes[i]]"
    shape_rule: ClassVar[str] = "[n₀, n₁, …] → [n[axes[0]], n[axes[1]], …]"
    example: ClassVar[Example] = {
        "network": {"input": [3, 7], "layers": [{"type": "permute", "axes": [1, 0]}]}
    }

    axes: Annotated[
        tuple[Axis, ...], Field(description="Which axis of the input stands at each place.")
    ]

    def output(self, inputs: Sequence[Shape]) -> Shape:
        if sorted(self.axes) != list(range(len(inputs[0]))):
            raise Misfit(
                "shape.permute",
                field="axes",
                value=list(reversed(range(len(inputs[0])))),
                expected=", ".join(map(str, range(len(inputs[0])))),
                got=str(list(self.axes)),
                axes=list(self.axes),
                shape=list(inputs[0]),
            )
        return tuple(inputs[0][axis] for axis in self.axes)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class Upsample(Layer):
    """
    >>> Upsample().output([(8, 7, 7)])
    (8, 14, 14)
    """

    type: ClassVar[str] = "upsample"
    family: ClassVar[str] = "shape"
    meaning: ClassVar[str] = "Makes a picture larger by repeating its cells or blending them."
    formula: ClassVar[str] = "y[c, i, j] = x[c, ⌊i / factor⌋, ⌊j / factor⌋] for nearest"
    shape_rule: ClassVar[str] = "[C, H, W] → [C, factor·H, factor·W]"
    source: ClassVar[str] = "Odena et al. 2016: Deconvolution and Checkerboard Artifacts"
    example: ClassVar[Example] = {
        "network": {"input": [8, 7, 7], "layers": [{"type": "upsample", "factor": 2}]}
    }
    ranks: ClassVar[tuple[int, ...]] = (3,)

    factor: Annotated[Pair, Field(description="How many times larger: a number, or two.")] = (2, 2)
    mode: Annotated[
        Literal["nearest", "bilinear"], Field(description="Repeat cells, or blend between them.")
    ] = "nearest"

    def output(self, inputs: Sequence[Shape]) -> Shape:
        channels, height, width = inputs[0]
        return (channels, height * self.factor[0], width * self.factor[1])

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class Pad(Layer):
    """
    >>> Pad(sides=((1, 2), (0, 0))).output([(3, 8, 8)])
    (3, 11, 8)
    """

    type: ClassVar[str] = "pad"
    family: ClassVar[str] = "shape"
    meaning: ClassVar[str] = "Adds cells around a line or a picture, or whole channels."
    formula: ClassVar[str] = "y[c, i + before] = x[c, i], value elsewhere"
    shape_rule: ClassVar[str] = "[C, n, …] → [C + Σ channels, n + Σ sides, …]"
    example: ClassVar[Example] = {
        "network": {"input": [3, 8, 8], "layers": [{"type": "pad", "sides": [[1, 2], [0, 0]]}]}
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2, 3)

    sides: Annotated[
        tuple[tuple[Length, Length], ...],
        Field(max_length=2, description="[before, behind] for each axis after the channels."),
    ]
    channels: Annotated[
        tuple[Length, Length], Field(description="Channels added [before, behind].")
    ] = (0, 0)
    value: Annotated[Finite, Field(description="What the added cells hold.")] = 0.0

    def output(self, inputs: Sequence[Shape]) -> Shape:
        channels, *sizes = inputs[0]
        if len(self.sides) != len(sizes):
            raise Misfit(
                "shape.sides",
                field="sides",
                value=[[1, 1]] * len(sizes),
                expected=str(len(sizes)),
                got=str(len(self.sides)),
                count=len(self.sides),
                shape=list(inputs[0]),
            )
        return (
            channels + sum(self.channels),
            *(size + sum(sides) for size, sides in zip(sizes, self.sides, strict=True)),
        )


class Select(Layer):
    """
    >>> Select(axis=0, index=-1).output([(10, 16)])
    (16,)
    """

    type: ClassVar[str] = "select"
    family: ClassVar[str] = "shape"
    meaning: ClassVar[str] = "Takes one slice of an axis, such as the last step of a sequence."
    formula: ClassVar[str] = "y = x[…, index, …]"
    shape_rule: ClassVar[str] = "[…, n, …] → […, …]"
    example: ClassVar[Example] = {
        "network": {"input": [10, 16], "layers": [{"type": "select", "axis": 0, "index": -1}]}
    }
    ranks: ClassVar[tuple[int, ...]] = (2, 3, 4)
    any_length: ClassVar[bool] = True

    axis: Annotated[Axis, Field(description=_AXIS)] = 0
    index: Annotated[
        int,
        Field(
            strict=True,
            ge=-limits.DIMENSION,
            lt=limits.DIMENSION,
            description="Which slice, from 0; negative ones count from the end.",
        ),
    ] = -1

    def output(self, inputs: Sequence[Shape]) -> Shape:
        shape = inputs[0]
        if self.axis >= len(shape):
            raise Misfit(
                "shape.axis",
                field="axis",
                value=0,
                axis=self.axis,
                rank=len(shape),
                shape=list(shape),
            )
        # Of any length only the first and the last are sure to be there.
        size = 1 if shape[self.axis] == ANY else shape[self.axis]
        if not -size <= self.index < size:
            raise Misfit(
                "shape.index",
                field="index",
                value=size - 1,
                expected=f"{-size} … {size - 1}",
                got=str(self.index),
                index=self.index,
                size=size,
            )
        return (*shape[: self.axis], *shape[self.axis + 1 :])

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None
