"""Arithmetic of windows that slide over an axis: convolution and pooling."""

from collections.abc import Sequence

from gradus.layers.layer import Misfit
from gradus.planned import ReceptiveField, Shape

PaddingField = str | Sequence[int]


def sides(
    padding: PaddingField, axis: int, size: int, kernel: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Cells added before and after an axis of `size` cells.

    `same` gives ceil(size / stride) windows and puts the odd cell behind, as TensorFlow does;
    `symmetric` puts (reach - 1) // 2 on both sides, as PyTorch's number does.

    >>> sides("same", 0, 8, kernel=3, stride=2)
    (0, 1)
    >>> sides("symmetric", 0, 8, kernel=3, stride=2)
    (1, 1)
    """
    if not isinstance(padding, str):
        return padding[axis], padding[axis]
    reach = dilation * (kernel - 1) + 1
    if padding == "same":
        total = max(0, (-(-size // stride) - 1) * stride + reach - size)
        return total // 2, total - total // 2
    if padding == "symmetric":
        return (reach - 1) // 2, (reach - 1) // 2
    return 0, 0


def positions(size: int, before: int, after: int, kernel: int, stride: int, dilation: int) -> int:
    """How many windows fit on an axis; 0 or less where none does."""
    return (size + before + after - dilation * (kernel - 1) - 1) // stride + 1


def slide(
    type: str,
    shape: Shape,
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: PaddingField,
    dilation: Sequence[int] | None = None,
    field: str = "kernel",
) -> Shape:
    """The axes after sliding over [C, …]; raises Misfit where no window fits.

    `field` is what the layer calls the side of its window.
    """
    dilation = dilation or (1,) * len(kernel)
    axes = list(zip(shape[1:], kernel, stride, dilation, strict=True))
    added = [sides(padding, axis, *sizes) for axis, sizes in enumerate(axes)]
    output = tuple(
        positions(size, *cells, k, s, d) for (size, k, s, d), cells in zip(axes, added, strict=True)
    )
    if min(output) < 1:
        padded = [size + sum(cells) for size, cells in zip(shape[1:], added, strict=True)]
        reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
        raise Misfit(
            "shape.window",
            field="padding",
            value="same",
            expected=f"≤ {_by(padded)}",
            got=_by(reach),
            type=type,
            window=_by(reach),
            input=_by(padded),
            largest=min((size - 1) // d + 1 for size, d in zip(padded, dilation, strict=True)),
            what=field,
        )
    return output


def _by(sizes: Sequence[int]) -> str:
    return "×".join(str(size) for size in sizes)


def widen(
    seen: ReceptiveField | None,
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int] | None = None,
) -> ReceptiveField | None:
    """The receptive field after one more sliding window (Araujo et al. 2019, recurrence 1)."""
    if seen is None:
        return None
    size = tuple(
        n + (k - 1) * d * j
        for n, k, d, j in zip(
            seen.size, kernel, dilation or (1,) * len(kernel), seen.stride, strict=True
        )
    )
    step = tuple(j * s for j, s in zip(seen.stride, stride, strict=True))
    return ReceptiveField(size, step)
