"""Bodies of requests and answers about sweeps, by the rules of `wire`."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from gradus.events import Number
from gradus.sweeps.request import Goal, Method, Prune, SweepRequest, Vary
from gradus_server.wire import RUN, SPIRAL, In, Name, Out, ProblemItem, Tags

SWEEP = "sweep_" + "0198c0de" * 4
RATES: dict[str, Any] = {"path": "/train/optimizer/learning_rate", "values": [0.001, 0.01, 0.1]}


class SweepCreate(SweepRequest):
    """A document to be trained many times, with other values at the places under `vary`. All
    members are planned before anything is made; a grid takes values, the other methods ranges too."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"document": SPIRAL, "vary": [RATES], "seeds": 3}]},
    )

    name: Name | None = None
    tags: Annotated[Tags, Field(default_factory=list)]

    @property
    def request(self) -> SweepRequest:
        """What decides which members there are."""
        return SweepRequest(**{name: getattr(self, name) for name in SweepRequest.model_fields})


class SweepPatch(In):
    """What a person may change of a sweep at any time; a name keeps it from expiring."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Rates"}]})

    name: Name | None = None
    tags: Tags | None = None


class SweepControl(In):
    """What is asked of all members at once. `stop` ends them; what they learned stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"action": "pause"}]})

    action: Literal["pause", "play", "stop"]


class SweepCounts(Out):
    """How many members stand how. `pruned` ended early for being worse than the others, `refused`
    were never made: an algorithm chose values that cannot be planned."""

    queued: int = 0
    running: int = 0
    paused: int = 0
    waiting: int = 0
    finished: int = 0
    failed: int = 0
    stopped: int = 0
    pruned: int = 0
    refused: int = 0


class SweepRefused(Out):
    """A setting that an algorithm chose and that cannot be planned; it counts as failed."""

    setting: int
    values: dict[str, Any]
    problems: list[ProblemItem]


class SweepBest(Out):
    """The best member so far by the sweep's goal."""

    run: Annotated[str, Field(examples=[RUN])]
    index: int
    setting: int
    values: dict[str, Any]
    goal: Number


class SweepPublic(Out):
    """A sweep as it is told to whoever may read it. `members` is how many there will be: settings
    times seeds."""

    id: Annotated[str, Field(examples=[SWEEP])]
    name: str
    document: dict[str, Any]
    method: Method
    vary: list[Vary]
    members: int
    settings: int
    seeds: int
    seed: int
    goal: Goal
    prune: Prune | None
    at_once: int | None
    status: Literal["running", "paused", "finished", "stopped"]
    tags: list[str]
    scratch: bool
    counts: SweepCounts
    refused: list[SweepRefused]
    best: SweepBest | None
    created_at: str
    finished_at: str | None
    expires_at: str | None


class SweepPage(Out):
    """Newest first; `next` is the cursor of the next page, null at the end."""

    sweeps: list[SweepPublic]
    next: str | None


class SweepMember(Out):
    """One run of a sweep; `goal` is what it is judged by, null where nothing is known yet."""

    run: Annotated[str, Field(examples=[RUN])]
    index: int
    setting: int
    seed: int
    values: dict[str, Any]
    status: str
    reason: str | None
    goal: Number | None
    step: int
    epoch: float
    parameters: int


class SweepMembers(Out):
    members: list[SweepMember]


class BandColumns(Out):
    """Over the seeds of a setting, by step: their mean, the least, the greatest, how many."""

    step: list[int]
    mean: list[Number]
    min: list[Number]
    max: list[Number]
    count: list[int]


class SweepBand(Out):
    setting: int
    values: dict[str, Any]
    columns: BandColumns


class SweepMetrics(Out):
    """One series of every setting."""

    series: str
    settings: list[SweepBand]
