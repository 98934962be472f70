"""Noise that is there only while a network trains."""

from gradus.export.code import Code, call, module
from gradus.planned import LayerPlan

NOISE = '''
class GaussianNoise(nn.Module):
    """Adds normal noise while training."""

    def __init__(self, std):
        super().__init__()
        self.std = std

    def forward(self, x):
        return x + self.std * torch.randn_like(x) if self.training else x
'''


def dropout(layer: LayerPlan) -> Code:
    return module(call("nn.Dropout", layer.fields["rate"]))


def dropout2d(layer: LayerPlan) -> Code:
    axes = len(layer.input_shapes[0]) - 1
    kind = {2: "nn.Dropout2d", 3: "nn.Dropout3d"}.get(axes, "nn.Dropout1d")
    if axes == 0:  # a channel of one number
        kind = "nn.Dropout"
    return module(call(kind, layer.fields["rate"]))


def gaussian_noise(layer: LayerPlan) -> Code:
    return module(call("GaussianNoise", layer.fields["std"]), NOISE)
