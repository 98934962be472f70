"""`each`: a body for every slice of the first axis, with the same weights."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gradus.composites.composite import Arguments, Composite, Extent
from gradus.layers.each import EachEnd, EachStart
from gradus.layers.layer import Example
from gradus.pointer import join

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure


class Each(Composite):
    type: ClassVar[str] = "each"
    meaning: ClassVar[str] = (
        "Applies a body, or an earlier network, to every slice of the first axis, such as each "
        "sentence of a text, with the same weights."
    )
    formula: ClassVar[str] = "y[s] = f(x[s]; θ) for every s"
    shape_rule: ClassVar[str] = "[S, …] → [S, body([…])]"
    counts: ClassVar[str] = "body, once"
    source: ClassVar[str] = (
        "Yang et al. 2016: Hierarchical Attention Networks for Document Classification"
    )
    example: ClassVar[Example] = {
        "network": {
            "input": [5, 7, 16],
            "layers": [{"type": "each", "body": [{"type": "gru", "units": 8, "returns": "last"}]}],
        }
    }

    body: Annotated[list[Any], Field(description="Layers in order.")] = Field(default_factory=list)
    network: Annotated[
        str | None, Field(description="An earlier network of the document, in place of a body.")
    ] = None

    @model_validator(mode="after")
    def _one(self) -> "Each":
        if bool(self.body) == (self.network is not None):
            raise PydanticCustomError("each.body", "a body or a network")
        return self

    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        if self.network is not None:
            return measure.named(self.network).plus(Extent(2, 3))
        body = measure.body(self.body, join(path, "body"), arguments, depth)
        return body.plus(Extent(2, 3))

    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        whole = call.inputs[0]
        start = expansion.add(call, EachStart.type, EachStart(), [whole])
        output = self._between(expansion, call, start)
        return expansion.add(call, EachEnd.type, EachEnd(), [output, whole])

    def _between(self, expansion: "Expansion", call: "Call", start: str) -> str | None:
        if self.network is not None:
            inner = replace(call, name=f"{call.name}/{self.network}", inputs=(start,), ports=())
            return expansion.network(self.network, inner, call.place("network"))
        # What stands outside has another number of samples, so the body sees none of it.
        scope = replace(call.scope.inside(f"{call.name}/", start), outer=None)
        return expansion.body(self.body, scope, call.place("body"))
