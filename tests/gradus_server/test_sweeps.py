"""Sweeps over HTTP: made, refused, listed, judged, steered and deleted, a worker standing in."""

from typing import Any

import httpx
import pytest

from gradus.events import Status
from gradus_runs import jobs, log, members, runs
from gradus_runs.database import reading, write
from gradus_server import sweeping
from gradus_server.asking import next_settings
from tests.gradus_runs.plans import metrics, steps
from tests.gradus_server.service import SPIRAL, Service
from tests.gradus_server.test_stream import until

RATE = "/train/optimizer/learning_rate"
RATES = {"path": RATE, "values": [0.1, 0.2, 0.3]}


def make(client: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = client.post("/sweeps", json={"document": SPIRAL, "vary": [RATES], **body})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def listed(client: httpx.Client, sweep: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/sweeps/{sweep}/members", params=query).json()[
        "members"
    ]
    return found


def train(service: Service, run: str, *losses: float, to: Status | None = Status.FINISHED) -> None:
    """What a worker would record of a member: its validation losses, and its end."""
    entry = metrics(len(losses), **{"validation/loss": steps(1, *losses)})
    write(service.engine, lambda conn: log.append(conn, run, [entry]))
    if to is not None:
        for status in (Status.RUNNING, to):
            write(service.engine, lambda conn, s=status: runs.move(conn, run, s))


def test_a_sweep_is_its_members(service: Service, client: httpx.Client) -> None:
    made = make(client, seeds=2, name="rates")
    assert (made["members"], made["settings"], made["status"]) == (6, 3, "running")
    assert made["counts"]["queued"] == 6
    assert made["goal"] == {"series": "validation/loss", "direction": "minimize", "take": "best"}
    found = listed(client, made["id"])
    assert [each["values"][RATE] for each in found] == [0.1, 0.1, 0.2, 0.2, 0.3, 0.3]
    member = client.get(f"/runs/{found[3]['run']}").json()
    assert member["sweep"] == {
        "id": made["id"],
        "index": 3,
        "setting": 1,
        "values": {RATE: 0.2},
    }
    assert member["document"]["train"] == {
        "optimizer": {"type": "adam", "learning_rate": 0.2},
        "seed": 1,
    }
    assert member["name"] == "learning_rate 0.2, seed 1"
    assert member["beside"] == []


def test_members_are_listed_when_asked_for_or_named(client: httpx.Client) -> None:
    made = make(client)
    own = client.post("/runs", json={"document": SPIRAL}).json()["id"]
    first, second, third = (each["run"] for each in listed(client, made["id"]))

    def shown(**query: str) -> set[str]:
        return {each["id"] for each in client.get("/runs", params=query).json()["runs"]}

    assert shown() == {own}
    assert shown(sweep=made["id"]) == {first, second, third}
    assert shown(members="1") == {own, first, second, third}
    client.patch(f"/runs/{first}", json={"name": "kept"})
    client.patch(f"/runs/{second}", json={"pinned": True})
    assert shown() == {own, first, second}


def test_one_key_makes_one_sweep(client: httpx.Client) -> None:
    body, key = {"document": SPIRAL, "vary": [RATES]}, {"Idempotency-Key": "once"}
    first, again = (client.post("/sweeps", json=body, headers=key).json() for _ in range(2))
    assert first["id"] == again["id"]
    other = client.post("/sweeps", json={**body, "seeds": 2}, headers=key)
    assert other.status_code == 422


def test_a_fault_of_one_member_makes_no_sweep_at_all(client: httpx.Client) -> None:
    wrong = {"path": RATE, "values": [0.1, -1]}
    answer = client.post("/sweeps", json={"document": SPIRAL, "vary": [wrong]})
    assert answer.status_code == 422
    assert [each["path"] for each in answer.json()["problems"]] == ["/vary/0/values/1"]
    assert client.get("/sweeps").json() == {"sweeps": [], "next": None}
    unknown = client.post("/sweeps", json={"document": SPIRAL, "vary": [RATES | {"low": 1}]})
    assert [each["path"] for each in unknown.json()["problems"]] == ["/vary/0/low"]


def test_so_many_sweeps_may_be_under_way(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "SWEEPS_UNDER_WAY", 1)
    first = make(client)
    assert client.post("/sweeps", json={"document": SPIRAL, "vary": [RATES]}).status_code == 429
    client.post(f"/sweeps/{first['id']}/control", json={"action": "stop"})
    make(client)


def test_a_sweep_tells_its_best_and_ends_with_its_members(
    service: Service, client: httpx.Client
) -> None:
    made = make(client)["id"]
    one, two, three = (each["run"] for each in listed(client, made))
    train(service, one, 0.5, 0.2, 0.4, to=None)
    assert client.get(f"/sweeps/{made}").json()["best"]["goal"] == 0.2
    train(service, two, 0.1, 0.1, to=Status.FAILED)  # what diverged is never the best
    train(service, three, 0.9, 0.15)
    order = listed(client, made, order="goal")
    assert [each["run"] for each in order] == [three, one, two]
    for status in (Status.RUNNING, Status.FINISHED):
        write(service.engine, lambda conn, s=status: runs.move(conn, one, s))
    until(lambda: client.get(f"/sweeps/{made}").json()["status"] == "finished")
    ended = client.get("/sweeps").json()["sweeps"][0]
    assert (ended["best"]["run"], ended["best"]["values"]) == (three, {RATE: 0.3})
    assert ended["counts"]["finished"] == 2
    assert ended["finished_at"] is not None


def test_seeds_are_told_as_a_band(service: Service, client: httpx.Client) -> None:
    made = make(client, seeds=2)["id"]
    first, second, *_ = (each["run"] for each in listed(client, made))
    train(service, first, 1.0, 0.5, 0.2)
    train(service, second, 2.0, 1.5)
    bands = client.get(f"/sweeps/{made}/metrics").json()
    assert bands["series"] == "validation/loss"
    assert bands["settings"][0]["columns"] == {
        "step": [1, 2, 3],
        "mean": [1.5, 1.0, 0.2],
        "min": [1.0, 0.5, 0.2],
        "max": [2.0, 1.5, 0.2],
        "count": [2, 2, 1],
    }
    assert bands["settings"][1]["columns"]["step"] == []


def test_all_members_are_paused_played_and_stopped_together(client: httpx.Client) -> None:
    made = make(client)["id"]
    asked = [
        client.post(f"/sweeps/{made}/control", json={"action": action}).json()
        for action in ("pause", "play", "stop")
    ]
    assert [each["status"] for each in asked] == ["paused", "running", "stopped"]
    assert [asked[0]["counts"]["paused"], asked[1]["counts"]["queued"]] == [3, 3]
    assert asked[2]["counts"]["stopped"] == 3
    late = client.post(f"/sweeps/{made}/control", json={"action": "play"})
    assert (late.status_code, late.json()["code"]) == (409, "http.sweep_ended")


def test_no_more_train_at_once_than_were_asked_for(service: Service, client: httpx.Client) -> None:
    made = make(client, at_once=1)["id"]
    first, second, _ = (each["run"] for each in listed(client, made))

    def free() -> int:
        with reading(service.engine) as conn:
            return jobs.claimable(conn, "train")

    assert free() == 1
    train(service, first, 0.5)
    until(lambda: free() == 1)
    for action in ("pause", "play"):
        client.post(f"/sweeps/{made}/control", json={"action": action})
    assert free() == 1
    job = write(service.engine, lambda conn: jobs.claim(conn, "child", "train", [], 30_000))
    assert job is not None
    assert job.run_ids == (second,)


def test_deleting_a_sweep_leaves_what_is_named_or_has_children(client: httpx.Client) -> None:
    made = make(client)["id"]
    named, parent, bare = (each["run"] for each in listed(client, made))
    client.patch(f"/runs/{named}", json={"name": "kept"})
    child = client.post(f"/runs/{parent}/fork", json={"start": "paused"}).json()["id"]
    assert client.delete(f"/sweeps/{made}").status_code == 204
    assert client.get(f"/sweeps/{made}").status_code == 404
    left = {each["id"] for each in client.get("/runs").json()["runs"]}
    assert left == {named, parent, child}
    assert client.get(f"/runs/{bare}").status_code == 404
    assert client.get(f"/runs/{named}").json()["sweep"] is None


def test_a_sweep_is_renamed(client: httpx.Client) -> None:
    made = make(client)
    assert made["scratch"]
    kept = client.patch(f"/sweeps/{made['id']}", json={"name": "Rates", "tags": ["a"]}).json()
    assert (kept["name"], kept["tags"], kept["scratch"]) == ("Rates", ["a"], False)


@pytest.mark.parametrize("method", ["tpe", "cmaes"])
def test_an_algorithm_is_asked_round_by_round_and_answers_by_the_rows_alone(
    service: Service, client: httpx.Client, method: str
) -> None:
    rate = {"path": RATE, "low": 0.001, "high": 1.0, "log": True}
    units = {"path": "/network/layers/0/units", "low": 2, "high": 8}
    body = {"vary": [rate, units], "method": method, "members": 6, "at_once": 4, "seed": 3}
    made = make(client, **body)["id"]
    until(lambda: len(listed(client, made)) == 4)
    for number, each in enumerate(listed(client, made)):
        assert 0.001 <= each["values"][RATE] <= 1.0
        train(
            service, each["run"], 0.1 + number, to=Status.FAILED if number == 2 else Status.FINISHED
        )
    until(lambda: len(listed(client, made)) == 6)
    again = make(client, **body)["id"]
    until(lambda: len(listed(client, again)) == 4)
    values = [each["values"] for each in listed(client, made)]
    assert [each["values"] for each in listed(client, again)] == values[:4]
    with reading(service.engine) as conn:
        request = sweeping.standing(conn, service.actor, made).sweep.request
        found = members.of_sweep(conn, made)
    results = [0.1, 1.1, None, 3.1]
    asked = next_settings(request, 4, [each.varied for each in found[:4]], results)
    assert [tuple(each.values()) for each in values[4:]] == asked
    for each in listed(client, made)[4:]:
        train(service, each["run"], 0.1)
    until(lambda: client.get(f"/sweeps/{made}").json()["status"] == "finished")


def test_a_setting_that_cannot_be_planned_is_told_and_the_search_goes_on(
    service: Service, client: httpx.Client
) -> None:
    grouped = [
        {"type": "linear", "units": 2},
        {"type": "group_norm", "groups": 2},
        "linear",
    ]
    document = SPIRAL | {"network": {"layers": grouped}}
    units = {"path": "/network/layers/0/units", "low": 2, "high": 6}  # both ends are even
    asked = {"method": "tpe", "members": 10, "seeds": 2, "seed": 1}
    made = make(client, document=document, vary=[units], **asked)["id"]
    trained: set[str] = set()

    def over() -> bool:
        for each in listed(client, made):
            if each["run"] not in trained:
                trained.add(each["run"])
                train(service, each["run"], 0.5)
        return bool(client.get(f"/sweeps/{made}").json()["status"] == "finished")

    until(over)
    told = client.get(f"/sweeps/{made}").json()
    refused = told["refused"]
    assert {each["values"][units["path"]] for each in refused} <= {3, 5}
    assert refused
    problem = refused[0]["problems"][0]
    assert (problem["code"], problem["params"]["member"]) == (
        "shape.divides",
        refused[0]["setting"],
    )
    assert problem["path"] == "/document/network/layers/1/groups"
    assert told["counts"]["refused"] == 2 * len(refused)
    assert len(trained) == told["members"] - told["counts"]["refused"]
    settings = {each["setting"] for each in listed(client, made)}
    assert sorted(settings | {each["setting"] for each in refused}) == list(range(10))


def test_members_may_be_as_large_as_runs_and_no_larger(client: httpx.Client) -> None:
    wide = [{"type": "linear", "units": 20_000}, {"type": "linear", "units": 2}, "linear"]
    document = SPIRAL | {"network": {"layers": wide}}
    units = {"path": "/network/layers/1/units", "low": 2, "high": 20_000}
    body = {"document": document, "vary": [units], "method": "tpe"}
    answer = client.post("/sweeps", json=body)
    assert answer.status_code == 422
    problem = answer.json()["problems"][0]
    assert (problem["code"], problem["path"]) == ("http.run_parameters", "/vary/0/high")
    assert problem["params"]["member"] == 1
