"""Functions of a point's coordinates."""

from gradus.export.onnx.graph import Graph
from gradus.planned import LayerPlan


def features(g: Graph, layer: LayerPlan, points: str) -> str:
    """φ(x, y) for the chosen terms: [N, 2] → [N, terms]."""
    x, y = g.cut(points, 1, 0, 1), g.cut(points, 1, 1, 2)
    return g.concat([_term(g, name, x, y) for name in layer.fields["terms"]], 1)


def _term(g: Graph, name: str, x: str, y: str) -> str:
    of = y if "y" in name else x
    if name == "xy":
        return g.times(x, y)
    if name.startswith("sin"):
        return g.op("Sin", of)
    return g.times(of, of) if name.endswith("2") else of
