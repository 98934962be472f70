"""`inception`: a module of the Inception family, expanded to convolutions and a pool side by side."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from gradus.composites.composite import Arguments, Composite, Extent
from gradus.composites.modules import MODULES, Style
from gradus.layers.layer import Example
from gradus.section import Flag, Size

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure


class Inception(Composite):
    """One module of GoogLeNet (v1), of Inception v2, v3 or v4."""

    type: ClassVar[str] = "inception"
    meaning: ClassVar[str] = (
        "Convolutions of several sizes and a pool side by side, joined along the channels."
    )
    formula: ClassVar[str] = "y = concat(1×1, 1×1 → 3×3, 1×1 → 5×5, pool → 1×1) for v1"
    shape_rule: ClassVar[str] = (
        "[C, H, W] → [Σ widths of the ways, H, W]; v2_reduction, v3_b, v3_d, v4_reduction_…: about half of H, W"
    )
    counts: ClassVar[str] = "Σ convolutions; normalized: + 2 · filters of each"
    source: ClassVar[str] = (
        "Szegedy et al. 2015 (v1); Ioffe and Szegedy 2015 (v2); Szegedy et al. 2016 (v3) and 2017 (v4)"
    )
    example: ClassVar[Example] = {
        "network": {
            "input": [192, 28, 28],
            "layers": [{"type": "inception", "version": "v1", "widths": {"one": 64}}],
        }
    }
    bodies: ClassVar[tuple[str, ...]] = ()

    version: Annotated[
        Literal[
            "v1_naive", "v1", "v2", "v2_reduction", "v3_a", "v3_b", "v3_c", "v3_d", "v3_e",
            "v4_a", "v4_b", "v4_c", "v4_reduction_a", "v4_reduction_b",
        ],
        Field(
            description="Which module: v1 with 5×5, v2 with two 3×3 for it, v3 and v4 with rows and "
            "columns; a reduction halves height and width, as do v3_b and v3_d."
        ),
    ] = "v1"  # fmt: skip
    widths: Annotated[
        dict[str, Size],
        Field(
            default_factory=dict,
            description="Filters of its convolutions by name; as first published unless said.",
        ),
    ]
    large: Annotated[
        Literal[3, 5] | None,
        Field(description="Side of the 5×5 of v1, v1_naive and v3_a; often built as 3."),
    ] = None
    pool: Annotated[
        Literal["max", "mean"] | None,
        Field(description="Kind of its pool; as published unless said."),
    ] = None
    normalized: Annotated[
        Flag | None,
        Field(
            description="Whether batch_norm follows each convolution; in all but v1 unless said."
        ),
    ] = None
    bias: Annotated[
        Flag | None,
        Field(
            description="Whether convolutions have biases; where nothing normalizes unless said."
        ),
    ] = None

    @field_validator("widths")
    @classmethod
    def _known(cls, widths: dict[str, int], info: ValidationInfo) -> dict[str, int]:
        version = info.data.get("version")
        known = MODULES[version].widths if version else widths
        for name in widths:
            if name not in known:
                raise PydanticCustomError(
                    "inception.width",
                    "unknown width",
                    {"name": name[:80], "version": version, "known": ", ".join(known)},
                )
        return widths

    @field_validator("large")
    @classmethod
    def _has_large(cls, large: int | None, info: ValidationInfo) -> int | None:
        version = info.data.get("version")
        if large is not None and version and not MODULES[version].has_large:
            raise PydanticCustomError("inception.large", "no 5×5", {"version": version})
        return large

    def ways(self) -> list[list[Any]]:
        """Its ways as lists of layers, as a document would hold them."""
        module = MODULES[self.version]
        normalized = not self.version.startswith("v1")
        if self.normalized is not None:
            normalized = self.normalized
        style = Style(
            normalized=normalized,
            bias=not normalized if self.bias is None else self.bias,
            large=self.large or 5,
            pool={"max": "max_pool2d", "mean": "avg_pool2d"}.get(self.pool or "", module.pool),
        )
        return list(module.ways(style, {**module.widths, **self.widths}))

    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        ways = self.ways()
        layers = sum(_layers(way) for way in ways)
        return Extent(layers + 1, layers + len(ways)).nested()

    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        outputs = []
        for index, way in enumerate(self.ways()):
            scope = call.scope.inside(f"{call.name}/{index}/", call.inputs[0], made=True)
            outputs.append(expansion.body(way, scope, call.path))
        return expansion.join(call, "concat", outputs)


def _layers(way: Iterable[Any]) -> int:
    """Plain layers of a way, whose only composites are branches."""
    return sum(
        1 + sum(_layers(branch) + 1 for branch in layer.get("branches", ())) for layer in way
    )
