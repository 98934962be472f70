"""What is asked of a sweep: which places of a document vary, how, for how long."""

import math
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictFloat, StrictInt, Tag

from gradus.pointer import join
from gradus.problems import Report, show

PLACES = 16  # that vary at once
MEMBERS = 1_024  # networks of one sweep, seeds among them
DEFAULT_MEMBERS = 64
SEEDS = 64
SERIES = re.compile(r"(train|train_eval|validation)/[a-z0-9_]+(/[a-z0-9_]+)*")

Method = Literal["grid", "random", "tpe", "cmaes", "qmc"]
ASKED: frozenset[str] = frozenset({"tpe", "cmaes"})  # what to try next follows from what came out
ROUND = 8  # settings that such a method is asked for at once
MOST_IN_ROUND = 64
STEPS = 2**53  # of one range
Number = StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]
Path = Annotated[
    str,
    Field(
        min_length=2,
        max_length=400,
        pattern=r"^(/[^/]*)+$",
        description="A JSON pointer into the document.",
        examples=["/train/optimizer/learning_rate"],
    ),
]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Values(Closed):
    """A place that takes each of some values."""

    path: Path
    values: Annotated[list[Any], Field(min_length=1, max_length=MEMBERS)]


class Range(Closed):
    """A place that takes numbers between two bounds; whole ones where both bounds are whole."""

    path: Path
    low: Number
    high: Number
    log: Annotated[bool, Field(description="Evenly by the logarithm.")] = False
    step: Annotated[Number | None, Field(description="Only low, low + step, …")] = None

    @property
    def whole(self) -> bool:
        """Whether it is of whole numbers."""
        bounds = (self.low, self.high, 0 if self.step is None else self.step)
        return all(isinstance(bound, int) for bound in bounds)

    @property
    def steps(self) -> int:
        """How many steps fit between the bounds."""
        assert self.step is not None, "a range without steps"
        return math.floor((self.high - self.low) / self.step + 1e-9)

    def at(self, place: int) -> Number:
        """The value so many steps above the lower bound."""
        assert self.step is not None, "a range without steps"
        value = self.low + place * self.step
        return value if self.whole else min(float(value), float(self.high))


def _kind(value: Any) -> str:
    values = value.get("values") if isinstance(value, dict) else getattr(value, "values", None)
    return "between" if values is None else "list"


Vary = Annotated[
    Annotated[Values, Tag("list")] | Annotated[Range, Tag("between")], Discriminator(_kind)
]


class Goal(Closed):
    """What a member is judged by: the best of a series, or its last value."""

    series: Annotated[str, Field(max_length=128, examples=["validation/loss"])]
    direction: Literal["minimize", "maximize"] = "minimize"
    take: Literal["best", "last"] = "best"

    @property
    def sign(self) -> float:
        """1 where less is better, −1 where more is."""
        return 1.0 if self.direction == "minimize" else -1.0


class Prune(Closed):
    """When a member that does worse than the others ends early.

    `median`: worse than half of those that were as far. `halving`: not in the better half of them,
    looked at `after`, then at twice, four times … that many epochs.
    """

    rule: Literal["median", "halving"] = "median"
    after: Annotated[int, Field(strict=True, ge=1, le=10_000_000, description="Epochs.")] = 1
    every: Annotated[
        int, Field(strict=True, ge=1, le=10_000_000, description="Epochs, for the median.")
    ] = 1


class SweepRequest(Closed):
    """A document and how it varies. What cannot be said of one field alone, `check` says."""

    document: Annotated[dict[str, Any], Field(description="A document `nn/1` as JSON.")]
    method: Method = "grid"
    vary: Annotated[list[Vary], Field(min_length=1, max_length=PLACES)]
    members: Annotated[
        int | None,
        Field(ge=1, le=MEMBERS, description=f"Settings to try, {DEFAULT_MEMBERS} unless said."),
    ] = None
    seeds: Annotated[int, Field(ge=1, le=SEEDS, description="Each setting so many times.")] = 1
    seed: Annotated[int, Field(ge=0, le=2**53 - 1, description="Of the choice of settings.")] = 0
    goal: Goal | None = None
    prune: Prune | None = None
    at_once: Annotated[
        int | None, Field(ge=1, le=MEMBERS, description="Members in training at once.")
    ] = None

    def check(self, report: Report) -> None:
        """Everything that one field alone cannot say."""
        _check_paths(self.vary, report)
        for index, each in enumerate(self.vary):
            if isinstance(each, Range):
                _check_range(each, join("/vary", index), self.method, report)
        if self.seeds > 1:
            _check_seeds(self.vary, report)
        if self.method == "grid" and self.members is not None:
            report.add("sweep.grid_members", "/members", got=str(self.members))
        if self.goal and not SERIES.fullmatch(self.goal.series):
            series = show(self.goal.series)
            report.add("sweep.series", "/goal/series", got=series, series=series)
        count = self.settings * self.seeds
        if count > MEMBERS:
            report.add(
                "sweep.members", self._largest, expected=f"≤ {MEMBERS}", got=str(count),
                count=count, limit=MEMBERS,
            )  # fmt: skip

    @property
    def settings(self) -> int:
        """How many settings are to be tried."""
        if self.method != "grid":
            return self.members or DEFAULT_MEMBERS
        count = 1
        for each in self.vary:
            count *= len(each.values) if isinstance(each, Values) else 1
        return count

    @property
    def round(self) -> int:
        """How many settings an algorithm is asked for at once."""
        return min(self.at_once or ROUND, MOST_IN_ROUND)

    @property
    def _largest(self) -> str:
        """Where the number of members comes from."""
        if self.seeds > 1:
            return "/seeds"
        return "/vary" if self.method == "grid" else "/members"


def _check_paths(vary: Sequence[Values | Range], report: Report) -> None:
    for index, each in enumerate(vary):
        for other in vary[:index]:
            inside = (f"{each.path}/", f"{other.path}/")
            if inside[0].startswith(inside[1]) or inside[1].startswith(inside[0]):
                at = join("/vary", index, "path")
                report.add("sweep.twice", at, got=each.path, place=each.path, other=other.path)


def _check_range(vary: Range, place: str, method: str, report: Report) -> None:
    low, high, step = vary.low, vary.high, vary.step
    if method == "grid":
        report.add("sweep.grid_range", place, expected="values", place=vary.path)
    if low >= high:
        low_, high_ = show(low), show(high)
        report.add("sweep.bounds", join(place, "high"), expected=f"> {low_}", got=high_, low=low_)
    if vary.log and low <= 0:
        report.add("sweep.log", join(place, "low"), expected="> 0", got=show(low))
    if step is not None and vary.log:
        report.add("sweep.log_step", join(place, "step"), place=vary.path)
    if step is not None and (step <= 0 or step > high - low or (high - low) / step > STEPS):
        report.add("sweep.step", join(place, "step"), expected="> 0", got=show(step))


def _check_seeds(vary: Sequence[Values | Range], report: Report) -> None:
    for index, each in enumerate(vary):
        if each.path == "/train/seed":
            report.add("sweep.seeds", join("/vary", index, "path"))
