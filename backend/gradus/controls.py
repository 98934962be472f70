"""Controls: what a person or a script asks of a run while it lives."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Rate = Annotated[float, Field(gt=0, le=1e38, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Play(Closed):
    """Train until the end of the budget.

    With `ramp` for somebody who looks: 4 steps a second at first, doubling every 0.6 s.
    """

    action: Literal["play"] = "play"
    ramp: bool = False


class Pause(Closed):
    """Stop before the next step and keep everything in memory."""

    action: Literal["pause"] = "pause"


class Step(Closed):
    """Train `count` batches, or to the end of the `count`-th next epoch, then pause."""

    action: Literal["step"] = "step"
    unit: Literal["batch", "epoch"] = "batch"
    count: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class Stop(Closed):
    """End the run; what it learned stays."""

    action: Literal["stop"] = "stop"


class WeightEdit(Closed):
    """One number of one parameter, set by hand: `index` counts from 0 along each axis."""

    name: Annotated[str, Field(max_length=400, examples=["linear_1.weight"])]
    index: Annotated[list[Annotated[int, Field(ge=0)]], Field(max_length=8, examples=[[2, 0]])]
    value: Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


class Changes(Closed):
    """Numbers that change inside a running run. `speed` is in steps a second, 0 for no limit."""

    learning_rate: Rate | None = None
    batch_size: Annotated[int, Field(ge=1, le=1_048_576)] | None = None
    l1: Weight | None = None
    l2: Weight | None = None
    speed: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    weights: Annotated[list[WeightEdit], Field(min_length=1, max_length=64)] | None = None


class Set(Closed):
    action: Literal["set"] = "set"
    changes: Changes


Control = Annotated[Play | Pause | Step | Stop | Set, Field(discriminator="action")]


class Switch(Closed):
    """Training goes on by another tier. Written by a worker alone: nobody can ask for it."""

    action: Literal["switch"] = "switch"
    tier: Literal["compiled", "graph"]
    key: Annotated[str, Field(max_length=64)]


# What the row of a control may hold.
Stored = Annotated[Play | Pause | Step | Stop | Set | Switch, Field(discriminator="action")]
