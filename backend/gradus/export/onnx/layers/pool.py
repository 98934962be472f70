"""Pooling."""

import math

from gradus.export.layers import window
from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers.conv import onnx_pads
from gradus.export.onnx.tensors import floats
from gradus.planned import LayerPlan


def _cells(layer: LayerPlan) -> window.Sides:
    fields = layer.fields
    return window.added(fields["padding"], layer.input_shapes[0], fields["size"], fields["stride"])


def _hollow(layer: LayerPlan, cells: window.Sides) -> bool:
    """Whether some window may lie on padding alone, of which ONNX says nothing."""
    sizes = layer.fields["size"]
    return any(max(both) >= side for both, side in zip(cells, sizes, strict=True))


def _slid(g: Graph, layer: LayerPlan, type: str, x: str, pads: list[int] | None = None) -> str:
    fields = layer.fields
    return g.op(type, x, kernel_shape=fields["size"], strides=fields["stride"], pads=pads)


def _padded(g: Graph, x: str, cells: window.Sides, value: float) -> str:
    befores, behinds = [a for a, _ in cells], [b for _, b in cells]
    return g.op("Pad", x, g.row([0, 0, *befores, 0, 0, *behinds]), g.number(value))


def max_pool(g: Graph, layer: LayerPlan, x: str) -> str:
    cells = _cells(layer)
    if not _hollow(layer, cells):
        return _slid(g, layer, "MaxPool", x, onnx_pads(cells))
    least = g.number(-math.inf)
    y = _slid(g, layer, "MaxPool", _padded(g, x, cells, -math.inf))
    return g.op("Where", g.op("Equal", y, least), g.number(0.0), y)


def avg_pool(g: Graph, layer: LayerPlan, x: str) -> str:
    """The mean over the cells inside, as ONNX takes it where nothing else is said."""
    cells = _cells(layer)
    if not _hollow(layer, cells):
        return _slid(g, layer, "AveragePool", x, onnx_pads(cells))
    y = _slid(g, layer, "AveragePool", _padded(g, x, cells, 0.0))
    for axis in range(len(cells)):
        y = g.times(y, _shares(g, layer, cells, axis))
    return y


def _shares(g: Graph, layer: LayerPlan, cells: window.Sides, axis: int) -> str:
    """By how much the mean over a window grows once only cells inside count; 0 without any."""
    fields, size = layer.fields, layer.input_shapes[0][1 + axis]
    side, stride, before = fields["size"][axis], fields["stride"][axis], cells[axis][0]
    starts = [place * stride - before for place in range(layer.output[1 + axis])]
    inside = [max(0, min(start + side, size) - max(start, 0)) for start in starts]
    behind = [1] * (len(cells) - 1 - axis)
    return g.model.constant(
        floats([side / count if count else 0.0 for count in inside], [len(inside), *behind])
    )


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


def global_avg_pool(g: Graph, layer: LayerPlan, x: str) -> str:
    return _whole(g, layer, x, "ReduceMean")


def global_max_pool(g: Graph, layer: LayerPlan, x: str) -> str:
    return _whole(g, layer, x, "ReduceMax")


def _whole(g: Graph, layer: LayerPlan, x: str, type: str) -> str:
    return g.op(type, x, g.row(range(2, 1 + len(layer.input_shapes[0]))), keepdims=0)
