"""A plan for runs that no test trains, and points to record about them."""

from typing import Any

import numpy as np
from sqlalchemy import Engine

from gradus.planned import DatasetPlan, Plan, Totals, TrainPlan
from gradus_runs import jobs, runs
from gradus_runs.actor import Actor
from gradus_runs.chunks import Points
from gradus_runs.database import writing
from gradus_runs.log import Entry

DOCUMENT = {"format": "nn/1", "network": [{"type": "linear"}], "data": "circle"}
TRAIN_SIZE = 250


def small_plan() -> Plan:
    """What the planner would answer for a tiny document, as far as a run's row needs it."""
    data = DatasetPlan(
        "circle", "1", {}, {}, "classification", (2,), (), ("in", "out"),
        {"train": TRAIN_SIZE, "validation": 125, "test": 125},
    )  # fmt: skip
    train = TrainPlan(
        10, 10, {"type": "sgd"}, (), (), "shuffle", {"type": "constant"}, None, None,
        0.0, 0.0, "eager", "f32", None, 7,
    )  # fmt: skip
    return Plan(DOCUMENT, "a" * 64, {}, data, train, Totals(3, 3, 2, 8, 100), ())


def make_run(database: Engine, actor: Actor, **options: Any) -> runs.Run:
    """A queued run."""
    with writing(database) as conn:
        return runs.create(conn, actor, small_plan(), DOCUMENT, **{"name": "test"} | options)


def claim_run(database: Engine, holder: str = "child", *, lease_ms: int = 30_000) -> jobs.Job:
    """The next job, which must be there."""
    with writing(database) as conn:
        job = jobs.claim(conn, holder, "train", [], lease_ms)
    assert job is not None
    return job


def metrics(step: int, **series: Points) -> Entry:
    """What a worker records after a block that ends with `step`; ten samples and 0.1 s a step."""
    return Entry("metrics", {"step": step, "samples": 10 * step, "elapsed": step / 10}, series)


def steps(first: int, *values: float) -> Points:
    """One point a step from `first` on."""
    number = np.arange(first, first + len(values))
    column = np.array(values, dtype=float)
    return Points.of(Points(number, number, np.ones_like(number), column, column, column, column))
