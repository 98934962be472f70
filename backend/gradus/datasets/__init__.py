"""Facts of the built-in datasets. Adding one is a line here and its samples in the engine."""

from typing import Any

from gradus.datasets.drawn import DRAWN
from gradus.datasets.facts import DatasetFacts, Options
from gradus.datasets.plane import POINTS, SURFACES
from gradus.datasets.real import DIGITS, IRIS
from gradus.datasets.text import PHRASES

_ALL = (*POINTS, *SURFACES, DRAWN, DIGITS, IRIS, PHRASES)
FACTS: dict[str, DatasetFacts] = {facts.name: facts for facts in _ALL}


def facts_json(facts: DatasetFacts) -> dict[str, Any]:
    """Facts as they travel, with the JSON Schema of the options."""
    return {
        "name": facts.name,
        "task": facts.task,
        "input": list(facts.input),
        "target": list(facts.target),
        "classes": list(facts.classes),
        "size": facts.size,
        "version": facts.version,
        "meaning": facts.meaning,
        "words": facts.words,
        "options": facts.options.model_json_schema(by_alias=True)["properties"]
        if facts.options.model_fields
        else {},
    }


__all__ = ["FACTS", "DatasetFacts", "Options", "facts_json"]
