"""Reads a spec written by hand, YAML 1.2 core or JSON, into a document with its line map."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from gradus.problems import SpecError
from gradus_client.reading import Place, Reading


@dataclass(frozen=True)
class Source:
    """A spec as written, and what was read from it."""

    name: str
    text: str
    document: Any

    def place(self, pointer: str) -> Place:
        """Where a JSON pointer stands in the file; for what is not there, its nearest parent."""
        while pointer not in self._places and pointer:
            pointer = pointer.rpartition("/")[0]
        return self._places.get(pointer, Place(1, 1))

    @cached_property
    def _places(self) -> dict[str, Place]:
        return Reading(self.text).places


def read(name: str, text: str) -> Source:
    """Reads a spec; `name` is what the person calls the file.

    Raises:
        SpecError: the text is neither JSON nor YAML 1.2 without anchors, aliases, tags and
            duplicate keys; each problem has `line` and `column` among its params.
    """
    try:
        document = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse)
    except (ValueError, RecursionError):  # YAML then, or a fault that only a reading can place
        reading = Reading(text)
        if reading.problems:
            raise SpecError(reading.problems) from None
        document = reading.document
    return Source(name, text, document)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a key stands twice")
    return entries


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")
