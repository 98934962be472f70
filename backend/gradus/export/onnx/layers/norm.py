"""Normalization."""

from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers.activations import activated
from gradus.layers.norm import LayerNorm
from gradus.planned import LayerPlan


def batch_norm(g: Graph, layer: LayerPlan, x: str) -> str:
    """By the running statistics, as in prediction."""
    fields, channels = layer.fields, layer.input_shapes[0][0]
    fields["momentum"]
    scale, shift = _affine(g, layer, (channels,))
    mean, variance = g.own("running_mean"), g.own("running_var")
    normal = g.op(
        "BatchNormalization", x, scale, shift, mean, variance, epsilon=float(fields["eps"])
    )
    return activated(g, normal, fields["activation"])


def layer_norm(g: Graph, layer: LayerPlan, x: str) -> str:
    fields = layer.fields
    shape = LayerNorm(axes=fields["axes"]).normalized(layer.input_shapes[0])
    scale, shift = _affine(g, layer, shape)
    normal = g.op(
        "LayerNormalization", x, scale, shift, axis=-len(shape), epsilon=float(fields["eps"])
    )
    return activated(g, normal, fields["activation"])


def group_norm(g: Graph, layer: LayerPlan, x: str) -> str:
    """Groups as channels of one long line each."""
    fields, rank = layer.fields, len(layer.input_shapes[0])
    groups = fields["groups"]
    normal = g.op(
        "InstanceNormalization",
        g.reshape(x, 0, groups, -1),
        g.filled(1.0, groups),
        g.filled(0.0, groups),
        epsilon=float(fields["eps"]),
    )
    y = g.like(normal, g.shape(x))
    if fields["affine"]:
        weight, bias = (g.channels(g.own(name), rank - 1) for name in ("weight", "bias"))
        y = g.add(g.times(y, weight), bias)
    return activated(g, y, fields["activation"])


def _affine(g: Graph, layer: LayerPlan, shape: tuple[int, ...]) -> tuple[str, str]:
    if layer.fields["affine"]:
        return g.own("weight"), g.own("bias")
    return g.filled(1.0, *shape), g.filled(0.0, *shape)


def local_response_norm(g: Graph, layer: LayerPlan, x: str) -> str:
    fields, shape = layer.fields, layer.input_shapes[0]
    size, alpha, beta, k = (fields[name] for name in ("size", "alpha", "beta", "k"))
    squares = g.times(x, x)
    if fields["across"] == "within":
        sums = _sums(g, squares, size, len(shape) - 1)
    else:
        # The channels as the lines of one picture, whatever lies behind them as its columns.
        lines = _sums(g, g.reshape(squares, 0, 1, shape[0], -1), size, 1, behind=1)
        sums = g.like(lines, g.shape(x))
    base = g.add(g.times(sums, g.number(alpha)), g.number(k))
    return g.times(x, g.op("Pow", base, g.number(-beta)))


def _sums(g: Graph, x: str, size: int, axes: int, behind: int = 0) -> str:
    """Sums over `size` neighbours along `axes` axes, clipped at the borders."""
    mean = g.op(
        "AveragePool",
        x,
        kernel_shape=[size] * axes + [1] * behind,
        pads=[size // 2] * axes + [0] * behind + [(size - 1) // 2] * axes + [0] * behind,
        count_include_pad=1,
    )
    return g.times(mean, g.number(float(size**axes)))
