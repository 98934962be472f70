"""`python -m gradus_server.schema`: everything that travels, as one JSON, for generated types.

`openapi` is the HTTP API, `schemas` the JSON Schemas (2020-12) of what OpenAPI cannot say: the
events of a log by their type, the messages of the socket, the head of a frame. The text is the
same for the same release, so that a check can compare it.
"""

import json
import sys
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter
from pydantic.json_schema import models_json_schema

from gradus.controls import Control
from gradus.events import BODIES, Event
from gradus.probes import PROBE
from gradus_server.app import application
from gradus_server.messages import FROM_PAGE, TO_PAGE

Bounds = float | list[float] | None


class FrameArray(BaseModel):
    """One array of a frame: `offset` bytes into the body, row-major. Of a `u8` array the value is
    `low + value / 255 * (high - low)`, with one bound, or one for each index of the first axis."""

    name: str
    shape: list[int]
    dtype: Literal["u8", "f2", "f4", "i4"]
    offset: Annotated[int, Field(ge=0)]
    low: Bounds = None
    high: Bounds = None


class FrameHead(BaseModel):
    """The msgpack head of a frame, behind four bytes with its length."""

    v: Literal[1]
    run: str | None
    probe: str
    kind: str
    step: int
    epoch: int
    meta: dict[str, Any]
    arrays: list[FrameArray]


def wire_schema() -> dict[str, Any]:
    """The whole description."""
    models: list[type[BaseModel]] = [Event, *BODIES.values(), FrameHead]
    _, schemas = models_json_schema([(model, "serialization") for model in dict.fromkeys(models)])
    unions: dict[str, TypeAdapter[Any]] = {
        "FromPage": FROM_PAGE,
        "ToPage": TO_PAGE,
        "Control": TypeAdapter(Control),
        "Probe": PROBE,
    }
    return {
        "openapi": application().openapi(),
        "schemas": schemas["$defs"],
        "events": {kind: body.__name__ for kind, body in BODIES.items()},
        "unions": {name: union.json_schema() for name, union in unions.items()},
    }


def main() -> None:
    json.dump(wire_schema(), sys.stdout, indent=1, sort_keys=True, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
