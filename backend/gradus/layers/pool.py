"""Pooling: a window or a whole map becomes one number."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from gradus.layers.layer import Example, Layer, check_known, check_rank
from gradus.layers.ports import Ported, check_port
from gradus.layers.window import slide, widen
from gradus.planned import ReceptiveField, Shape
from gradus.section import Padding, PaddingSingle, Pair, Single

_PADDING = "valid: none; same, symmetric, or cells on each side. Never counted."
_STRIDE = "Distance between two windows; the size unless said."


class Pool(Layer):
    """What all sliding pools share."""

    family: ClassVar[str] = "pool"

    size: Any
    stride: Any
    padding: Any

    @property
    def step(self) -> tuple[int, ...]:
        return tuple(self.stride or self.size)

    def output(self, inputs: Sequence[Shape]) -> Shape:
        # [C, …] → [C, …'], smaller
        return (
            inputs[0][0],
            *slide(self.type, inputs[0], self.size, self.step, self.padding, field="size"),
        )

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return widen(fields[0], self.size, self.step)

    def resolved(self) -> dict[str, Any]:
        return {**super().resolved(), "stride": list(self.step)}


class Pool1d(Pool):
    """What pools along one axis share: [C, L] → [C, L']."""

    ranks: ClassVar[tuple[int, ...]] = (2,)
    shape_rule: ClassVar[str] = "[C, L] → [C, L'], L' = ⌊(L + p − k) / s⌋ + 1; same: L' = ⌈L / s⌉"

    size: Annotated[Single, Field(description="Length of the window.")] = (2,)
    stride: Annotated[Single | None, Field(description=_STRIDE)] = None
    padding: Annotated[PaddingSingle, Field(description=_PADDING)] = "valid"


class Pool2d(Pool):
    """What pools over pictures share: [C, H, W] → [C, H', W']."""

    ranks: ClassVar[tuple[int, ...]] = (3,)
    shape_rule: ClassVar[str] = (
        "[C, H, W] → [C, H', W'], H' = ⌊(H + p − k) / s⌋ + 1; same: H' = ⌈H / s⌉"
    )

    size: Annotated[
        Pair, Field(description="Size of the window: one number or [height, width].")
    ] = (2, 2)
    stride: Annotated[Pair | None, Field(description=_STRIDE)] = None
    padding: Annotated[Padding, Field(description=_PADDING)] = "valid"


class MaxPool1d(Pool1d):
    type: ClassVar[str] = "max_pool1d"
    meaning: ClassVar[str] = "Keeps the largest value of each stretch."
    formula: ClassVar[str] = "y[c, i] = max x[c, s·i + u − p]"
    source: ClassVar[str] = (
        "Yamaguchi et al. 1990: A Neural Network for Speaker-Independent Isolated Word Recognition"
    )
    example: ClassVar[Example] = {"network": {"input": [4, 9], "layers": ["max_pool1d"]}}


class AvgPool1d(Pool1d):
    type: ClassVar[str] = "avg_pool1d"
    meaning: ClassVar[str] = "Takes the mean of each stretch, over the cells that lie inside."
    formula: ClassVar[str] = "y[c, i] = mean x[c, s·i + u − p]"
    source: ClassVar[str] = (
        "LeCun et al. 1990: Handwritten Digit Recognition with a Back-Propagation Network"
    )
    example: ClassVar[Example] = {
        "network": {
            "input": [4, 9],
            "layers": [{"type": "avg_pool1d", "size": 3, "stride": 1, "padding": "same"}],
        }
    }


class MaxPool2d(Pool2d):
    """
    >>> MaxPool2d().output([(16, 8, 8)])
    (16, 4, 4)
    """

    type: ClassVar[str] = "max_pool2d"
    meaning: ClassVar[str] = "Keeps the largest value of each window."
    formula: ClassVar[str] = "y[c, i, j] = max x[c, s·i + u − p, s·j + v − p]"
    source: ClassVar[str] = (
        "Riesenhuber and Poggio 1999: Hierarchical Models of Object Recognition in Cortex"
    )
    example: ClassVar[Example] = {"network": {"input": [16, 8, 8], "layers": ["max_pool2d"]}}


class AvgPool2d(Pool2d):
    """
    >>> AvgPool2d(size=(3, 3), stride=(2, 2), padding="same").output([(16, 8, 8)])
    (16, 4, 4)
    """

    type: ClassVar[str] = "avg_pool2d"
    meaning: ClassVar[str] = (
        "Takes the mean of each window, over the cells that lie inside the picture."
    )
    formula: ClassVar[str] = "y[c, i, j] = mean x[c, s·i + u − p, s·j + v − p]"
    source: ClassVar[str] = (
        "LeCun et al. 1990: Handwritten Digit Recognition with a Back-Propagation Network"
    )
    example: ClassVar[Example] = {
        "network": {
            "input": [16, 8, 8],
            "layers": [{"type": "avg_pool2d", "size": 3, "stride": 2, "padding": "same"}],
        }
    }


class AdaptivePool2d(Layer):
    """What both adaptive pools share: [C, H, W] → [C, *size], whatever H and W are."""

    family: ClassVar[str] = "pool"
    ranks: ClassVar[tuple[int, ...]] = (3,)
    shape_rule: ClassVar[str] = "[C, H, W] → [C, size, size]"

    size: Annotated[
        Pair, Field(description="Size of the output: one number or [height, width].")
    ] = (1, 1)

    def output(self, inputs: Sequence[Shape]) -> Shape:
        return (inputs[0][0], *self.size)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class AdaptiveAvgPool2d(AdaptivePool2d):
    type: ClassVar[str] = "adaptive_avg_pool2d"
    meaning: ClassVar[str] = "Takes means over as many even windows as the output has cells."
    formula: ClassVar[str] = "y[c, i, j] = mean x[c, ⌊i·H/h⌋ … ⌈(i+1)·H/h⌉ − 1, the same for j]"
    source: ClassVar[str] = (
        "He et al. 2014: Spatial Pyramid Pooling in Deep Convolutional Networks for Visual Recognition"
    )
    example: ClassVar[Example] = {
        "network": {
            "input": [16, 13, 11],
            "layers": [{"type": "adaptive_avg_pool2d", "size": [2, 3]}],
        }
    }


class AdaptiveMaxPool2d(AdaptivePool2d):
    type: ClassVar[str] = "adaptive_max_pool2d"
    meaning: ClassVar[str] = "Keeps the largest value of as many even windows as the output has."
    formula: ClassVar[str] = "y[c, i, j] = max x[c, ⌊i·H/h⌋ … ⌈(i+1)·H/h⌉ − 1, the same for j]"
    source: ClassVar[str] = (
        "He et al. 2014: Spatial Pyramid Pooling in Deep Convolutional Networks for Visual Recognition"
    )
    example: ClassVar[Example] = {
        "network": {"input": [16, 13, 11], "layers": [{"type": "adaptive_max_pool2d", "size": 4}]}
    }


class GlobalPool(Ported):
    """What both global pools share: [C, ...] → [C].

    Under a `mask` [...] of 1 and 0 the cells under 0 do not count; where none counts, they give 0.
    """

    any_length: ClassVar[bool] = True
    quiet: ClassVar[bool] = True
    family: ClassVar[str] = "pool"
    inputs: ClassVar[tuple[int, int]] = (1, 2)
    ports: ClassVar[tuple[str, ...]] = ("input", "mask")
    reads: ClassVar[tuple[int, ...]] = (3, 2, 4)
    shape_rule: ClassVar[str] = "[C, …] → [C]; mask: […]"

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = self.read(inputs)
        shape = given["input"]
        check_rank(self, shape, self.reads)
        check_known(self, shape[:1], shape)
        check_port(self, "mask", given, shape[1:])
        return shape[:1]

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class GlobalAvgPool(GlobalPool):
    type: ClassVar[str] = "global_avg_pool"
    meaning: ClassVar[str] = "Takes the mean of each whole map."
    formula: ClassVar[str] = "y[c] = mean x[c, i, j]"
    source: ClassVar[str] = "Lin et al. 2014: Network in Network"
    example: ClassVar[Example] = {"network": {"input": [16, 8, 8], "layers": ["global_avg_pool"]}}


class GlobalMaxPool(GlobalPool):
    type: ClassVar[str] = "global_max_pool"
    meaning: ClassVar[str] = "Keeps the largest value of each whole map."
    formula: ClassVar[str] = "y[c] = max x[c, i, j]"
    source: ClassVar[str] = "Oquab et al. 2015: Is Object Localization for Free?"
    example: ClassVar[Example] = {"network": {"input": [16, 8, 8], "layers": ["global_max_pool"]}}
