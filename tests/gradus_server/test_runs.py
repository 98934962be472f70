import concurrent.futures
import copy
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import redis

from gradus_runs import artifacts, log
from gradus_runs.chunks import Points
from gradus_runs.database import writing
from gradus_runs.store import Store
from gradus_server import creation
from gradus_server.routes import events
from gradus_server.routes.metrics import MOST_POINTS
from gradus_server.wire import RunPublic
from tests.gradus_server.service import SPIRAL, Service, hear, running, say


def ramp(steps: int) -> Points:
    whole = np.arange(1, steps + 1)
    values = 1.0 / whole
    return Points.of(Points(whole, whole, np.ones_like(whole), values, values, values, values))


def train(service: Service, run: str, points: Points) -> None:
    """Stand in for a worker that reports one series."""
    last = int(points.last_step[-1])
    body = {"step": last, "samples": last * 10, "elapsed": 1.0}
    with writing(service.engine) as conn:
        log.append(conn, run, [log.Entry("metrics", body, {"train/loss": points})])


def test_a_run_is_queued_as_it_was_written(client: httpx.Client) -> None:
    body = {"document": SPIRAL, "name": "Mine", "tags": ["a"], "source": "# spiral\n", "layout": {}}
    made = client.post("/runs", json=body).json()
    assert made["document"] == SPIRAL
    assert (made["status"], made["name"], made["tags"]) == ("queued", "Mine", ["a"])
    assert made["resolved"]["spec"] == "nn/1"
    assert made["queue"] == {"ahead": 0, "holder_lost": False}
    found = client.get(f"/runs/{made['id']}").json()
    assert found["plan"]["totals"]["parameters"] == 33
    assert found | {"plan": None} == made
    assert RunPublic.model_validate(found)


def test_a_paused_start_waits_at_step_nought(client: httpx.Client) -> None:
    made = client.post("/runs", json={"document": SPIRAL, "start": "paused"}).json()
    assert (made["status"], made["goal"], made["queue"]) == ("paused", {"step": 0}, None)


def test_one_key_makes_one_run_however_many_ask(service: Service, client: httpx.Client) -> None:
    def ask(_: int) -> httpx.Response:
        with service.http() as own:
            headers = {"Idempotency-Key": "double-click"}
            return own.post("/runs", json={"document": SPIRAL}, headers=headers)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(client.get("/runs").json()["runs"]) == 1


def test_a_key_with_another_body_is_refused(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "k"}
    assert client.post("/runs", json={"document": SPIRAL}, headers=key).status_code == 201
    other = client.post("/runs", json={"document": SPIRAL, "name": "x"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "conflict.idempotency")


def test_a_full_queue_takes_no_more(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creation, "QUEUED_RUNS", 1)
    assert client.post("/runs", json={"document": SPIRAL}).status_code == 201
    refused = client.post("/runs", json={"document": SPIRAL})
    assert (refused.status_code, refused.json()["code"]) == (429, "quota")
    assert refused.headers["retry-after"]


def test_every_fault_is_said_at_once_in_the_readers_language(client: httpx.Client) -> None:
    document = {"spec": "nn/1", "network": {"input": [4], "layers": ["linaer", "flaten"]}}
    refused = client.post("/runs", json={"document": document}, headers={"Accept-Language": "zh"})
    problems = refused.json()["problems"]
    assert refused.status_code == 422
    assert {"/network/layers/0", "/network/layers/1"} <= {each["path"] for each in problems}
    for each in problems:
        assert each["message"].isascii()
        assert not each["text"].isascii()


def test_a_document_without_data_is_planned_but_not_run(client: httpx.Client) -> None:
    document = {
        "spec": "nn/1",
        "network": {"input": [4], "layers": [{"type": "linear", "units": 2}]},
    }
    assert client.post("/plan", json=document).status_code == 200
    refused = client.post("/runs", json={"document": document})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_a_network_too_large_to_train_is_planned_but_not_run(client: httpx.Client) -> None:
    document = copy.deepcopy(SPIRAL)
    document["network"] = {"layers": [{"type": "linear", "units": 20_000}] * 2 + ["linear"]}
    assert client.post("/plan", json=document).json()["totals"]["parameters"] > 200_000_000
    refused = client.post("/runs", json={"document": document})
    assert refused.json()["problems"][0]["code"] == "http.run_parameters"


@pytest.mark.parametrize(
    "field", ["id", "owner_id", "team_id", "status", "step", "pinned", "job_id"]
)
def test_what_the_service_decides_cannot_be_sent(client: httpx.Client, field: str) -> None:
    refused = client.post("/runs", json={"document": SPIRAL, field: "x"})
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["code"] == "http.field_unknown"


@pytest.mark.parametrize("watch", [[{"kind": "field"}] * 65, [{"kind": "no"}], {"kind": "field"}])
def test_what_cannot_be_watched_makes_no_run(client: httpx.Client, watch: object) -> None:
    refused = client.post("/runs", json={"document": SPIRAL, "watch": watch})
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["path"].startswith("/watch")
    assert client.get("/runs").json()["runs"] == []


def test_the_list_is_filtered_and_turned_over(client: httpx.Client) -> None:
    for number in range(7):
        body = {"document": SPIRAL, "name": f"run {number}", "tags": ["odd"] if number % 2 else []}
        client.post("/runs", json=body | {"start": "paused" if number < 3 else "run"})
    first = client.get("/runs", params={"limit": 4}).json()
    rest = client.get("/runs", params={"limit": 4, "cursor": first["next"]}).json()
    names = [run["name"] for run in first["runs"] + rest["runs"]]
    assert names == [f"run {number}" for number in reversed(range(7))]
    assert rest["next"] is None
    assert len(client.get("/runs", params={"tag": "odd"}).json()["runs"]) == 3
    assert len(client.get("/runs", params={"status": ["paused", "failed"]}).json()["runs"]) == 3
    assert len(client.get("/runs", params={"name": "N 6"}).json()["runs"]) == 1
    assert client.get("/runs", params={"cursor": "1.x"}).status_code == 422


def test_a_name_or_a_pin_keeps_a_run(service: Service, client: httpx.Client) -> None:
    run = service.make_run()
    assert client.get(f"/runs/{run}").json()["scratch"]
    changed = client.patch(f"/runs/{run}", json={"name": "Kept", "layout": {"colour": 1}}).json()
    assert (changed["name"], changed["scratch"], changed["expires_at"]) == ("Kept", False, None)
    assert changed["layout"] == {"colour": 1}
    assert client.patch(f"/runs/{run}", json={"status": "finished"}).status_code == 422


@pytest.mark.parametrize("field", ["name", "tags", "pinned", "layout"])
def test_null_takes_nothing_from_a_run_but_its_layout(
    service: Service, client: httpx.Client, field: str
) -> None:
    run = service.make_run(name="Mine", tags=["a"], layout={"colours": "dark"})
    before = client.get(f"/runs/{run}").json()
    changed = client.patch(f"/runs/{run}", json={field: None})
    assert changed.status_code == 200
    kept = None if field == "layout" else before[field]
    assert changed.json()[field] == kept


def test_a_run_is_paused_played_and_stopped(service: Service, client: httpx.Client) -> None:
    run = service.make_run()
    for action, status in (("pause", "paused"), ("play", "queued"), ("stop", "stopped")):
        asked = client.post(f"/runs/{run}/control", json={"action": action})
        assert asked.status_code == 202
        assert client.get(f"/runs/{run}").json()["status"] == status
    assert client.post(f"/runs/{run}/control", json={"action": "play"}).status_code == 409
    asked = client.get(f"/runs/{run}/controls").json()["controls"]
    assert [each["body"]["action"] for each in asked] == ["pause", "play", "stop"]


def test_a_weight_that_the_network_has_not_is_refused_with_its_place(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run()
    edits = [edit("linear_1.weight", 0, 0), edit("linear_9.weight", 0, 0)]
    refused = client.post(f"/runs/{run}/control", json=by_hand(*edits))
    assert refused.status_code == 422
    (problem,) = refused.json()["problems"]
    assert problem["path"] == "/changes/weights/1/name"
    assert client.get(f"/runs/{run}/controls").json()["controls"] == []
    assert client.post(f"/runs/{run}/control", json=by_hand(edits[0])).status_code == 202


def edit(name: str, *index: int) -> dict[str, Any]:
    return {"name": name, "index": list(index), "value": 0.5}


def by_hand(*edits: dict[str, Any]) -> dict[str, Any]:
    return {"action": "set", "changes": {"weights": list(edits)}}


def test_a_control_of_a_held_run_wakes_its_holder(service: Service, client: httpx.Client) -> None:
    run = service.make_run()
    job = service.claim(run)
    ear = service.live.listen(job.claim.holder, [])
    ear.next(1.0)  # that it listens
    client.post(f"/runs/{run}/control", json={"action": "set", "changes": {"learning_rate": 0.1}})
    assert ear.next(2.0) == {"control": run}
    ear.close()


def test_curves_are_thinned_for_the_screen_and_whole_in_a_file(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run()
    train(service, run, ramp(1000))
    whole = client.get(f"/runs/{run}/metrics").json()["series"]["train/loss"]
    assert whole["last_step"][-1] == len(whole["mean"]) == 1000
    thin = client.get(f"/runs/{run}/metrics", params={"points": 50}).json()["series"]["train/loss"]
    assert len(thin["mean"]) <= 50
    assert (max(thin["max"]), min(thin["min"])) == (1.0, 0.001)
    lines = client.get(f"/runs/{run}/metrics", params={"format": "csv"}).text.splitlines()
    assert lines[0] == "series,first_step,last_step,count,mean,min,max,last"
    assert len(lines) == 1001
    assert client.get(f"/runs/{run}/metrics", params={"series": "no"}).json()["series"]["no"]


def test_an_answer_in_json_is_bounded_and_a_file_is_not(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run()
    train(service, run, ramp(MOST_POINTS + 1))
    series = client.get(f"/runs/{run}/metrics").json()["series"]["train/loss"]
    assert len(series["mean"]) <= MOST_POINTS
    assert series["last_step"][-1] == MOST_POINTS + 1
    lines = client.get(f"/runs/{run}/metrics", params={"format": "csv"}).text.splitlines()
    assert len(lines) == MOST_POINTS + 2


def test_events_come_in_pages(service: Service, client: httpx.Client) -> None:
    run = service.make_run()
    service.append(run, 30)
    page = client.get(f"/runs/{run}/events", params={"after": 5, "limit": 10}).json()["events"]
    assert [event["number"] for event in page] == list(range(6, 16))


def test_events_are_followed_behind_the_last_one_heard(
    service: Service, client: httpx.Client
) -> None:
    run = service.make_run()
    service.append(run, 3)
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "2"}
    with client.stream("GET", f"/runs/{run}/events", headers=headers) as stream:
        lines = stream.iter_lines()
        heard = [next(line for line in lines if line.startswith("id:")) for _ in range(2)]
        service.append(run, 1)
        heard.append(next(line for line in lines if line.startswith("id:")))
    assert heard == ["id: 3", "id: 4", "id: 5"]


def test_whoever_follows_by_a_link_is_cut_off_when_it_is_closed(
    service: Service, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "RIGHTS_SECONDS", 0.1)
    run = service.make_run()
    share = client.post(f"/runs/{run}/shares", json={}).json()
    url, headers = f"{service.url}/api/v1/runs/{run}/events", {"Accept": "text/event-stream"}
    query = {"share": share["secret"]}
    with httpx.stream("GET", url, params=query, headers=headers, timeout=20) as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("id:")) == "id: 1"
        client.delete(f"/runs/{run}/shares/{share['id']}").raise_for_status()
        assert not [line for line in lines if line.startswith("id:")], "it ends, without an event"


def test_lists_are_filtered_by_data_and_go_both_ways(
    service: Service, client: httpx.Client
) -> None:
    for name, dataset in [("a", "spiral"), ("b", "moons"), ("c", "spiral")]:
        document = SPIRAL | {"data": {"name": dataset}}
        client.post("/runs", json={"document": document, "name": name}).raise_for_status()

    def names(**params: str) -> list[str]:
        found: list[str] = []
        page = client.get("/runs", params={"limit": 1} | params).json()
        while True:
            found += [run["name"] for run in page["runs"]]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"], "limit": "1"}
            page = client.get("/runs", params=params | cursor).json()

    assert names(order="oldest", dataset="spiral") == ["a", "c"]
    assert names(dataset="spiral") == ["c", "a"]
    assert names(order="oldest", dataset="moons") == ["b"]
    assert names(dataset="spi") == []
    assert client.get("/runs", params={"order": "sideways"}).status_code == 422
    # 2 · 8 + 8 weights and biases, and 8 + 1 of the output.
    assert {run["parameters"] for run in client.get("/runs").json()["runs"]} == {33}


def test_a_link_opens_one_run_for_reading_and_can_be_closed(
    service: Service, client: httpx.Client
) -> None:
    run, other = service.make_run(), service.make_run()
    made = client.post(f"/runs/{run}/shares", json={}).json()
    link = {"share": made["secret"]}
    with httpx.Client(base_url=f"{service.url}/api/v1", params=link) as guest:
        assert made["url"] == f"{service.url}/runs/{run}?share={made['secret']}"
        for path in ("", "/events", "/metrics"):
            assert guest.get(f"/runs/{run}{path}").status_code == 200
            assert guest.get(f"/runs/{other}{path}").status_code == 404
        assert guest.get(f"/runs/{run}/controls").status_code == 401
        assert guest.get("/runs").status_code == 401
        assert guest.delete(f"/runs/{run}").status_code == 401
        assert client.delete(f"/runs/{run}/shares/{made['id']}").status_code == 204
        assert guest.get(f"/runs/{run}").status_code == 401
    assert client.get(f"/runs/{run}/shares").json() == {"shares": []}


def test_a_guest_follows_and_watches_the_shared_run_alone(
    service: Service, client: httpx.Client
) -> None:
    run, other = service.make_run(), service.make_run()
    secret = client.post(f"/runs/{run}/shares", json={"days": 1}).json()["secret"]
    with service.socket() as guest:
        say(guest, type="subscribe", run=run, share=secret)
        assert hear(guest, "live")["run"] == run
        say(guest, type="watch", run=run, probes=[{"kind": "field"}])
        say(guest, type="subscribe", run=other, share=secret)
        assert hear(guest, "problem")["problem"]["code"] == "not_found"
        say(guest, type="watch", run=other, probes=[{"kind": "field"}])
        assert hear(guest, "problem")["problem"]["status"] in (401, 404)


@pytest.mark.parametrize("name", ["final", "é☃", 'a"; x=\r\ny', "../../etc/passwd"])
def test_a_file_is_saved_and_never_shown(service: Service, client: httpx.Client, name: str) -> None:
    run = service.make_run()
    store = Store(service.settings.artifacts)
    with writing(service.engine) as conn:
        digest = artifacts.put(conn, store, b"<script>")
        artifacts.refer(conn, service.actor, run, digest, "weights", name)
    (listed,) = client.get(f"/runs/{run}/artifacts").json()["artifacts"]
    assert (listed["hash"], listed["name"], listed["size"]) == (digest, name, 8)
    answer = client.get(f"/runs/{run}/artifacts/{listed['id']}")
    assert answer.content == b"<script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert client.get(f"/runs/{run}/artifacts/{listed['id']}x").status_code == 404


def test_a_run_is_taken_while_redis_is_away(tmp_path: Path, sqlite: str) -> None:
    with running(tmp_path, sqlite, "unix:///nowhere.sock") as service, service.http() as client:
        run = service.make_run()
        assert client.get(f"/runs/{run}").json()["status"] == "queued"
        assert client.get("/ready").json()["redis"] is False
        with service.signed_in() as page:
            say(page, type="subscribe", run=run)
            hear(page, "live")
            service.append(run, 1, broadcast=False)
            assert hear(page, "events", 3)["events"][0]["number"] == 2


def test_a_ramp_waits_for_the_child_that_comes_and_a_pause_takes_it_back(
    client: httpx.Client,
) -> None:
    run = client.post("/runs", json={"document": SPIRAL, "start": "ramp"}).json()
    assert (run["status"], run["goal"]) == ("queued", None)
    (ramp,) = client.get(f"/runs/{run['id']}/controls").json()["controls"]
    assert (ramp["body"], ramp["applied_step"]) == ({"action": "play", "ramp": True}, None)
    client.post(f"/runs/{run['id']}/control", json={"action": "pause"})
    settled = client.get(f"/runs/{run['id']}/controls").json()["controls"]
    assert [control["applied_step"] for control in settled] == [0, 0]
    assert client.get(f"/runs/{run['id']}").json()["status"] == "paused"


def test_a_ticket_lies_in_the_queue_after_a_run_was_made(service: Service, valkey: str) -> None:
    service.make_run()
    with redis.Redis.from_url(valkey, protocol=3, socket_timeout=30) as client:
        _, ticket = client.blpop(["train"], timeout=20)
    assert b"gradus.shift" in ticket
    assert b"[[], {}" in ticket or b"W1tdLCB7fSwg" in ticket  # nothing in it but its name
