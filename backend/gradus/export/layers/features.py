"""Functions of a point's coordinates."""

from gradus.export.code import Code, call, module
from gradus.planned import LayerPlan

FEATURES = '''
class Features(nn.Module):
    """Functions of a point's coordinates: [N, 2] → [N, terms]."""

    TERMS = {
        "x": lambda x, y: x,
        "y": lambda x, y: y,
        "x2": lambda x, y: x * x,
        "y2": lambda x, y: y * y,
        "xy": lambda x, y: x * y,
        "sin_x": lambda x, y: torch.sin(x),
        "sin_y": lambda x, y: torch.sin(y),
    }

    def __init__(self, *terms):
        super().__init__()
        self.functions = [self.TERMS[term] for term in terms]

    def forward(self, points):
        x, y = points[:, :1], points[:, 1:]
        return torch.cat([function(x, y) for function in self.functions], 1)
'''


def features(layer: LayerPlan) -> Code:
    return module(call("Features", *layer.fields["terms"]), FEATURES)
