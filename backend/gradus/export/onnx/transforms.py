"""Transforms in front of a network, so that its file reads samples as the dataset has them.

What is random is left out, as in prediction; what was fitted stands in the weights' metadata.
N samples, C channels, H rows, W columns, F features.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradus.datasets import FACTS
from gradus.export.onnx.graph import Graph, Model, Node
from gradus.export.onnx.tensors import floats
from gradus.planned import LayerPlan, NetworkPlan, Plan, Shape
from gradus.problems import Report

Told = Mapping[str, Any]  # a transform's fields, with the numbers that it was fitted to


def reading(plan: Plan, network: NetworkPlan) -> tuple[str, ...]:
    """The inputs of a network that samples of the data go into."""
    if plan.dataset is None:
        return ()
    if not plan.several:
        return tuple(network.inputs)[:1]
    prefix = f"{network.name}/"
    calls = [call for step in plan.train.steps for call in step.calls]
    read = {
        own
        for call in calls
        if call.network == network.name
        for own, source in call.sources.items()
        if source == "batch"
    }
    return tuple(name for name in network.inputs if name.removeprefix(prefix) in read)


def before(plan: Plan) -> Shape:
    """A sample's shape in front of all transforms."""
    assert plan.dataset is not None
    return FACTS[plan.dataset.name].input


def refuse(plan: Plan, told: Sequence[Told], report: Report) -> None:
    """Reports transforms that ONNX cannot say, and those whose fitted numbers nobody kept."""
    own = len(told) - len(plan.dataset.transforms if plan.dataset else ())
    for place, fields in enumerate(told, start=-own):
        path = f"/data/transforms/{place}" if place >= 0 else "/data"
        kind = str(fields["type"])
        if kind not in WRITE:
            report.add("export.onnx.transform", path, type=kind)
        elif any(fields.get(name) is None for name in FITTED.get(kind, ())):
            report.add("export.onnx.fitted", path, type=kind)


def write(model: Model, name: str, shape: Shape, told: Sequence[Told]) -> tuple[str, list[Node]]:
    """The value that the network reads in place of its input `name`, and what makes it."""
    nodes, value = list[Node](), name
    for place, fields in enumerate(told):
        graph = Graph(model, _named(f"transforms[{place}]"))
        value, shape = WRITE[fields["type"]](graph, value, shape, fields)
        nodes += graph.nodes
    return value, nodes


def _named(name: str) -> LayerPlan:
    """What nodes are named after."""
    return LayerPlan(name, "transform", {}, (), (), (), (), 0, 0, 0, None, "")


def _standardize(graph: Graph, x: str, shape: Shape, told: Told) -> tuple[str, Shape]:
    moved = graph.less(x, _numbers(graph, told["mean"]))
    return graph.op("Div", moved, _numbers(graph, told["deviation"])), shape


def _mean_image(graph: Graph, x: str, shape: Shape, told: Told) -> tuple[str, Shape]:
    return graph.less(x, _numbers(graph, told["mean"])), shape


def _one_hot(graph: Graph, x: str, shape: Shape, told: Told) -> tuple[str, Shape]:
    column, values = told["column"], told["values"]
    kinds = graph.model.constant(floats([float(kind) for kind in range(values)]))
    own = graph.cut(x, 1, column, column + 1)
    hot = graph.as_float(graph.op("Equal", own, kinds))
    parts = [graph.cut(x, 1, 0, column)] if column else []
    parts += [hot]
    parts += [graph.cut(x, 1, column + 1)] if column + 1 < shape[0] else []
    return graph.concat(parts, 1), (shape[0] - 1 + values,)


def _resize(graph: Graph, x: str, shape: Shape, told: Told) -> tuple[str, Shape]:
    """Both axes one after the other: a picture between two matrices, or some of its cells."""
    channels, *sides = shape
    for axis, (before, after) in enumerate(zip(sides, told["size"], strict=True), start=2):
        if told["mode"] == "nearest":
            x = graph.op("Gather", x, graph.row(_nearest(before, after)), axis=axis)
            continue
        blend = _blend(before, after)
        rows = blend if axis == 2 else [list(row) for row in zip(*blend, strict=True)]
        flat = [number for row in rows for number in row]
        matrix = graph.model.constant(floats(flat, (len(rows), len(rows[0]))))
        x = graph.matmul(matrix, x) if axis == 2 else graph.matmul(x, matrix)
    return x, (channels, *told["size"])


def _nearest(before: int, after: int) -> list[int]:
    """The cell that each new cell is taken from, rounded as PyTorch rounds."""
    scale = _single(before / after)
    return [min(int(_single(scale * place)), before - 1) for place in range(after)]


def _single(number: float) -> float:
    return array("f", [number])[0]


def _blend(before: int, after: int) -> list[list[float]]:
    """Shares of the old cells in each new one: a tent over its middle, as wide as it shrinks."""
    scale = before / after
    width = max(scale, 1.0)
    rows = []
    for place in range(after):
        middle = scale * (place + 0.5)
        tent = [max(0.0, 1 - abs(cell + 0.5 - middle) / width) for cell in range(before)]
        rows.append([share / sum(tent) for share in tent])
    return rows


def _center_crop(graph: Graph, x: str, shape: Shape, told: Told) -> tuple[str, Shape]:
    channels, *sides = shape
    for axis, (side, kept) in enumerate(zip(sides, told["size"], strict=True), start=2):
        start = (side - kept) // 2
        x = graph.cut(x, axis, start, start + kept)
    return x, (channels, *told["size"])


def _random_crop(graph: Graph, x: str, shape: Shape, told: Told) -> tuple[str, Shape]:
    channels, *sides = shape
    cells = [(added, added) for added in told["padding"]]
    if any(told["padding"]):
        x = graph.bordered(x, cells, 2, 0.0)
    wide = [side + 2 * added for side, added in zip(sides, told["padding"], strict=True)]
    return _center_crop(graph, x, (channels, *wide), told)


def _at_rest(graph: Graph, x: str, shape: Shape, told: Told) -> tuple[str, Shape]:
    return x, shape


def _numbers(graph: Graph, nested: Any) -> str:
    """A constant out of lists in lists."""
    shape, flat = list[int](), [nested]
    while isinstance(flat[0], list):
        shape.append(len(flat[0]))
        flat = [each for row in flat for each in row]
    return graph.model.constant(floats(flat, shape))


FITTED = {"standardize": ("mean", "deviation"), "mean_image": ("mean",)}
WRITE: dict[str, Callable[[Graph, str, Shape, Told], tuple[str, Shape]]] = {
    "standardize": _standardize,
    "mean_image": _mean_image,
    "one_hot": _one_hot,
    "resize": _resize,
    "center_crop": _center_crop,
    "random_crop": _random_crop,
    "flip": _at_rest,
    "scale": _at_rest,
    "color": _at_rest,
    "noise": _at_rest,
}
