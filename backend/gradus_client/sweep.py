"""Sweeps as the API gives them; what a newer server adds is kept."""

from typing import Any, Literal

from pydantic import Field

from gradus.events import Number
from gradus.sweeps.request import Goal
from gradus_client.run import Public


class SweepBest(Public):
    run: str
    index: int
    values: dict[str, Any]
    goal: Number


class SweepPublic(Public):
    id: str
    name: str
    status: Literal["running", "paused", "finished", "stopped"]
    method: str
    members: int
    goal: Goal
    counts: dict[str, int] = Field(default_factory=dict)
    best: SweepBest | None = None
    tags: list[str] = Field(default_factory=list)
    created_at: str | None = None  # RFC 3339
    finished_at: str | None = None

    @property
    def is_final(self) -> bool:
        return self.status in ("finished", "stopped")

    @property
    def ended(self) -> int:
        """How many members have ended, however; those that cannot be planned never begin."""
        ends = ("finished", "failed", "stopped", "pruned", "refused")
        return sum(self.counts.get(state, 0) for state in ends)


class SweepPage(Public):
    """Some sweeps, newest first, and the cursor of the next page."""

    sweeps: list[SweepPublic]
    next: str | None = None


class SweepMember(Public):
    run: str
    index: int
    setting: int
    seed: int
    values: dict[str, Any]
    status: str
    reason: str | None = None
    goal: Number | None = None
    step: int = 0
    epoch: float = 0.0
    parameters: int = 0
