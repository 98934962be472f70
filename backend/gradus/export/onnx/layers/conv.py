"""Convolution."""

from gradus.export.layers import window
from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers.activations import activated
from gradus.planned import LayerPlan


def convolution(g: Graph, layer: LayerPlan, x: str) -> str:
    """Whatever is added on each side, ONNX pads it itself."""
    fields, shape = layer.fields, layer.input_shapes[0]
    fields["filters"], fields["bias"]  # said by the weights
    kernel, stride, dilation = (fields[name] for name in ("kernel", "stride", "dilation"))
    cells = window.added(fields["padding"], shape, kernel, stride, dilation)
    weight, bias = g.own("weight"), g.maybe("bias")
    if fields["flip"]:
        weight = _flipped(g, weight, len(kernel))
    maps = g.op(
        "Conv",
        x,
        weight,
        *([bias] if bias else []),
        kernel_shape=kernel,
        strides=stride,
        dilations=dilation,
        group=fields["groups"],
        pads=onnx_pads(cells),
    )
    return activated(g, maps, fields["activation"])


def onnx_pads(cells: window.Sides) -> list[int]:
    """All beginnings, then all ends."""
    return [before for before, _ in cells] + [behind for _, behind in cells]


def _flipped(g: Graph, weight: str, axes: int) -> str:
    starts, ends = g.row([-1] * axes), g.row([-(2**62)] * axes)
    return g.op("Slice", weight, starts, ends, g.row(range(2, 2 + axes)), g.row([-1] * axes))
