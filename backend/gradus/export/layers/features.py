"""Functions of a point's coordinates."""

from typing import Any

from gradus.export.code import Code, call, module
from gradus.planned import LayerPlan

FEATURES = '''
class Features(nn.Module):
    """Functions of a point's coordinates, products of their powers, bumps: [N, 2] → [N, features]."""

    TERMS = {
        "x": lambda x, y: x,
        "y": lambda x, y: y,
        "x2": lambda x, y: x * x,
        "y2": lambda x, y: y * y,
        "xy": lambda x, y: x * y,
        "sin_x": lambda x, y: torch.sin(x),
        "sin_y": lambda x, y: torch.sin(y),
    }

    def __init__(self, *terms, degree=0, radial=0, width=2.0):
        super().__init__()
        self.functions = [self.TERMS[term] for term in terms]
        self.powers = [(n - j, j) for n in range(2, degree + 1) for j in range(n + 1)]
        line = [-5 + 10 * at / (radial - 1) if radial > 1 else 0 for at in range(radial)]
        self.centres = [(a, b) for b in line for a in line]
        self.width = width

    def forward(self, points):
        x, y = points[:, :1], points[:, 1:]
        found = [function(x, y) for function in self.functions]
        found += [x**i * y**j for i, j in self.powers]
        for a, b in self.centres:
            found.append(torch.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * self.width**2)))
        return torch.cat(found, 1)
'''


def features(layer: LayerPlan) -> Code:
    fields = layer.fields
    width = fields["width"]
    further: dict[str, Any] = {name: fields[name] for name in ("degree", "radial") if fields[name]}
    if fields["radial"]:
        further["width"] = width
    return module(call("Features", *fields["terms"], **further), FEATURES)
