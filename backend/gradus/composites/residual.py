"""`residual`: a body whose input is added to its output (He et al. 2016)."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from gradus.composites.composite import Arguments, Composite, Extent
from gradus.composites.repeat import Body
from gradus.pointer import join

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure


class Residual(Composite):
    type: ClassVar[str] = "residual"
    meaning: ClassVar[str] = "Adds the input of a body to its output, past the body."

    body: Body
    shortcut: Annotated[
        Literal["auto", "identity"],
        Field(
            description="identity passes the input on unchanged; auto does so where the shapes agree."
        ),
    ] = "auto"

    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        return measure.body(self.body, join(path, "body"), arguments, depth).plus(Extent(1, 2))

    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        scope = call.scope.inside(f"{call.name}/", call.inputs[0])
        output = expansion.body(self.body, scope, join(call.path, "body"))
        return expansion.join(call, "add", [output, call.inputs[0]])
