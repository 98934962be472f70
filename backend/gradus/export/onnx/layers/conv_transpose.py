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
    maps = g.bordered(full, cells, 2, 0.0) if any(map(any, cells)) else full
    if bias := g.maybe("bias"):
        maps = g.add(maps, g.channels(bias, len(kernel)))
    return activated(g, maps, fields["activation"])
