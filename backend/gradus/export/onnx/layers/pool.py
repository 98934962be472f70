"""Pooling."""

import math
from dataclasses import dataclass

from gradus.export.layers import window
from gradus.export.onnx.graph import Graph
from gradus.planned import LayerPlan


@dataclass(frozen=True, slots=True)
class Axis:
    """Windows on one axis: cells added around it, and windows that lie on padding alone.

    Of those ONNX says nothing, and onnxruntime takes no more padding than a window is long.
    """

    before: int  # a negative number cuts cells off
    behind: int
    hollow: tuple[int, int]  # windows in front and at the end
    filled: int


def _axis(size: int, cells: tuple[int, int], side: int, stride: int, count: int) -> Axis:
    starts = [place * stride - cells[0] for place in range(count)]
    within = [start for start in starts if -side < start < size]
    if not within:
        return Axis(0, 0, (0, count), 0)
    lead = starts.index(within[0])
    behind = max(0, within[-1] + side - size)
    return Axis(-within[0], behind, (lead, count - lead - len(within)), len(within))


def max_pool(g: Graph, layer: LayerPlan, x: str) -> str:
    """Padding never wins."""
    return _slid(g, layer, "MaxPool", x)


def avg_pool(g: Graph, layer: LayerPlan, x: str) -> str:
    """The mean over the cells inside, as ONNX takes it where nothing else is said."""
    return _slid(g, layer, "AveragePool", x)


def _slid(g: Graph, layer: LayerPlan, type: str, x: str) -> str:
    """A window slid over a line or a picture; 0 where it lies on padding alone."""
    fields, sizes = layer.fields, layer.input_shapes[0][1:]
    side, stride = fields["size"], fields["stride"]
    cells = window.added(fields["padding"], layer.input_shapes[0], side, stride)
    axes = list(map(_axis, sizes, cells, side, stride, layer.output[1:]))
    if not all(axis.filled for axis in axes):
        return g.expand(g.number(0.0), g.shape(x, 0, 2), *layer.output[1:])
    for place, axis in enumerate(axes, 2):
        x = g.cut(x, place, -axis.before) if axis.before < 0 else x
    pads = [max(0, axis.before) for axis in axes] + [axis.behind for axis in axes]
    y = g.op(type, x, kernel_shape=side, strides=stride, pads=pads)
    hollow = [axis.hollow for axis in axes]
    return g.bordered(y, hollow, 2, 0.0) if any(map(any, hollow)) else y


def adaptive_avg_pool(g: Graph, layer: LayerPlan, x: str) -> str:
    return _adaptive(g, layer, x, "AveragePool", "ReduceMean")


def adaptive_max_pool(g: Graph, layer: LayerPlan, x: str) -> str:
    return _adaptive(g, layer, x, "MaxPool", "ReduceMax")


def _adaptive(g: Graph, layer: LayerPlan, x: str, pool: str, reduce: str) -> str:
    """One window where all are of one size; else axis by axis, each window by itself."""
    sizes, wanted = layer.input_shapes[0][1:], layer.fields["size"]
    pairs = list(zip(sizes, wanted, strict=True))
    if all(size % count == 0 for size, count in pairs):
        sides = [size // count for size, count in pairs]
        return g.op(pool, x, kernel_shape=sides, strides=sides)
    for axis, (size, count) in enumerate(pairs, 2):
        parts = []
        for place in range(count):
            start, end = place * size // count, -(-(place + 1) * size // count)
            parts.append(g.op(reduce, g.cut(x, axis, start, end), g.row([axis]), keepdims=1))
        x = g.concat(parts, axis)
    return x


def global_avg_pool(g: Graph, layer: LayerPlan, x: str, mask: str | None = None) -> str:
    if mask is None:
        return _whole(g, layer, x, "ReduceMean")
    counts = g.as_float(g.unsqueeze(g.holds(mask), 1))  # [N, 1, …]
    total = _whole(g, layer, g.times(x, counts), "ReduceSum")
    return g.op("Div", total, g.op("Max", _whole(g, layer, counts, "ReduceSum"), g.number(1.0)))


def global_max_pool(g: Graph, layer: LayerPlan, x: str, mask: str | None = None) -> str:
    if mask is None:
        return _whole(g, layer, x, "ReduceMax")
    least = g.number(-math.inf)
    y = _whole(g, layer, g.op("Where", g.holds(g.unsqueeze(mask, 1)), x, least), "ReduceMax")
    return g.op("Where", g.op("Equal", y, least), g.number(0.0), y)


def _whole(g: Graph, layer: LayerPlan, x: str, type: str) -> str:
    return g.op(type, x, g.row(range(2, 1 + len(layer.input_shapes[0]))), keepdims=0)
