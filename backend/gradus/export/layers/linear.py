"""The fully connected layer."""

from gradus.export.code import Code, call, module, unless
from gradus.export.layers.activations import activated
from gradus.planned import LayerPlan


def linear(layer: LayerPlan) -> Code:
    fields = layer.fields
    inputs = layer.input_shapes[0][-1]
    text = call("nn.Linear", inputs, fields["units"], bias=unless(fields["bias"], True))
    return activated(module(text), fields["activation"])
