"""What a look inside a layer has before it."""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from gradus.planned import LayerPlan

# Of what is longer the beginning travels: as much as a card can show.
MOST_STEPS = 64
MOST_UNITS = 64
MOST_HEADS = 16


@dataclass(frozen=True, slots=True)
class Look:
    """A layer, what it read [N, …] and what it and the layers before it gave, by name."""

    plan: LayerPlan
    module: nn.Module
    read: tuple[Tensor, ...]
    values: Mapping[str, Tensor]
    batch: int  # samples of one step

    @property
    def given(self) -> Tensor:
        """The output of the layer: [N, …]."""
        return self.values[self.plan.name]

    def extra(self, name: str) -> Tensor:
        """A further output, without the batch axis."""
        return self.values[f"{self.plan.name}.{name}"][0]
