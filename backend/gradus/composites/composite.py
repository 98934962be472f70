"""What every composite says of itself: how many layers it stands for, and which."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from gradus.layers.layer import Example
from gradus.section import Section

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure

_MOST = 10**40  # counts stop growing here: far beyond any limit, and still a number to show


class Extent(NamedTuple):
    """How many layers and edges something stands for, saturating, and how deep it is nested."""

    layers: int = 0
    edges: int = 0
    height: int = 0

    def plus(self, other: "Extent") -> "Extent":
        return Extent(
            min(_MOST, self.layers + other.layers),
            min(_MOST, self.edges + other.edges),
            max(self.height, other.height),
        )

    def times(self, count: int) -> "Extent":
        return Extent(min(_MOST, self.layers * count), min(_MOST, self.edges * count), self.height)

    def nested(self) -> "Extent":
        return self._replace(height=self.height + 1)


@dataclass(frozen=True, slots=True)
class Arguments:
    """Values of a block's params, by name."""

    values: Mapping[str, Any]
    key: str  # equal for equal values


NOTHING = Arguments({}, "")


class Composite(Section):
    """Base of all composites. They expand to plain layers before anything is planned."""

    type: ClassVar[str]
    meaning: ClassVar[str]
    formula: ClassVar[str]
    shape_rule: ClassVar[str]
    counts: ClassVar[str]  # of parameters
    source: ClassVar[str] = ""  # paper or textbook; "" where there is none to name
    example: ClassVar[Example]  # its last layer is of this type
    ports: ClassVar[tuple[str, ...]] = ()  # names of its inputs, the first of which it needs
    # Lists of layers, whose entries are filled with a block's arguments only when they are reached.
    bodies: ClassVar[Sequence[str]] = ("body",)

    @abstractmethod
    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        """What it stands for, counted without expanding it."""

    @abstractmethod
    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        """Appends its layers; answers the name of the one whose output is its own."""
