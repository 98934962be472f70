"""How many steps one point of a training curve stands for."""

import math

# Below this many steps a second every step is a point of its own; above, this many points a second.
POINTS_A_SECOND = 50


class BlockSize:
    """Chooses blocks by the measured rate.

    A block of 2ᵏ steps starts at a multiple of 2ᵏ, so the blocks of two runs fit into each other.
    """

    def __init__(self) -> None:
        self._rate = 0.0

    def measure(self, steps: int, seconds: float) -> None:
        """A block of `steps` took `seconds`, evaluations apart."""
        if steps and seconds > 0:
            rate = steps / seconds
            self._rate = 0.5 * (self._rate + rate) if self._rate else rate

    def end(self, step: int) -> int:
        """The last step of a block that starts after `step`."""
        wanted = (
            2 ** math.ceil(math.log2(self._rate / POINTS_A_SECOND))
            if self._rate > POINTS_A_SECOND
            else 1
        )
        while step % wanted:
            wanted //= 2
        return step + wanted
