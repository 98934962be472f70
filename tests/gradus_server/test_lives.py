"""How long a scratch run lives: a week after it was last used, whoever used it and how."""

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select, update

from gradus_runs import retention
from gradus_runs.database import reading, writing
from gradus_runs.tables import runs
from tests.gradus_server.service import SPIRAL, Service


def let_time_be_over(service: Service, run: str) -> None:
    with writing(service.engine) as conn:
        conn.execute(update(runs).where(runs.c.id == run).values(expires_at=1))


def expiry(service: Service, run: str) -> int:
    with reading(service.engine) as conn:
        found: int = conn.execute(select(runs.c.expires_at).where(runs.c.id == run)).scalar_one()
    return found


def opened(client: httpx.Client, run: str) -> httpx.Response:
    return client.get(f"/runs/{run}")


def played(client: httpx.Client, run: str) -> httpx.Response:
    return client.post(f"/runs/{run}/control", json={"action": "play"})


def changed(client: httpx.Client, run: str) -> httpx.Response:
    body = {"action": "set", "changes": {"learning_rate": 0.003}}
    return client.post(f"/runs/{run}/control", json=body)


def forked(client: httpx.Client, run: str) -> httpx.Response:
    return client.post(f"/runs/{run}/fork", json={"start": "paused"})


@pytest.mark.parametrize("use", [opened, played, changed, forked])
def test_a_run_that_is_used_stays(
    service: Service, client: httpx.Client, use: Callable[[httpx.Client, str], httpx.Response]
) -> None:
    run = client.post("/runs", json={"document": SPIRAL, "start": "paused"}).json()["id"]
    let_time_be_over(service, run)
    use(client, run).raise_for_status()
    with writing(service.engine) as conn:
        assert run not in retention.expire(conn)


def test_a_list_of_runs_uses_none(service: Service, client: httpx.Client) -> None:
    run = client.post("/runs", json={"document": SPIRAL, "start": "paused"}).json()["id"]
    let_time_be_over(service, run)
    client.get("/runs").raise_for_status()
    assert expiry(service, run) == 1
