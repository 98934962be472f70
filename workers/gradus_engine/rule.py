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
