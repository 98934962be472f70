"""Transposed convolution."""

from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers.activations import activated
from gradus.layers.conv_transpose import cut
from gradus.planned import LayerPlan


def transposed(g: Graph, layer: LayerPlan, x: str) -> str:
    """Spreads every cell over a window, then cuts the border off and adds the bias."""
    fields, shape = layer.fields, layer.input_shapes[0]
    fields["filters"], fields["bias"]  # said by the weights
    kernel, stride, dilation = (fields[name] for name in ("kernel", "stride", "dilation"))
    full = g.op(
        "ConvTranspose",
        x,
        g.own("weight"),
        kernel_shape=kernel,
        strides=stride,
        dilations=dilation,
        group=fields["groups"],
    )
    axes = zip(shape[1:], kernel, stride, dilation, strict=True)
    cuts = [cut(fields["padding"], axis, *sizes) for axis, sizes in enumerate(axes)]
    ends = zip(cuts, fields["output_padding"], strict=True)
    cells = [(-before, extra - after) for (before, after), extra in ends]
    maps = _bordered(g, full, cells)
    if bias := g.maybe("bias"):
        maps = g.add(maps, g.channels(bias, len(kernel)))
    return activated(g, maps, fields["activation"])


def _bordered(g: Graph, x: str, cells: list[tuple[int, int]]) -> str:
    """Cells of 0 before and behind each axis of maps; a negative number cuts cells off."""
    if not any(map(any, cells)):
        return x
    both = [before for before, _ in cells], [behind for _, behind in cells]
    return g.op("Pad", x, g.row([0, 0, *both[0], 0, 0, *both[1]]))
