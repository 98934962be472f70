"""Layers that join several inputs."""

from gradus.export.onnx.graph import Graph
from gradus.planned import LayerPlan


def add(g: Graph, layer: LayerPlan, *inputs: str) -> str:
    return g.add(*inputs)


def multiply(g: Graph, layer: LayerPlan, *inputs: str) -> str:
    return g.times(*inputs)


def mean(g: Graph, layer: LayerPlan, *inputs: str) -> str:
    return g.op("Div", g.add(*inputs), g.number(len(inputs)))


def concat(g: Graph, layer: LayerPlan, *inputs: str) -> str:
    return g.concat(inputs, layer.fields["axis"] + 1)
