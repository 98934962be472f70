"""How many sockets are open, in all and for each visitor."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from gradus_server.limits import SOCKETS, SOCKETS_OF_ONE


class Places:
    """Used on the event loop alone, so that counting needs no lock."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        return self._taken.total()

    @contextmanager
    def take(self, visitor: str) -> Iterator[bool]:
        """A place for the length of the block; False when there is none."""
        free = self.taken < SOCKETS and self._taken[visitor] < SOCKETS_OF_ONE
        self._taken[visitor] += free
        try:
            yield free
        finally:
            self._taken[visitor] -= free
            if not self._taken[visitor]:
                del self._taken[visitor]
