"""Questions that can be put to a network, and the canonical form under which they are shared."""

import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator

# As many as a colour picture of 224 × 224 has, the usual input of a large net.
MOST_VALUES = 3 * 224 * 224
DEEPEST = 4

Resolution = Annotated[int, Field(ge=4, le=256)]
Name = Annotated[str, Field(min_length=1, max_length=400)]


Number = Annotated[float, Field(strict=True, ge=-1e6, le=1e6, allow_inf_nan=False)]
Part = Literal["train", "validation", "test"]


def flat(values: Any) -> Any:
    """Nested lists of numbers as one, row by row; anything else as it is, for pydantic to refuse."""
    return tuple(_leaves(values, DEEPEST)) if isinstance(values, list | tuple) else values


def _leaves(values: Any, depth: int) -> Iterator[Any]:
    for value in values:
        if depth > 1 and isinstance(value, list | tuple):
            yield from _leaves(value, depth - 1)
        else:
            yield value


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sample(Question):
    """One sample of one part of the data, or an input of one's own.

    `values` are the numbers of an input in row-major order, flat or nested; then part and index
    are not read.
    """

    part: Part = "validation"
    index: Annotated[int, Field(ge=0, le=2**31)] = 0
    values: Annotated[
        Annotated[tuple[Number, ...], Field(min_length=1, max_length=MOST_VALUES)] | None,
        BeforeValidator(flat),
    ] = None


class AtNetwork(Question):
    """`network` names one of several; without it, the one that reads the data."""

    network: Name | None = None


class FieldProbe(AtNetwork):
    """The output over the plane of a two-dimensional input: [outputs, resolution, resolution], row 0 on top."""

    kind: Literal["field"] = "field"
    resolution: Resolution = 64
    extent: Annotated[float, Field(gt=0, le=1000)] = 6.0


class UnitFieldsProbe(AtNetwork):
    """The same for every unit of every layer: one array a layer, [units, resolution, resolution]."""

    kind: Literal["unit_fields"] = "unit_fields"
    resolution: Resolution = 24
    extent: Annotated[float, Field(gt=0, le=1000)] = 6.0


class UnitsProbe(AtNetwork):
    """The output of each layer, or of one, for a sample: one array a layer, in its own shape."""

    kind: Literal["units"] = "units"
    layer: Name | None = None
    sample: Sample = Sample()


class MapsProbe(AtNetwork):
    """The feature maps of each layer with a picture as output, or of one: [channels, height, width]."""

    kind: Literal["maps"] = "maps"
    layer: Name | None = None
    sample: Sample = Sample()


class KernelsProbe(Question):
    """The kernels of a convolution: [filters, channels / groups, height, width].

    `gradients` are those of the last step; before the first one they are 0.
    """

    kind: Literal["kernels"] = "kernels"
    layer: Name
    of: Literal["weights", "gradients"] = "weights"


class WeightsProbe(Question):
    """Every parameter and buffer by its full name, float16; nets of at most 50,000 parameters."""

    kind: Literal["weights"] = "weights"


class NormsProbe(Question):
    """Per layer with parameters: root mean square of weights, of the last gradient and of the last update."""

    kind: Literal["norms"] = "norms"


class ConfusionProbe(Question):
    """Counts [classes, classes], rows the true class, columns the answer, over one part."""

    kind: Literal["confusion"] = "confusion"
    part: Part = "validation"


class Cell(Question):
    """One cell of the confusion matrix: the true class and the answer, as indices."""

    truth: Annotated[int, Field(ge=0, le=2**16)]
    answer: Annotated[int, Field(ge=0, le=2**16)]


class SamplesProbe(Question):
    """Samples of the data with their targets.

    With `judged` each comes with the network's answer and its loss. The orders `loss` (greatest
    first) and `wrong` (wrong ones first, each group by loss) and a `cell` judge by themselves; a
    `cell` leaves only its own samples.
    """

    kind: Literal["samples"] = "samples"
    part: Part = "train"
    start: Annotated[int, Field(ge=0, le=2**31)] = 0
    count: Annotated[int, Field(ge=1, le=1000)] = 100
    order: Literal["index", "class", "loss", "wrong"] = "index"
    judged: bool = False
    cell: Cell | None = None


class GeneratedProbe(Question):
    """What a call gives for fixed noise, beside real samples; of several networks.

    `step` and `call` name it; without them it is the first call that reads noise, gradients through
    it if there is one. `label` asks for one class of a network that reads the class.
    """

    kind: Literal["generated"] = "generated"
    step: Name | None = None
    call: Name | None = None
    count: Annotated[int, Field(ge=1, le=400)] = 64
    label: Annotated[int, Field(ge=0, le=2**16)] | None = None


class AblationProbe(Question):
    """Loss and metrics of a part with and without some units of a layer, whose outputs become 0.

    A unit is an index along the first axis of the output; without `units` it is the whole layer.
    """

    kind: Literal["ablation"] = "ablation"
    layer: Name
    units: (
        Annotated[
            tuple[Annotated[int, Field(ge=0, le=2**31)], ...], Field(min_length=1, max_length=4096)
        ]
        | None
    ) = None
    part: Part = "validation"


class ActivityProbe(Question):
    """Shares of dead and active units a layer, of saturated answers where the function has limits.

    Over a part of the training data that the plan fixes.
    """

    kind: Literal["activity"] = "activity"


class BatchProbe(Question):
    """What the next batch will do, before it is taken: values, gradients, updates of every number.

    Training is not touched: the batch that is taken next is this one. For nets of at most 50,000
    parameters.
    """

    kind: Literal["batch"] = "batch"


class SumProbe(Question):
    """How one number of a layer's output came to be: the largest terms behind it, step by step.

    `unit` is an index along the first axis of the output, `place` counts the rest row by row.
    `layers` are those that a picture shows as one, first to last; the last one's number is meant.
    """

    kind: Literal["sum"] = "sum"
    layers: Annotated[tuple[Name, ...], Field(min_length=1, max_length=16)]
    unit: Annotated[int, Field(ge=0, le=2**31)] = 0
    place: Annotated[int, Field(ge=0, le=2**31)] = 0
    sample: Sample = Sample()


class InsideProbe(Question):
    """What goes on inside layers: one array `{layer}.{part}` for each part of each of them.

    Gates, states and attention are those of the sample; distributions those of some training
    samples; a dropout mask that of the last step.
    """

    kind: Literal["inside"] = "inside"
    layers: Annotated[tuple[Name, ...], Field(min_length=1, max_length=64)]
    sample: Sample = Sample()


class DescentProbe(Question):
    """A plain function over a window around 0, and the way of its descent so far.

    `extent` is half the side of the window; it follows the descent unless said.
    """

    kind: Literal["descent"] = "descent"
    resolution: Annotated[int, Field(ge=4, le=512)] = 64
    extent: Annotated[float, Field(gt=0, le=1e6)] | None = None


Corner = tuple[Number, Number]


class SurfaceProbe(Question):
    """The loss of a network of two trainable numbers over a window of them.

    `low` and `high` are two corners of the window, for the first and the second number; without
    them it lies around 0 and follows where the network stands.
    """

    kind: Literal["surface"] = "surface"
    resolution: Annotated[int, Field(ge=4, le=128)] = 64
    low: Corner | None = None
    high: Corner | None = None

    @model_validator(mode="after")
    def _is_a_window(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("a window has both corners, low and high, or neither")
        if self.low and self.high and not all(map(float.__lt__, self.low, self.high)):
            raise ValueError("low has to lie below high, for both numbers")
        return self


Probe = Annotated[
    FieldProbe
    | UnitFieldsProbe
    | UnitsProbe
    | MapsProbe
    | KernelsProbe
    | WeightsProbe
    | NormsProbe
    | ConfusionProbe
    | SamplesProbe
    | AblationProbe
    | GeneratedProbe
    | ActivityProbe
    | BatchProbe
    | SumProbe
    | InsideProbe
    | DescentProbe
    | SurfaceProbe,
    Field(discriminator="kind"),
]

PROBE: TypeAdapter[Probe] = TypeAdapter(Probe)


def canonical(probe: Probe) -> str:
    """One text for one question: every default written out, keys in order."""
    return json.dumps(probe.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))


def probe_hash(probe: Probe) -> str:
    """The short name (16 hex digits) under which viewers of the same picture share it."""
    return hashlib.sha256(canonical(probe).encode()).hexdigest()[:16]
