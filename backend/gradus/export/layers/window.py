"""Padding before a window slides: what torch's own number says, and what needs a step of its own."""

from collections.abc import Sequence
from typing import Any

from gradus.export.code import Code, Raw, Step, call
from gradus.layers.window import sides
from gradus.planned import Shape

Sides = list[tuple[int, int]]


def added(
    padding: str | Sequence[int],
    shape: Shape,
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int] | None = None,
) -> Sides:
    """Cells before and behind each axis of [C, …]."""
    axes = zip(shape[1:], kernel, stride, dilation or (1,) * len(kernel), strict=True)
    return [sides(padding, axis, *sizes) for axis, sizes in enumerate(axes)]


def even(cells: Sides) -> bool:
    """Whether torch's own number says it."""
    return all(before == behind for before, behind in cells)


def padding(cells: Sides, value: Any = 0.0) -> Code:
    """Cells of one value around a line or a picture, as a step before."""
    flat = tuple(each for both in reversed(cells) for each in both)
    named = {} if value == 0.0 else {"value": value}
    axes = len(cells)
    if value == 0.0:
        text = call(f"nn.ZeroPad{axes}d", flat)
    else:
        text = call(f"nn.ConstantPad{axes}d", flat, value)
    return Code((Step(text, call("F.pad", Raw("{0}"), flat, **named), "pad"),))
