"""A published network as a document that can be planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One network of the zoo. `parameters` is the published count, which the plan must equal."""

    name: str
    title: str
    source: str  # the paper, by authors and year
    parameters: int
    document: Mapping[str, Any]
    note: str = ""  # what a reader should know of this version

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "note": self.note,
            "parameters": self.parameters,
            "document": dict(self.document),
        }


def document(
    name: str, input: tuple[int, ...], layers: list[Any], blocks: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A document of one network without data."""
    parts: dict[str, Any] = {"spec": "nn/1", "name": name}
    if blocks:
        parts["blocks"] = dict(blocks)
    return {**parts, "network": {"input": list(input), "layers": layers}}


IMAGENET = (3, 224, 224)
CIFAR = (3, 32, 32)
