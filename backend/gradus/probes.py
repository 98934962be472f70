"""Questions that can be put to a network, and the canonical form under which they are shared."""

import hashlib
import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Resolution = Annotated[int, Field(ge=4, le=256)]
Name = Annotated[str, Field(min_length=1, max_length=400)]


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sample(Question):
    """One sample of one part of the data."""

    part: Literal["train", "validation", "test"] = "validation"
    index: Annotated[int, Field(ge=0, le=2**31)] = 0


class FieldProbe(Question):
    """The output over the plane of a two-dimensional input: [outputs, resolution, resolution], row 0 on top."""

    kind: Literal["field"] = "field"
    resolution: Resolution = 64
    extent: Annotated[float, Field(gt=0, le=1000)] = 6.0


class UnitFieldsProbe(Question):
    """The same for every unit of every layer: one array a layer, [units, resolution, resolution]."""

    kind: Literal["unit_fields"] = "unit_fields"
    resolution: Resolution = 24
    extent: Annotated[float, Field(gt=0, le=1000)] = 6.0


class UnitsProbe(Question):
    """The output of each layer, or of one, for a sample: one array a layer, in its own shape."""

    kind: Literal["units"] = "units"
    layer: Name | None = None
    sample: Sample = Sample()


class MapsProbe(Question):
    """The feature maps of each layer with a picture as output, or of one: [channels, height, width]."""

    kind: Literal["maps"] = "maps"
    layer: Name | None = None
    sample: Sample = Sample()


class KernelsProbe(Question):
    """The kernels of a convolution: [filters, channels / groups, height, width]."""

    kind: Literal["kernels"] = "kernels"
    layer: Name


class WeightsProbe(Question):
    """Every parameter and buffer by its full name, float16; nets of at most 50,000 parameters."""

    kind: Literal["weights"] = "weights"


class NormsProbe(Question):
    """Per layer with parameters: root mean square of weights, of the last gradient and of the last update."""

    kind: Literal["norms"] = "norms"


class ConfusionProbe(Question):
    """Counts [classes, classes], rows the true class, columns the answer, over one part."""

    kind: Literal["confusion"] = "confusion"
    part: Literal["train", "validation", "test"] = "validation"


class SamplesProbe(Question):
    """Samples of the data with their targets; needs no trained net."""

    kind: Literal["samples"] = "samples"
    part: Literal["train", "validation", "test"] = "train"
    start: Annotated[int, Field(ge=0, le=2**31)] = 0
    count: Annotated[int, Field(ge=1, le=1000)] = 100


Probe = Annotated[
    FieldProbe
    | UnitFieldsProbe
    | UnitsProbe
    | MapsProbe
    | KernelsProbe
    | WeightsProbe
    | NormsProbe
    | ConfusionProbe
    | SamplesProbe,
    Field(discriminator="kind"),
]

PROBE: TypeAdapter[Probe] = TypeAdapter(Probe)


def canonical(probe: Probe) -> str:
    """One text for one question: every default written out, keys in order."""
    return json.dumps(probe.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))


def probe_hash(probe: Probe) -> str:
    """The short name (16 hex digits) under which viewers of the same picture share it."""
    return hashlib.sha256(canonical(probe).encode()).hexdigest()[:16]
