"""Both ends of a body that runs for every slice of the first axis. N samples, S slices."""

from torch import Tensor, nn

from gradus.planned import LayerPlan


class EachStart(nn.Module):
    """Every slice as a sample of its own: [N, S, …] → [N·S, …]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(0, 1)


class EachEnd(nn.Module):
    """The slices' results together again: [N·S, …] beside what was cut, [N, S, …] → [N, S, …]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, results: Tensor, whole: Tensor) -> Tensor:
        return results.reshape(*whole.shape[:2], *results.shape[1:])
