"""The events of a run's log: one append-only list, numbered from 1 without a gap.

Readers ignore types and fields that they do not know: within `/api/v1` events only grow.
Floats that are not finite travel in JSON as the strings "NaN", "Infinity", "-Infinity".
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


class Status(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"


FINAL = frozenset({Status.FINISHED, Status.FAILED, Status.STOPPED})

# One table of allowed moves; every write of a status is conditional on the move being here.
MOVES: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset(
        {Status.RUNNING, Status.PAUSED, Status.WAITING, Status.STOPPED, Status.FAILED}
    ),
    Status.RUNNING: frozenset(
        {
            Status.PAUSED,
            Status.WAITING,
            Status.FINISHED,
            Status.FAILED,
            Status.STOPPED,
            Status.QUEUED,
        }
    ),
    Status.PAUSED: frozenset(
        {Status.QUEUED, Status.RUNNING, Status.WAITING, Status.STOPPED, Status.FAILED}
    ),
    Status.WAITING: frozenset(
        {Status.QUEUED, Status.RUNNING, Status.PAUSED, Status.STOPPED, Status.FAILED}
    ),
    Status.FINISHED: frozenset(),
    Status.FAILED: frozenset(),
    Status.STOPPED: frozenset(),
}


def _spell(value: float) -> float | str:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value


Number = Annotated[float, PlainSerializer(_spell, return_type=float | str, when_used="json")]


Table = list[list[int]]  # rows of whole numbers, such as a confusion matrix


class Body(BaseModel):
    model_config = ConfigDict(extra="allow")


class StatusBody(Body):
    status: Status
    reason: str | None = None  # code: diverged, oom, disk, poisoned, error, …
    step: int = 0
    params: dict[str, Any] = {}  # what the words for the reason need
    results: dict[str, Number | Table] | None = None  # with `finished`: {"test/accuracy": 0.99}


class Columns(Body):
    """Points of one series, column by column. A point is a block of steps."""

    first_step: list[int]
    last_step: list[int]
    count: list[int]
    mean: list[Number]
    min: list[Number]
    max: list[Number]
    last: list[Number]


class MetricsBody(Body):
    step: int
    samples: int  # drawn from the training part so far; epoch = samples / size of that part
    elapsed: float  # seconds of training, summed over turns
    series: dict[str, Columns]


class ControlBody(Body):
    """A control took effect before step `step + 1`."""

    control: str
    body: dict[str, Any]
    step: int


class CheckpointBody(Body):
    checkpoint: str
    step: int
    samples: int
    size: int
    kept: bool  # kept ones are snapshots


class RewindBody(Body):
    """The run goes on from `to_step`; points of older epochs behind it are dropped by readers."""

    to_step: int
    reason: Literal["child_lost", "machine_lost", "resumed", "damaged_checkpoint"] | str


class VerdictBody(Body):
    code: str
    params: dict[str, Any] = {}
    step: int = 0


class PrunedBody(Body):
    """After `epochs` a member of a sweep is worse than `bar`, the median of `others`, and ends."""

    epochs: int
    step: int
    series: str
    value: Number | None
    bar: Number | None
    others: int


class Event(BaseModel):
    """One entry of a run's log as it travels."""

    model_config = ConfigDict(extra="allow")

    run: str
    number: Annotated[int, Field(ge=1)]
    type: str  # status, metrics, control, checkpoint, snapshot, rewind, verdict, pruned, sample
    epoch: int  # the lease's epoch under which it was written, 0 for a server's
    at: str  # RFC 3339 UTC with milliseconds
    body: dict[str, Any]


BODIES: dict[str, type[Body]] = {
    "status": StatusBody,
    "metrics": MetricsBody,
    "control": ControlBody,
    "checkpoint": CheckpointBody,
    "snapshot": CheckpointBody,
    "rewind": RewindBody,
    "verdict": VerdictBody,
    "pruned": PrunedBody,
}
