"""Convolution along one axis and over pictures."""

from gradus.export.code import Code, brief, call, module, unless
from gradus.export.layers import window
from gradus.export.layers.activations import activated
from gradus.planned import LayerPlan

FLIPPED = '''
class Flipped{0}(nn.{0}):
    """A convolution as mathematics defines it: each kernel is turned round first."""

    def forward(self, x):
        turned = self.weight.flip(tuple(range(2, self.weight.dim())))
        return self._conv_forward(x, turned, self.bias)
'''


def _convolution(layer: LayerPlan, kind: str) -> Code:
    fields, shape = layer.fields, layer.input_shapes[0]
    stride, dilation = fields["stride"], fields["dilation"]
    cells = window.added(fields["padding"], shape, fields["kernel"], stride, dilation)
    inside = window.even(cells)
    flipped = fields["flip"]
    text = call(
        f"Flipped{kind}" if flipped else f"nn.{kind}",
        shape[0],
        fields["filters"],
        brief(fields["kernel"]),
        stride=unless(brief(stride), 1),
        padding=unless(brief([before for before, _ in cells]), 0) if inside else None,
        dilation=unless(brief(dilation), 1),
        groups=unless(fields["groups"], 1),
        bias=unless(fields["bias"], True),
    )
    code = module(text, *([FLIPPED.format(kind)] if flipped else []))
    if not inside:
        code = window.padding(cells).then(code)
    return activated(code, fields["activation"])


def conv1d(layer: LayerPlan) -> Code:
    return _convolution(layer, "Conv1d")


def conv2d(layer: LayerPlan) -> Code:
    return _convolution(layer, "Conv2d")
