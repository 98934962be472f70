"""`repeat`: a body several times, one after the other."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from gradus.composites.composite import Arguments, Composite, Extent
from gradus.layers.layer import Example
from gradus.pointer import join
from gradus.section import Size

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure

Body = Annotated[list[Any], Field(min_length=1, description="Layers in order.")]


class Repeat(Composite):
    type: ClassVar[str] = "repeat"
    meaning: ClassVar[str] = "A body several times in a row, each time with weights of its own."
    formula: ClassVar[str] = "y = f₃(f₂(f₁(x))) for times = 3"
    shape_rule: ClassVar[str] = "body(… body([…]))"
    counts: ClassVar[str] = "Σ bodies"
    example: ClassVar[Example] = {
        "network": {
            "input": [8],
            "layers": [
                {"type": "repeat", "times": 3, "body": [{"type": "linear", "units": 8}, "relu"]}
            ],
        }
    }

    times: Annotated[Size, Field(description="How often.")]
    body: Body

    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        return measure.body(self.body, join(path, "body"), arguments, depth).times(self.times)

    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        output = call.inputs[0]
        for time in range(self.times):
            scope = call.scope.inside(f"{call.name}/{time}/", output)
            output = expansion.body(self.body, scope, call.place("body"))
        return output
