"""Layers that only rearrange, and those that do nothing once a network is trained."""

from gradus.export.onnx.graph import Graph, sized
from gradus.export.onnx.tensors import floats
from gradus.planned import LayerPlan


def same(g: Graph, layer: LayerPlan, x: str) -> str:
    """Noise that is there only while a network trains."""
    for name in layer.fields:
        layer.fields[name]
    return x


def sample_normal(g: Graph, layer: LayerPlan, mean: str, log_variance: str) -> tuple[str, str, str]:
    """The mean, as in prediction."""
    return mean, mean, log_variance


def flatten(g: Graph, layer: LayerPlan, x: str) -> str:
    return g.op("Flatten", x, axis=1)


def reshape(g: Graph, layer: LayerPlan, x: str) -> str:
    layer.fields["shape"]
    return g.reshape(x, 0, *sized(layer.output))


def permute(g: Graph, layer: LayerPlan, x: str) -> str:
    return g.transpose(x, 0, *(axis + 1 for axis in layer.fields["axes"]))


def upsample(g: Graph, layer: LayerPlan, x: str) -> str:
    scales = [1.0, 1.0, *map(float, layer.fields["factor"])]
    given = (x, "", g.model.constant(floats(scales)))
    if layer.fields["mode"] == "nearest":
        how = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return g.op("Resize", *given, mode="nearest", **how)
    return g.op("Resize", *given, mode="linear", coordinate_transformation_mode="half_pixel")


def pad(g: Graph, layer: LayerPlan, x: str) -> str:
    cells = [layer.fields["channels"], *layer.fields["sides"]]
    return g.bordered(x, cells, 1, layer.fields["value"])


def select(g: Graph, layer: LayerPlan, x: str) -> str:
    return g.op("Gather", x, g.whole(layer.fields["index"]), axis=layer.fields["axis"] + 1)


def each_start(g: Graph, layer: LayerPlan, x: str) -> str:
    """[N, S, …] → [N · S, …]."""
    return g.like(x, g.sizes(-1, g.shape(x, 2)))


def each_end(g: Graph, layer: LayerPlan, results: str, whole: str) -> str:
    """[N · S, …] beside what was cut, [N, S, …] → [N, S, …]."""
    return g.like(results, g.sizes(g.shape(whole, 0, 2), g.shape(results, 1)))
