"""A person's own points of the plane: the document holds them all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from gradus import limits
from gradus.datasets.facts import DatasetFacts, Options
from gradus.patch import replace as replaced
from gradus.pointer import join
from gradus.problems import Report, show

Coordinate = Annotated[
    float,
    Field(strict=True, ge=-limits.DRAWN_EXTENT, le=limits.DRAWN_EXTENT, allow_inf_nan=False),
]
# A whole number stays one: class 1 is written 1 in the resolved form, not 1.0.
Label = Annotated[
    Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True, allow_inf_nan=False)],
    Field(ge=-limits.DRAWN_EXTENT, le=limits.DRAWN_EXTENT),
]
Point = tuple[Coordinate, Coordinate, Label]


class DrawnOptions(Options):
    task: Annotated[
        Literal["classification", "regression"],
        Field(description="Whether the third number of a point is its class or its target."),
    ] = "classification"
    points: Annotated[
        tuple[Point, ...],
        Field(
            max_length=limits.DRAWN_POINTS,
            description="[x, y, class] or [x, y, target]; classes are numbered from 0.",
        ),
    ] = ()

    def check(self, path: str, report: Report) -> None:
        place = join(path, "points")
        if not self.points:
            report.add("drawn.empty", place, expected="[[x, y, class], …]", got="[]")
        elif self.task == "classification" and self._are_classes(place, report):
            self._check_classes(place, report)

    def decide(self, facts: DatasetFacts) -> DatasetFacts:
        size = len(self.points)
        if self.task == "regression":
            return replace(facts, task="regression", target=(1,), classes=(), size=size)
        labels = tuple(str(label) for label in range(1 + int(max(self._labels()))))
        return replace(facts, classes=labels, size=size)

    def _labels(self) -> set[int | float]:
        return {label for _, _, label in self.points}

    def _are_classes(self, path: str, report: Report) -> bool:
        sound = True
        for index, (_, _, label) in enumerate(self.points):
            if isinstance(label, int) and 0 <= label < limits.DRAWN_CLASSES:
                continue
            sound = False
            place = join(path, index, 2)
            whole = isinstance(label, float) and label.is_integer() and label >= 0
            fits = whole and label < limits.DRAWN_CLASSES
            most = limits.DRAWN_CLASSES - 1
            report.add(
                "drawn.label",
                place,
                expected=f"integer, 0 … {most}",
                got=show(label),
                fix=replaced(place, int(label)) if fits else None,
                value=show(label),
                most=most,
            )
        return sound

    def _check_classes(self, path: str, report: Report) -> None:
        labels = sorted(int(label) for label in self._labels())
        if len(labels) == 1:
            report.add("drawn.one_class", path, expected="≥ 2", got="1", label=labels[0])
        elif labels != list(range(len(labels))):
            missing = next(label for label in range(labels[-1]) if label not in labels)
            numbers = {label: number for number, label in enumerate(labels)}
            report.add(
                "drawn.class_missing",
                path,
                expected=f"0 … {labels[-1]}",
                got=", ".join(map(str, labels)),
                fix=replaced(path, self._renumbered(numbers)),
                missing=missing,
                last=labels[-1],
            )

    def _renumbered(self, numbers: Mapping[int, int]) -> list[Any]:
        return [[x, y, numbers[int(label)]] for x, y, label in self.points]


DRAWN = DatasetFacts(
    name="drawn",
    task="classification",
    input=(2,),
    target=(),
    classes=("0", "1"),
    size=0,
    version="1",
    options=DrawnOptions,
    meaning="Your own points, written into the document: classes, or targets of a regression.",
)
