"""Both ends of a body that runs for every slice. N samples, S slices."""

from gradus.export.code import Code, function
from gradus.planned import LayerPlan


def each_start(layer: LayerPlan) -> Code:
    """Every slice as a sample of its own: [N, S, …] → [N·S, …]."""
    return function("{0}.flatten(0, 1)", "nn.Flatten(0, 1)")


def each_end(layer: LayerPlan) -> Code:
    """The slices together again: [N·S, …] beside what was cut → [N, S, …]."""
    return function("{0}.reshape(*{1}.shape[:2], *{0}.shape[1:])")
