"""What every update rule offers."""

from typing import Protocol

from torch import Tensor


class Optimizer(Protocol):
    """One update rule; `vectors` and `count` are its whole state."""

    count: int
    vectors: dict[str, Tensor]

    def update(self, rate: float) -> None:
        """Move the values against their gradients with learning rate `rate`."""

    def last_update(self) -> Tensor:
        """What the last call of `update` added to the values."""


class Descent(Optimizer, Protocol):
    """A rule that follows the gradients with one learning rate for all."""

    _rate: float

    def follow(self, count: int, rate: float) -> None:
        """Take it that `count` updates were made elsewhere, by this rule and on these vectors, the
        last of them with learning rate `rate`."""
        self.count += count
        self._rate = rate
