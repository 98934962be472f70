"""Which members of a sweep share a job."""

from typing import Any

from gradus.sweeps.groups import MOST, groups
from gradus.sweeps.members import plan_sweep
from gradus.sweeps.request import SweepRequest

FEATURES = {"type": "features", "terms": ["x", "y", "xy"]}
HIDDEN = {"type": "linear", "units": 4, "activation": "tanh"}
CONV = {"type": "conv2d", "filters": 8, "activation": "relu"}


def sizes(data: str, layers: list[Any], epochs: int, members: int, children: int) -> list[int]:
    document = {
        "spec": "nn/1",
        "data": {"name": data},
        "network": {"layers": layers},
        "train": {"epochs": epochs, "batch_size": 10},
    }
    seeds = {"path": "/train/seed", "values": list(range(members))}
    request = SweepRequest.model_validate({"document": document, "vary": [seeds]})
    return groups(plan_sweep(request).members, children, None)


def test_toys_share_jobs_so_that_each_child_has_a_few() -> None:
    assert sizes("circle", [FEATURES, HIDDEN, "linear"], 100, 64, 2) == [8] * 8


def test_no_job_holds_more_than_can_be_looked_over() -> None:
    assert max(sizes("circle", [HIDDEN, "linear"], 10, 200, 1)) == MOST


def test_what_trains_for_long_has_a_job_of_its_own() -> None:
    assert sizes("circle", [HIDDEN, "linear"], 100_000, 8, 1) == [1] * 8
    assert sizes("digits", [CONV, "flatten", "linear"], 20, 8, 1) == [1] * 8
