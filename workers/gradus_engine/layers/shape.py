"""Layers that only rearrange."""

import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan


class Flatten(nn.Module):
    """All numbers of a sample in one row: [N, …] → [N, product of …]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)


class Reshape(nn.Module):
    """The same numbers in another shape: [N, …] → [N, *shape]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.shape = plan.output

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(len(x), *self.shape)


class Permute(nn.Module):
    """The axes of each sample in another order."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.axes = (0, *(axis + 1 for axis in plan.fields["axes"]))

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(self.axes)


class Upsample(nn.Module):
    """A larger picture: [N, C, H, W] → [N, C, H · factor, W · factor].

    Blending puts the corners of cells on corners, as pictures are usually scaled.
    """

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.factor = tuple(float(each) for each in plan.fields["factor"])
        self.mode: str = plan.fields["mode"]

    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(x, scale_factor=self.factor, mode=self.mode)


class Pad(nn.Module):
    """Cells of one value around a line or a picture."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        # In torch's order: the last axis first.
        added = [plan.fields["channels"], *plan.fields["sides"]]
        self.pad = tuple(cells for both in reversed(added) for cells in both)
        self.value: float = plan.fields["value"]

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, self.pad, value=self.value)


class Select(nn.Module):
    """One slice of an axis: [N, …, size, …] → [N, …, …]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.axis: int = plan.fields["axis"] + 1
        self.index: int = plan.fields["index"]

    def forward(self, x: Tensor) -> Tensor:
        return x.select(self.axis, self.index)
