"""The position-wise feed-forward net of a Transformer."""

from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers.activations import activated
from gradus.planned import LayerPlan


def feed_forward(g: Graph, layer: LayerPlan, x: str) -> str:
    layer.fields["hidden"], layer.fields["bias"]  # said by the weights
    hidden = g.linear(x, g.own("hidden_weight"), g.maybe("hidden_bias"))
    hidden = activated(g, hidden, layer.fields["activation"])
    return g.linear(hidden, g.own("output_weight"), g.maybe("output_bias"))
