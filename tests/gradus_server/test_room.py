"""A plan asked of the server knows how much memory the workers at hand have."""

import httpx
import pytest

from gradus_runs import workers
from gradus_runs.database import writing
from tests.gradus_server.service import Service

WIDE = {
    "spec": "nn/1",
    "data": "digits",
    "network": {"layers": [{"type": "conv2d", "filters": 64}, "flatten", "linear"]},
    "train": {"batch_size": 1000},
}


def announce(service: Service, name: str, memory: int | None) -> None:
    with writing(service.engine) as conn:
        workers.announce(
            conn,
            name,
            host="here",
            pid=1,
            queues=["train"],
            children=2,
            warm=2,
            identity={"device": "cpu", "threads": 1, "memory": memory},
            lease_ms=60_000,
        )


def advised(client: httpx.Client) -> list[str]:
    answer = client.post("/plan", json=WIDE).raise_for_status().json()
    return [each["code"] for each in answer["advice"]]


@pytest.mark.parametrize(
    ("memories", "expected"),
    [
        ([10_000_000], ["advice.batch_exceeds_memory"]),
        ([10_000_000, 100_000_000_000], []),  # the larger worker will do
        ([10_000_000, None], []),  # who does not say may have enough
        ([], []),
    ],
)
def test_a_batch_that_no_worker_can_hold_is_told(
    service: Service, client: httpx.Client, memories: list[int | None], expected: list[str]
) -> None:
    for number, memory in enumerate(memories):
        announce(service, f"worker_{number}", memory)
    assert advised(client) == expected
