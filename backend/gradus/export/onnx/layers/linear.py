"""The fully connected layer."""

from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers.activations import activated
from gradus.planned import LayerPlan


def linear(g: Graph, layer: LayerPlan, x: str) -> str:
    layer.fields["units"], layer.fields["bias"]  # said by the weights
    weight, bias = g.own("weight"), g.maybe("bias")
    if len(layer.input_shapes[0]) == 1:
        y = g.op("Gemm", x, weight, *([bias] if bias else []), transB=1)
    else:
        y = g.linear(x, weight, bias)
    return activated(g, y, layer.fields["activation"])
