"""A preset: a document to start from, with its title in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    title: Mapping[str, str]  # by language
    document: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "title": dict(self.title), "document": dict(self.document)}
