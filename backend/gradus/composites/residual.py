"""`residual`: a body whose input is added to its output (He et al. 2016)."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from gradus.composites.composite import Arguments, Composite, Extent
from gradus.composites.repeat import Body
from gradus.composites.shortcut import Shortcut, is_normalized
from gradus.layers.layer import Example
from gradus.pointer import join

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure


class Residual(Composite):
    type: ClassVar[str] = "residual"
    meaning: ClassVar[str] = "Adds the input of a body to its output, past the body."
    formula: ClassVar[str] = "y = f(x) + shortcut(x)"
    shape_rule: ClassVar[str] = "body([…])"
    counts: ClassVar[str] = "body; project: + C · C', batch_norm: + 2 · C'"
    source: ClassVar[str] = "He et al. 2016: Deep Residual Learning for Image Recognition"
    example: ClassVar[Example] = {
        "network": {
            "input": [16, 8, 8],
            "layers": [
                {
                    "type": "residual",
                    "body": [
                        {"type": "conv2d", "filters": 32, "stride": 2, "bias": False},
                        "batch_norm",
                    ],
                }
            ],
        }
    }

    body: Body
    shortcut: Annotated[
        Literal["auto", "identity", "pad", "project", "project_always"],
        Field(
            description="identity passes the input on unchanged; project through a 1×1 convolution "
            "or a linear layer without bias, normalized where the body ends in batch_norm, and as auto "
            "only where the shapes differ; project_always where they agree too; pad takes every s-th "
            "cell and adds channels of zeros."
        ),
    ] = "auto"

    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        own = Extent(3, 4) if self.shortcut not in ("auto", "identity") else Extent(1, 2)
        return measure.body(self.body, join(path, "body"), arguments, depth).plus(own)

    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        scope = call.scope.inside(f"{call.name}/", call.inputs[0])
        output = expansion.body(self.body, scope, call.place("body"))
        way = call.inputs[0]
        if self.shortcut != "identity":
            shortcut = Shortcut(kind=self.shortcut, normalized=is_normalized(self.body))
            way = expansion.add(call, "shortcut", shortcut, [way, output])
        return expansion.join(call, "add", [output, way])
