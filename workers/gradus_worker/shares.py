"""Fair shares of one thread's time: a tree of weighted queues.

Start-time fair queueing (Goyal, Vin, Cheng 1996) in each node. Whoever waits keeps its place
on the node's clock while the clock moves on with those who are served, so waiting alone
brings everyone to the front: nobody with a weight above zero starves, whatever the others'
turns cost. Whoever was away comes back at the present clock and has saved nothing up, and
time that nobody else wanted is not charged.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Path = tuple[Hashable, ...]


@dataclass(slots=True)
class Share:
    """One node: who is below it, and how far each has come on this node's clock."""

    clock: float = 0.0
    contended: bool = False  # whether more than one waited at the last pick
    places: dict[Hashable, float] = field(default_factory=dict)
    below: dict[Hashable, "Share"] = field(default_factory=dict)

    def pick(self, present: Iterable[Hashable]) -> Hashable:
        """Who of `present` is served next: the one furthest behind, the earlier one if equal."""
        waiting = list(dict.fromkeys(present))
        self._forget(waiting)
        for name in waiting:
            self.places.setdefault(name, self.clock)
        self.contended = len(waiting) > 1
        first = min(waiting, key=self.places.__getitem__)
        self.clock = self.places[first]
        return first

    def charge(self, name: Hashable, seconds: float, weight: float) -> None:
        cost = seconds / weight if self.contended else 0.0
        self.places[name] = self.places.get(name, self.clock) + cost

    def _forget(self, present: Sequence[Hashable]) -> None:
        for name in self.places.keys() - set(present):
            # A debt is kept until the clock has passed it: leaving must not be a way to jump.
            if self.places[name] <= self.clock:
                del self.places[name]
                self.below.pop(name, None)


@dataclass(slots=True)
class Shares:
    """A tree of shares; a leaf is named by its path from the root.

    `weights` holds the weight of names on the first level; every other weighs 1.
    """

    weights: Mapping[str, float]
    root: Share = field(default_factory=Share)

    def pick(self, leaves: Sequence[Path]) -> Path:
        """The leaf to serve now. `leaves` must not be empty, all paths of one length."""
        node = self.root
        chosen: Path = ()
        for depth in range(len(leaves[0])):
            step = node.pick(leaf[depth] for leaf in leaves if leaf[:depth] == chosen)
            chosen = (*chosen, step)
            node = node.below.setdefault(step, Share())
        return chosen

    def charge(self, leaf: Path, seconds: float) -> None:
        """Count `seconds` of service to every node on the way to `leaf`."""
        node = self.root
        for depth, name in enumerate(leaf):
            node.charge(name, seconds, self.weights.get(str(name), 1.0) if depth == 0 else 1.0)
            node = node.below.setdefault(name, Share())
