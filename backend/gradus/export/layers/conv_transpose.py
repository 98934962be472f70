"""Transposed convolution."""

from gradus.export.code import Code, brief, call, module, unless
from gradus.export.layers.activations import activated
from gradus.layers.conv_transpose import cut
from gradus.planned import LayerPlan

CUT = '''
class Cut{0}(nn.{0}):
    """A transposed convolution of which another number of cells is cut off on each side."""

    def __init__(self, *sizes, cut, **options):
        super().__init__(*sizes, **options)
        self.cut = cut  # in the order of F.pad; a negative number cuts off

    def forward(self, x):
        full = F.{1}(
            x, self.weight, None, self.stride, 0, 0, self.groups, self.dilation
        )
        maps = F.pad(full, self.cut)
        if self.bias is None:
            return maps
        return maps + self.bias.view(-1, *[1] * (maps.dim() - 2))
'''


def _transposed(layer: LayerPlan, kind: str, compute: str) -> Code:
    fields, shape = layer.fields, layer.input_shapes[0]
    stride, dilation, more = fields["stride"], fields["dilation"], fields["output_padding"]
    axes = zip(shape[1:], fields["kernel"], stride, dilation, strict=True)
    cuts = [cut(fields["padding"], axis, *sizes) for axis, sizes in enumerate(axes)]
    # Torch cuts as much behind as before, and then leaves `output_padding` of it.
    left = [before - behind + each for (before, behind), each in zip(cuts, more, strict=True)]
    plain = all(0 <= each < max(s, d) for each, s, d in zip(left, stride, dilation, strict=True))
    pad = [n for (a, b), each in zip(cuts, more, strict=True) for n in (each - b, -a)][::-1]
    text = call(
        f"nn.{kind}" if plain else f"Cut{kind}",
        shape[0],
        fields["filters"],
        brief(fields["kernel"]),
        stride=unless(brief(stride), 1),
        padding=unless(brief([before for before, _ in cuts]), 0) if plain else None,
        output_padding=unless(brief(left), 0) if plain else None,
        groups=unless(fields["groups"], 1),
        bias=unless(fields["bias"], True),
        dilation=unless(brief(dilation), 1),
        cut=None if plain else tuple(pad),
    )
    code = module(text) if plain else module(text, CUT.format(kind, compute))
    return activated(code, fields["activation"])


def conv_transpose1d(layer: LayerPlan) -> Code:
    return _transposed(layer, "ConvTranspose1d", "conv_transpose1d")


def conv_transpose2d(layer: LayerPlan) -> Code:
    return _transposed(layer, "ConvTranspose2d", "conv_transpose2d")
