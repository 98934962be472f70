"""Layers over trees and graphs. N samples, L nodes, D features, H units."""

from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers.activations import activated
from gradus.export.onnx.tensors import FLOAT, INT64
from gradus.planned import LayerPlan


def tree_lstm(
    g: Graph, layer: LayerPlan, x: str, parents: str, mask: str | None = None
) -> tuple[str, str]:
    """The child-sum tree: [N, L, D] and parents [N, L] → [N, L, H] or [N, H], and the root's.

    Nodes are walked through in their order, children before parents. What is known of all nodes
    is the state of the walk, 0 for those that have not come yet.
    """
    units = layer.fields["units"]
    layer.fields["bias"]
    own = g.as_float(mask) if mask is not None else g.expand(g.number(1.0), g.shape(parents))
    inputs = g.linear(x, g.own("weight_ih"), g.maybe("bias"))
    zeros = g.expand(g.number(0.0), g.shape(x, 0, 2), units)
    order = g.unsqueeze(g.places(x, 1), 0)
    weights = _matrices(g)

    def step(body: Graph, before: list[str], now: list[str]) -> tuple[list[str], list[str]]:
        hidden, memories = before
        gates, kept, node = now
        is_child = body.as_float(body.op("Equal", parents, node))
        child = body.unsqueeze(is_child, 2)  # [N, L, 1]
        h, c = _node(body, gates, (hidden, memories), child, weights)
        here = body.as_float(body.op("Equal", order, node))
        place = body.times(body.unsqueeze(here, 2), body.unsqueeze(body.unsqueeze(kept, 1), 2))
        states = [
            body.add(all_nodes, body.times(place, body.unsqueeze(one, 1)))
            for all_nodes, one in ((hidden, h), (memories, c))
        ]
        return states, []

    walked = [(inputs, FLOAT), (own, FLOAT), (order, INT64)]
    (states, _), _ = g.scan(step, [zeros, zeros], walked)
    root = g.op("GatherND", states, g.unsqueeze(_roots(g, own), 1), batch_dims=1)
    return (states if layer.fields["returns"] == "nodes" else root), root


def _matrices(g: Graph) -> tuple[str, str]:
    """U of the forget gate, and of i, o and u one under the other."""
    i, f, o, u = g.chunks(g.own("weight_hh"), 4, 0)
    return f, g.concat([i, o, u], 0)


def _node(
    g: Graph, inputs: str, before: tuple[str, str], child: str, weights: tuple[str, str]
) -> tuple[str, str]:
    """State and memory of one node from those of its children."""
    hidden, memories = before
    forget, others = weights
    x_i, x_f, x_o, x_u = g.chunks(inputs, 4, 1)
    asked = g.add(g.linear(hidden, forget), g.unsqueeze(x_f, 1))  # [N, L, H]
    remembered = g.total(g.times(child, g.op("Sigmoid", asked), memories), 1)
    summed = g.total(g.times(child, hidden), 1)
    h_i, h_o, h_u = g.chunks(g.linear(summed, others), 3, 1)
    written = g.times(g.op("Sigmoid", g.add(x_i, h_i)), g.op("Tanh", g.add(x_u, h_u)))
    c = g.add(written, remembered)
    return g.times(g.op("Sigmoid", g.add(x_o, h_o)), g.op("Tanh", c)), c


def _roots(g: Graph, own: str) -> str:
    """The place of the last node of each tree: [N]."""
    there = g.as_whole(g.op("Greater", own, g.number(0.0)))
    return g.op("ArgMax", g.times(g.places(own, 1), there), axis=1, keepdims=0)


def graph_conv(g: Graph, layer: LayerPlan, x: str, adjacency: str) -> str:
    """a(D^−½ (A + I) D^−½ X Wᵀ + b)."""
    layer.fields["units"], layer.fields["bias"]  # said by the weights
    nodes = g.places(x, 1)
    one = g.as_float(g.op("Equal", g.unsqueeze(nodes, 0), g.unsqueeze(nodes, 1)))
    joined = g.add(g.as_float(adjacency), one)
    scale = g.op("Reciprocal", g.op("Sqrt", g.total(joined, 2, keep=True)))  # [N, L, 1]
    mixed = g.matmul(joined, g.times(scale, g.linear(x, g.own("weight"))))
    mixed = g.times(scale, mixed)
    if bias := g.maybe("bias"):
        mixed = g.add(mixed, bias)
    return activated(g, mixed, layer.fields["activation"])
