"""What takes the place of plain steps."""

from typing import Literal, Protocol

from torch import Tensor

Tier = Literal["compiled", "graph"]


class Quick(Protocol):
    """The gradient of batches of one form by another tier; `key` names the structure it is for."""

    tier: Tier
    key: str

    def fits(self, inputs: Tensor, targets: Tensor) -> bool:
        """Whether it was made for batches like this."""

    def __call__(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The batch's output and its loss, a scalar, with its gradient in place."""
