"""Bodies of requests and answers, `RunCreate` in, `RunPublic` out.

What comes in is closed: an unknown field is refused. What goes out only grows.
Times are RFC 3339 UTC with milliseconds, durations seconds, sizes bytes.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gradus.events import Columns, Event, Status
from gradus.probes import Probe
from gradus_server.messages import MOST_PROBES

Document = Annotated[dict[str, Any], Field(description="A document `nn/1` as JSON.")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Tag = Annotated[str, Field(min_length=1, max_length=64)]
Tags = Annotated[list[Tag], Field(max_length=32)]
Source = Annotated[str, Field(max_length=262_144)]
Seed = Annotated[int, Field(ge=0, le=2**53 - 1)]
Step = Annotated[int, Field(ge=0, le=2**53 - 1)]
Watch = Annotated[
    list[Probe],
    Field(
        max_length=MOST_PROBES,
        description="Pictures to be drawn from the first step on; whoever wants them for longer "
        "than 10 s watches them over the socket by then.",
    ),
]
RUN = "run_" + "0198c0de" * 4

SPIRAL: dict[str, Any] = {
    "spec": "nn/1",
    "data": {"name": "spiral"},
    "network": {"layers": [{"type": "linear", "units": 8, "activation": "tanh"}, "linear"]},
    "train": {"epochs": 100, "optimizer": {"type": "adam", "learning_rate": 0.01}},
}


class In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Out(BaseModel):
    model_config = ConfigDict(frozen=True)


def shown(example: dict[str, Any]) -> ConfigDict:
    """The configuration of an answer that carries an example."""
    return ConfigDict(frozen=True, json_schema_extra={"examples": [example]})


class RunCreate(In):
    """A run to be queued. `start` says how far it trains before it pauses by itself; `ramp` is
    `run` for somebody who looks: 4 steps a second at first, doubling every 0.6 s.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"document": SPIRAL}]})

    document: Document
    name: Name | None = None
    source: Annotated[Source | None, Field(description="The text it was written as.")] = None
    start: Literal["run", "ramp", "batch", "epoch", "paused"] = "run"
    parent: Annotated[str | None, Field(max_length=64)] = None
    parent_step: Step | None = None
    layout: Annotated[dict[str, Any] | None, Field(description="Colours, places, notes.")] = None
    tags: Tags = []
    watch: Watch = []
    pair: Annotated[
        Document | None,
        Field(description="A second document, trained beside the first in lockstep."),
    ] = None


class RunPatch(In):
    """What a person may change of a run at any time; a name or a pin keeps it from expiring."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Deeper", "pinned": True}]})

    name: Name | None = None
    tags: Tags | None = None
    pinned: bool | None = None
    layout: dict[str, Any] | None = None


class Operation(In):
    """One operation of a JSON patch (RFC 6902) against the parent's document."""

    op: Literal["add", "remove", "replace"]
    path: Annotated[str, Field(max_length=400, pattern=r"^(/.*)?$")]
    value: Any = None


class RunFork(In):
    """A child of a run: from its newest checkpoint at or before `step`, or from its beginning.

    `changes` are patches of the document, `set` numbers that change from there on; `document`
    replaces the whole. A structure that differs, or an ensemble that the checkpoint does not hold,
    begins untrained.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"step": 400}]})

    step: Step | None = None
    changes: Annotated[list[Operation] | None, Field(max_length=100)] = None
    document: Document | None = None
    name: Name | None = None
    source: Source | None = None
    start: Literal["run", "ramp", "batch", "epoch", "paused"] = "run"
    watch: Watch = []


class DraftInspect(In):
    """A question about a network that nobody has trained."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"document": SPIRAL, "probe": {"kind": "field"}}]}
    )

    document: Document
    probe: Probe
    seed: Seed | None = None


class DraftExport(In):
    """A document to be written as a program of another kind."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"document": SPIRAL}]})

    document: Document
    format: Literal["pytorch"] = "pytorch"


class RunInspect(In):
    """A question about a run: as it is now, or at its newest checkpoint at or before `step`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"probe": {"kind": "field"}}]})

    probe: Probe
    step: Step | None = None


class LaunchCode(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "b1fK…"}]})

    code: Annotated[str, Field(min_length=8, max_length=200)]


class ShareCreate(In):
    """A link by which anybody may read one run."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"days": 30}]})

    days: Annotated[int | None, Field(ge=1, le=3650, description="None: until revoked.")] = None


class Queue(Out):
    """Where a run waits: how many stand before it, and whether its worker was lost."""

    ahead: int
    holder_lost: bool = False


class RunSweep(Out):
    """Of which sweep a run is a member, and what it was given there."""

    id: str
    index: int
    setting: int
    values: dict[str, Any]


class RunPublic(Out):
    """A run as it is told to whoever may read it."""

    id: Annotated[str, Field(examples=[RUN])]
    name: str
    status: Status
    reason: str | None
    document: dict[str, Any]
    source: str | None
    layout: dict[str, Any] | None
    resolved: dict[str, Any]
    spec_hash: str
    seed: int
    plan: Annotated[dict[str, Any] | None, Field(description="On GET of one run.")] = None
    parameters: Annotated[int | None, Field(description="In a list of runs.")] = None
    parent: str | None
    parent_step: int | None
    goal: dict[str, int] | None
    speed: float
    tags: list[str]
    scratch: bool
    pinned: bool
    step: int
    samples: int
    elapsed: float
    latest: dict[str, float | str]
    results: dict[str, float | str | list[list[int]]] | None
    identity: dict[str, Any] | None
    inexact: bool
    last_event: int
    created_at: str
    started_at: str | None
    finished_at: str | None
    expires_at: str | None
    queue: Queue | None = None
    sweep: RunSweep | None = None
    beside: Annotated[
        list[str], Field(description="Runs trained in lockstep with it; on POST and GET of one.")
    ] = []


class RunPage(Out):
    """Newest first; `next` is the cursor of the next page, null at the end."""

    runs: list[RunPublic]
    next: str | None


class RunTree(Out):
    """A run with its ancestors and all that came of them, oldest first."""

    runs: list[RunPublic]


class ControlPublic(Out):
    """A control as it was asked for; it took effect before step `applied_step + 1`."""

    id: str
    body: dict[str, Any]
    requested_at: str
    applied_step: int | None
    applied_at: str | None


class Controls(Out):
    controls: list[ControlPublic]


class Events(Out):
    """Events with numbers behind `after`, in order and without a gap."""

    events: list[Event]


class Metrics(Out):
    """The series of a run after its rewinds, column by column."""

    series: dict[str, Columns]


class Verified(Out):
    """Hashes of the state at `step`, as kept and as computed again. A run that is `inexact` was
    moved between unlike machines, so a difference is no surprise there."""

    run: str
    step: int
    kept: str
    found: str
    same: bool
    inexact: bool


class CheckpointPublic(Out):
    id: str
    step: int
    samples: int
    kept: bool
    size: int
    created_at: str


class Checkpoints(Out):
    checkpoints: list[CheckpointPublic]


class ArtifactPublic(Out):
    id: str
    kind: str
    name: str
    hash: str
    size: int
    created_at: str


class Artifacts(Out):
    artifacts: list[ArtifactPublic]


class TensorPublic(Out):
    """One tensor of a file; `dtype` as safetensors calls it."""

    name: str
    dtype: str
    shape: list[int]


class Upload(Out):
    """A file that was kept, with what it holds."""

    model_config = shown(
        {
            "hash": "5f2c9d3e" * 8,
            "name": "resnet18.safetensors",
            "size": 46_830_571,
            "tensors": [{"name": "conv2d_1.weight", "dtype": "F32", "shape": [64, 3, 7, 7]}],
        }
    )

    hash: str
    name: str
    size: int
    tensors: list[TensorPublic]


class SharePublic(Out):
    id: str
    created_at: str
    expires_at: str | None


class ShareCreated(SharePublic):
    """`secret` is shown this once; `url` is the link to hand on."""

    secret: str
    url: str


class Shares(Out):
    shares: list[SharePublic]


class Health(Out):
    model_config = shown({"status": "ok", "version": "0.1.0"})

    status: Literal["ok"] = "ok"
    version: str


class Ready(Out):
    """Whether the service can take and train a run now."""

    model_config = shown({"status": "ready", "database": True, "redis": True, "workers": 2})

    status: Literal["ready", "waiting"]
    database: bool
    redis: bool
    workers: Annotated[int, Field(description="Training processes that are warm.")]


class ProblemItem(Out):
    """One fault: what is wrong, where in what was sent, and what would mend it."""

    code: str
    params: dict[str, Any]
    path: str
    layer: str | None = None
    message: str
    text: Annotated[str | None, Field(description="The message in the reader's language.")] = None
    expected: str | None = None
    got: str | None = None
    hint: str | None = None
    fix: list[dict[str, Any]] | None = None


class ProblemDocument(Out):
    """RFC 9457. `detail` is English, `text` in the language of Accept-Language."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:gradus:problem:not_found",
                    "title": "Not Found",
                    "status": 404,
                    "detail": f"There is no run {RUN}.",
                    "text": f"There is no run {RUN}.",
                    "code": "not_found",
                    "params": {"kind": "run", "id": RUN},
                    "hint": None,
                    "request": "5f2c9d3e8a017b64",
                    "problems": [],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    text: str
    code: str
    params: dict[str, Any]
    hint: Annotated[str | None, Field(description="What would help, in that language.")] = None
    request: str
    problems: list[ProblemItem]
    left_out: int = 0
