"""Runs and their pages as the API gives them; what a newer server adds is kept."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from gradus.events import FINAL, Columns, Number, Status, Table


class Public(BaseModel):
    model_config = ConfigDict(extra="allow")


class RunPublic(Public):
    id: str
    name: str
    status: Status
    reason: str | None = None
    document: dict[str, Any] = {}
    source: str | None = None
    resolved: dict[str, Any] = {}
    spec_hash: str | None = None
    seed: int = 0
    parent: str | None = None
    parent_step: int | None = None
    tags: list[str] = []
    step: int = 0
    samples: int = 0
    elapsed: float = 0.0  # seconds of training
    latest: dict[str, Number] = {}  # last value of each series
    results: dict[str, Number | Table] | None = None
    inexact: bool = False
    last_event: int = 0
    created_at: str | None = None  # RFC 3339
    started_at: str | None = None
    finished_at: str | None = None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL


class RunPage(Public):
    """Some runs, newest first, and the cursor of the next page."""

    runs: list[RunPublic]
    next: str | None = None


class MetricsPublic(Public):
    """Series by name, each with its points column by column."""

    series: dict[str, Columns] = {}
