"""Weight decay beside an update rule (Loshchilov and Hutter 2019), whatever the rule is."""

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from gradus.planned import LayerPlan
from gradus_engine.flat import FlatParameters
from gradus_engine.rule import Descent


def own_decays(layers: Iterable[LayerPlan]) -> dict[str, float]:
    """The decay of each layer that has one of its own, by its full path."""
    said = {layer.name: layer.fields.get("weight_decay") for layer in layers}
    return {name: decay for name, decay in said.items() if decay is not None}


def decay_rates(
    flat: FlatParameters, part: Tensor, decay: float, own: Mapping[str, float]
) -> Tensor | float | None:
    """The decay of each of the first numbers of `flat` that `part` holds.

    One number where it is the same for all, None where nothing decays.
    """
    if not own:
        return decay or None
    rates = torch.full_like(flat.values, decay)
    for name in flat.places:
        layer = name.rpartition(".")[0]
        if layer in own:
            flat.slice(rates, name).fill_(own[layer])
    return rates[: len(part)]


class Decayed:
    """θ ← (1 − η λ) θ for the values in `part`, then the rule's own update of all."""

    def __init__(
        self, flat: FlatParameters, part: Tensor, rule: Descent, decay: Tensor | float
    ) -> None:
        self._flat = flat
        self._part = part
        self._rule = rule
        self._decay = decay
        self._rate = 0.0
        self.vectors = rule.vectors

    @property
    def count(self) -> int:
        """Updates so far."""
        return self._rule.count

    @count.setter
    def count(self, count: int) -> None:
        self._rule.count = count

    def update(self, rate: float) -> None:
        """Shrink the values, then move them against their gradients with learning rate `rate`."""
        self._rate = rate
        self._part.mul_(1 - rate * self._decay)
        self._rule.update(rate)

    def follow(self, count: int, rate: float) -> None:
        """Take it that `count` updates were made elsewhere, the last with learning rate `rate`."""
        self._rate = rate
        self._rule.follow(count, rate)

    def shares(self) -> Tensor:
        """The decay of every value, as long as all of them: [P]."""
        shares = torch.zeros_like(self._flat.values)
        shares[: len(self._part)] = self._decay
        return shares

    def last_update(self) -> Tensor:
        """What the last call of `update` added to the values."""
        update = self._rule.last_update()
        if not self.count:
            return update
        update = update.clone()
        moved = update[: len(self._part)]
        kept = 1 - self._rate * self._decay
        # The values before it were (θ − update) / kept; the decay took the rest of them.
        moved += (self._part - moved) * (1 - 1 / kept)
        return update
