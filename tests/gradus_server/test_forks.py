"""Forks: what they change, from where they go on, and the family that they make."""

from typing import Any

import httpx
import pytest

from gradus_runs import checkpoints
from gradus_runs.database import writing
from gradus_runs.store import Store
from tests.gradus.alternations import gan
from tests.gradus_server.service import SPIRAL, Service, Standing


def kept_at(service: Service, document: dict[str, Any], step: int) -> str:
    """A run with a checkpoint, as a worker writes one."""
    run = service.make_run(document=document)
    job = service.claim(run)
    with writing(service.engine) as conn:
        store = Store(service.settings.artifacts)
        checkpoints.write(
            conn, job.claim, run, store, tensors=b"kept", state={}, step=step, samples=10 * step
        )
    return run


def test_the_tree_of_a_run_holds_its_whole_family(service: Service, client: httpx.Client) -> None:
    root, stranger = service.make_run(), service.make_run()
    children = [client.post(f"/runs/{root}/fork", json={}).json()["id"] for _ in range(2)]
    found = client.get(f"/runs/{children[0]}/tree").json()["runs"]
    assert [run["id"] for run in found] == [root, *children]
    assert stranger not in {run["id"] for run in found}
    assert client.get(f"/runs/run_{'0' * 32}/tree").status_code == 404


def test_a_fork_changes_what_it_says(service: Service, client: httpx.Client) -> None:
    run = service.make_run()
    change = {"op": "replace", "path": "/network/layers/0/units", "value": 3}
    made = client.post(f"/runs/{run}/fork", json={"changes": [change], "start": "paused"}).json()
    assert (made["parent"], made["parent_step"]) == (run, None)
    assert made["document"]["network"]["layers"][0]["units"] == 3
    assert client.get(f"/runs/{run}").json()["document"] == SPIRAL


def test_a_fork_that_adds_members_begins_anew_and_one_that_keeps_them_goes_on(
    service: Service, client: httpx.Client
) -> None:
    run = kept_at(service, SPIRAL, 40)
    same = client.post(f"/runs/{run}/fork", json={"step": 40}).json()
    change = {"op": "add", "path": "/train", "value": {"ensemble": {"members": 3}}}
    more = client.post(f"/runs/{run}/fork", json={"step": 40, "changes": [change]}).json()
    assert (same["parent_step"], more["parent_step"]) == (40, None)


@pytest.mark.parametrize(
    ("path", "value", "begins"),
    [
        ("/train/batch_size", 5, 40),
        ("/networks/d/layers/0/units", 3, None),
        ("/train/steps/0/name", "critic", None),
        ("/train/steps/0/optimizer", "sgd", None),
    ],
)
def test_a_fork_of_several_networks_goes_on_only_from_what_fits(
    service: Service, client: httpx.Client, path: str, value: object, begins: int | None
) -> None:
    run = kept_at(service, gan(), 40)
    change = {"op": "add", "path": path, "value": value}
    fork = client.post(f"/runs/{run}/fork", json={"step": 40, "changes": [change]})
    assert fork.json()["parent_step"] == begins, fork.text


def test_a_fork_of_a_function_goes_on_only_with_the_same_function(
    service: Service, client: httpx.Client
) -> None:
    document = {"spec": "nn/1", "function": {"expression": "x**2 + y**2", "start": [1, 2]}}
    run = kept_at(service, document, 40)
    other = document | {"function": {"expression": "x**2 + z**2", "start": [1, 2]}}
    fork = client.post(f"/runs/{run}/fork", json={"step": 40, "document": other}).json()
    assert fork["parent_step"] is None


@pytest.mark.parametrize(
    ("op", "path"),
    [("replace", "/nothing"), ("remove", "/network/layers/9"), ("add", "/network/layers/x"),
     ("replace", ""), ("add", "/spec/x"), ("remove", "/network/layers/-1")],
)  # fmt: skip
def test_a_change_that_does_not_fit_is_pointed_at(standing: Standing, op: str, path: str) -> None:
    change = {"op": op, "path": path, "value": 1}
    url = f"/runs/{standing.run}/fork"
    refused = standing.client.post(url, json={"changes": [change]})
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["path"] == "/changes/0"
