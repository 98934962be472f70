"""Texts, as the codes of their characters; `tokenize` makes words or other tokens of them."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from gradus.datasets.facts import DatasetFacts, Options

CHARACTERS = 128  # codes of ASCII; 0 stands behind the end of a text
LONGEST = 72


class TextOptions(Options):
    samples: Annotated[
        int, Field(strict=True, ge=20, le=20_000, description="Texts in all parts together.")
    ] = 1000

    def decide(self, facts: DatasetFacts) -> DatasetFacts:
        return replace(facts, size=self.samples)


PHRASES = DatasetFacts(
    name="phrases",
    task="classification",
    input=(LONGEST,),
    target=(),
    classes=("disliked", "liked"),
    size=1000,
    version="1",
    options=TextOptions,
    meaning="Made-up opinions such as: the soup was not bad but the room was cold. The order of "
    "words decides, since not turns a word round and what stands behind but is what counts.",
    words=CHARACTERS,
)
