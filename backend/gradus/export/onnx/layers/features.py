"""Functions of a point's coordinates."""

from collections.abc import Sequence

from gradus.export.onnx.graph import Graph
from gradus.layers.features import centres, powers
from gradus.planned import LayerPlan


def features(g: Graph, layer: LayerPlan, points: str) -> str:
    """φ(x, y) for the chosen terms, then products and bumps: [N, 2] → [N, features]."""
    fields = layer.fields
    width, radial = fields["width"], fields["radial"]
    x, y = g.cut(points, 1, 0, 1), g.cut(points, 1, 1, 2)
    found = [_term(g, name, x, y) for name in fields["terms"]]
    found += [g.times(*[x] * i, *[y] * j) for i, j in powers(fields["degree"])]
    if radial:
        found.append(_bumps(g, x, y, centres(radial), width))
    return g.concat(found, 1)


def _bumps(g: Graph, x: str, y: str, places: Sequence[tuple[float, float]], width: float) -> str:
    """exp(−d² / (2 width²)) for the distance d from each place: [N, 1] twice → [N, places]."""
    lines = [
        g.less(each, g.numbers(line))
        for each, line in zip((x, y), zip(*places, strict=True), strict=True)
    ]
    away = g.add(*[g.times(line, line) for line in lines])
    return g.op("Exp", g.times(away, g.number(-1 / (2 * width**2))))


def _term(g: Graph, name: str, x: str, y: str) -> str:
    of = y if "y" in name else x
    if name == "xy":
        return g.times(x, y)
    if name.startswith("sin"):
        return g.op("Sin", of)
    return g.times(of, of) if name.endswith("2") else of
