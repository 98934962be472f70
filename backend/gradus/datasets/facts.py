"""What a plan needs to know of a dataset, without its samples."""

from dataclasses import dataclass
from typing import Literal

from gradus.planned import Shape
from gradus.problems import Report
from gradus.section import Section


class Options(Section):
    """What a person may choose of a dataset; none by default."""

    def check(self, path: str, report: Report) -> None:
        """Reports what the form of each option alone cannot rule out; they are written at `path`."""

    def decide(self, facts: "DatasetFacts") -> "DatasetFacts":
        """The facts as these options make them: size, classes, task."""
        return facts


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """Shapes without the batch axis, channels first; `target` is () for the index of a class.

    `version` names the generator's algorithm or is a content hash: two datasets with the same
    name, version and options have the same samples.
    """

    name: str
    task: Literal["classification", "regression"]
    input: Shape
    target: Shape
    classes: tuple[str, ...]
    size: int
    version: str
    options: type[Options] = Options
    meaning: str = ""
    words: int = 0  # of text: how many whole numbers a sample is made of, from 0
