"""Worked examples of layers and composites: written beside each, their results by the planner."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from gradus.composites import Composite
from gradus.layers import Layer
from gradus.plan import plan
from gradus.planned import Shape, shape_json


@dataclass(frozen=True, slots=True)
class Worked:
    """An example with what the planner makes of it."""

    document: dict[str, Any]
    output: Shape  # of the last entry, which is what is shown
    parameters: int  # of that entry alone

    def to_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "output": shape_json(self.output),
            "parameters": self.parameters,
        }


@cache
def worked(kind: type[Layer] | type[Composite]) -> Worked:
    """The example of a layer or composite, planned; raises SpecError where it does not plan."""
    document: dict[str, Any] = {"spec": "nn/1", **kind.example}
    network = plan(document).network
    last = document["network"]["layers"][-1]
    name = f"{kind.type}_1" if isinstance(last, str) else last.get("name", f"{kind.type}_1")
    parameters = sum(
        layer.parameter_count
        for layer in network.layers
        if layer.name == name or layer.name.startswith(f"{name}/")
    )
    return Worked(document, network.shapes[network.output], parameters)
