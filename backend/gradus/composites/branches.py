"""`branches`: several bodies side by side, joined at the end."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from gradus.composites.composite import Arguments, Composite, Extent
from gradus.layers.layer import Example
from gradus.pointer import join

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure


class Branches(Composite):
    type: ClassVar[str] = "branches"
    meaning: ClassVar[str] = "Several bodies read the same input; their outputs are joined."
    formula: ClassVar[str] = "y = merge(f₁(x), f₂(x), …)"
    shape_rule: ClassVar[str] = (
        "concat: [a, …], [b, …], … → [a + b + …, …]; add, multiply, mean: […], […], … → […]"
    )
    counts: ClassVar[str] = "Σ bodies"
    source: ClassVar[str] = "Szegedy et al. 2015: Going Deeper with Convolutions"
    example: ClassVar[Example] = {
        "network": {
            "input": [8, 4, 4],
            "layers": [
                {
                    "type": "branches",
                    "branches": [
                        [{"type": "conv2d", "filters": 4, "kernel": 1}],
                        [{"type": "conv2d", "filters": 6}],
                        [],
                    ],
                }
            ],
        }
    }
    bodies: ClassVar[tuple[str, ...]] = ("branches",)

    branches: Annotated[
        list[list[Any]],
        Field(
            min_length=2, max_length=4096, description="Bodies; an empty one passes the input on."
        ),
    ]
    merge: Annotated[
        Literal["concat", "add", "multiply", "mean"],
        Field(description="How the outputs are joined."),
    ] = "concat"

    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        total = Extent(1, len(self.branches))
        for index, body in enumerate(self.branches):
            if body:
                inner = measure.body(body, join(path, "branches", index), arguments, depth)
                total = total.plus(inner)
        return total

    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        outputs = []
        for index, body in enumerate(self.branches):
            scope = call.scope.inside(f"{call.name}/{index}/", call.inputs[0])
            path = call.place("branches", index)
            outputs.append(expansion.body(body, scope, path))
        return expansion.join(call, self.merge, outputs)
