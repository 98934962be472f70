"""`apply`: an earlier layer or composite once more, with the parameters that it has already."""

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from gradus.composites.composite import Arguments, Composite, Extent
from gradus.layers.layer import Example

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure


class Apply(Composite):
    type: ClassVar[str] = "apply"
    meaning: ClassVar[str] = (
        "Calls an earlier layer, composite or network again with the same parameters, as siamese "
        "nets do."
    )
    formula: ClassVar[str] = "y = f(x; θ), θ those of the layer that `to` names"
    shape_rule: ClassVar[str] = "as that layer's, from what it reads here"
    counts: ClassVar[str] = "0: the parameters are counted where they stand first"
    source: ClassVar[str] = "Bromley et al. 1994: Signature Verification using a Siamese Network"
    example: ClassVar[Example] = {
        "network": {
            "inputs": {"left": [6], "right": [6]},
            "layers": [
                {"type": "linear", "name": "encoder", "units": 3, "from": "left"},
                {"type": "apply", "to": "encoder", "from": "right"},
            ],
        }
    }
    bodies: ClassVar[tuple[str, ...]] = ()

    to: Annotated[
        str, Field(description="The earlier layer, composite or network that is called again.")
    ]

    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        return measure.named(self.to)

    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        return expansion.again(self.to, call)
