"""Points of the plane, drawn by generators: both coordinates span about -6 to 6."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from gradus import limits
from gradus.datasets.facts import DatasetFacts, Options

Points = Annotated[
    int, Field(strict=True, ge=20, le=20_000, description="Points in all parts together.")
]
Noise = Annotated[
    float,
    Field(
        strict=True,
        ge=0,
        le=0.5,
        allow_inf_nan=False,
        description="Standard deviation of the normal noise on each coordinate (for a regression: "
        "on the target), in units of the data's half-width: 0.1 moves a point by 0.6, a target by 0.1.",
    ),
]
Classes = Annotated[
    int, Field(strict=True, ge=2, le=limits.DRAWN_CLASSES, description="How many classes.")
]


class PointOptions(Options):
    points: Points = 500
    noise: Noise = 0.0

    def decide(self, facts: DatasetFacts) -> DatasetFacts:
        return replace(facts, size=self.points)


class ClassOptions(PointOptions):
    points: Points = 500
    noise: Noise = 0.0
    classes: Classes = 2

    def decide(self, facts: DatasetFacts) -> DatasetFacts:
        labels = tuple(str(label) for label in range(self.classes))
        return replace(facts, size=self.points, classes=labels)


class RingOptions(ClassOptions):
    points: Points = 500
    noise: Noise = 0.0
    classes: Classes = 8


def _points(name: str, meaning: str, options: type[Options] = PointOptions) -> DatasetFacts:
    return DatasetFacts(name, "classification", (2,), (), ("0", "1"), 500, "1", options, meaning)


def _surface(name: str, meaning: str) -> DatasetFacts:
    return DatasetFacts(name, "regression", (2,), (1,), (), 500, "1", PointOptions, meaning)


POINTS = (
    _points("circle", "A disc of the last class inside one ring for each other.", ClassOptions),
    _points("xor", "Four squares; the class is the sign of x·y."),
    _points(
        "gauss", "One round cloud a class, evenly on a circle around the origin.", ClassOptions
    ),
    DatasetFacts(
        name="ring",
        task="classification",
        input=(2,),
        target=(),
        classes=tuple("01234567"),
        size=500,
        version="1",
        options=RingOptions,
        meaning="Small tight clouds, one a class, evenly on a circle.",
    ),
    _points("spiral", "One arm a class, wound around the origin.", ClassOptions),
    _points("moons", "Two interleaved half circles."),
)
SURFACES = (
    _surface("plane", "A tilted plane: the target is (x + y) / 12, from -1 to 1."),
    _surface("hills", "Three round hills and three hollows; the target lies from -1 to 1."),
)
