"""`block`: a body defined once under `blocks`, used with values for its params."""

import json
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from gradus.composites.composite import Arguments, Composite, Extent
from gradus.composites.repeat import Body
from gradus.faults import nearest
from gradus.layers.layer import Example
from gradus.patch import move
from gradus.pointer import join
from gradus.problems import Report
from gradus.section import Section

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class BlockDefinition(Section):
    """What stands under `blocks`: the params and the layers, in which `$param` is filled in."""

    params: Annotated[tuple[Word, ...], Field(max_length=32)] = ()
    layers: Body


class Block(Composite):
    type: ClassVar[str] = "block"
    meaning: ClassVar[str] = (
        "Uses a body that is defined under `blocks`, with values for its params."
    )
    formula: ClassVar[str] = "y = f(x; params)"
    shape_rule: ClassVar[str] = "body([…])"
    counts: ClassVar[str] = "body"
    example: ClassVar[Example] = {
        "network": {
            "input": [8],
            "layers": [{"type": "block", "use": "dense", "with": {"width": 4}}],
        },
        "blocks": {
            "dense": {
                "params": ["width"],
                "layers": [{"type": "linear", "units": "2 * $width"}, "relu"],
            }
        },
    }
    bodies: ClassVar[tuple[str, ...]] = ()

    use: Annotated[str, Field(description="Name of the block.")]
    with_: Annotated[
        dict[str, Any],
        Field(alias="with", default_factory=dict, description="A value for each of its params."),
    ]

    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        return measure.call(self, path, depth)

    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        definition = expansion.blocks.get(self.use)
        # An unknown block and one inside itself are told when the network is measured.
        if definition is None or self.use in call.scope.open:
            return None
        if not self.check(definition, call.path, expansion.report):
            return None
        scope = call.scope.apart(f"{call.name}/", call.inputs[0], self.arguments(), self.use)
        return expansion.body(definition.layers, scope, join("/blocks", self.use, "layers"))

    def arguments(self) -> Arguments:
        return Arguments(self.with_, json.dumps(self.with_, sort_keys=True))

    def check(self, definition: BlockDefinition, path: str, report: Report) -> bool:
        """Whether there is one value for each param; reports what is missing or too much."""
        missing = [name for name in definition.params if name not in self.with_]
        unknown = [name for name in self.with_ if name not in definition.params]
        for name in missing:
            report.add("block.argument_missing", path, field=name, block=self.use)
        for name in unknown:
            near = nearest(name, missing)
            place = join(path, "with", name)
            fix = move(place, join(path, "with", near), self.with_[name]) if near else None
            report.add(
                "block.argument_unknown", place, fix=fix, field=name, block=self.use, nearest=near
            )
        return not missing and not unknown
