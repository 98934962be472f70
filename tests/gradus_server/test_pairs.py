"""Pairs over HTTP: two documents of one pace make two runs of one job, or none."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from gradus_runs.database import writing
from gradus_runs.tables import runs
from tests.gradus_server.service import SPIRAL, Service

RELU = {
    **SPIRAL,
    "network": {"layers": [{"type": "linear", "units": 8, "activation": "relu"}, "linear"]},
}


def asked(client: httpx.Client, pair: dict[str, Any], **body: Any) -> httpx.Response:
    return client.post("/runs", json={"document": SPIRAL, "pair": pair, **body})


def job_of(service: Service, run: str) -> str:
    with writing(service.engine) as conn:
        return str(conn.execute(select(runs.c.job_id).where(runs.c.id == run)).scalar_one())


@pytest.mark.parametrize("second", [RELU, SPIRAL])
def test_each_of_a_pair_names_the_other(
    service: Service, client: httpx.Client, second: dict[str, Any]
) -> None:
    made = asked(client, second, start="paused").json()
    (other,) = made["beside"]
    found = client.get(f"/runs/{other}").json()
    assert found["beside"] == [made["id"]]
    assert (found["document"], found["status"]) == (second, "paused")
    assert job_of(service, other) == job_of(service, made["id"])
    alone = service.make_run()
    assert client.get(f"/runs/{alone}").json()["beside"] == []


@pytest.mark.parametrize(
    ("changes", "name", "expected", "got"),
    [
        ({"train": {"batch_size": 7}}, "batch_size", "32", "7"),
        ({"train": {"epochs": 3}}, "epochs", "10", "3"),
        (
            {"data": {"name": "spiral", "options": {"points": 400}}},
            "training samples",
            "350",
            "280",
        ),
    ],
)
def test_another_pace_is_refused_with_both_numbers_and_no_run_is_made(
    client: httpx.Client, changes: dict[str, Any], name: str, expected: str, got: str
) -> None:
    refused = asked(client, {**SPIRAL, **changes})
    assert refused.status_code == 422
    (found,) = refused.json()["problems"]
    assert (found["code"], found["path"]) == ("http.pair", "/pair")
    assert (found["expected"], found["got"]) == (expected, got)
    assert name in found["message"]
    assert found["hint"]
    assert client.get("/runs").json()["runs"] == []


def test_a_second_document_that_is_no_network_makes_no_first_run(client: httpx.Client) -> None:
    refused = asked(client, {**SPIRAL, "network": {"layers": ["linera"]}})
    assert (refused.status_code, client.get("/runs").json()["runs"]) == (422, [])


def test_a_run_is_no_second_document(client: httpx.Client, service: Service) -> None:
    assert asked(client, service.make_run()).status_code == 422  # type: ignore[arg-type]


def test_a_key_with_another_second_document_is_refused(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "k"}
    body = {"document": SPIRAL, "pair": RELU}
    first, again = (client.post("/runs", json=body, headers=key).json() for _ in range(2))
    assert first == again
    other = client.post("/runs", json={**body, "pair": SPIRAL}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "conflict.idempotency")
