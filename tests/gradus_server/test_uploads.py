"""Weights that documents start from, over HTTP: sent in, found, kept, and refused."""

import struct

import httpx
import numpy as np
import pytest
from sqlalchemy import delete, insert, select, update

from gradus_runs import retention, tokens
from gradus_runs.database import writing
from gradus_runs.store import Store
from gradus_runs.tables import artifacts, references, runs, teams, users
from gradus_server import limits
from tests.gradus_server.service import SPIRAL, Service
from tests.gradus_server.test_exports import end, packed

HEAD = {
    "linear_1.weight": np.full((8, 2), 0.5, np.float32),
    "linear_1.bias": np.zeros(8, np.float32),
    "linear_2.weight": np.ones((1, 8), np.float32),
    "linear_2.bias": np.zeros(1, np.float32),
}
BINARY = {"Content-Type": "application/octet-stream"}
DAY_MS = 24 * 3_600_000


def send(client: httpx.Client, body: bytes, **headers: str) -> httpx.Response:
    return client.post(
        "/artifacts",
        content=body,
        params={"name": "old.safetensors"},
        headers={**BINARY, **headers},
    )


def starting(**source: object) -> dict[str, object]:
    return {**SPIRAL, "network": {**SPIRAL["network"], "init": {"from": source}}}


def test_an_uploaded_file_is_told_and_a_document_may_start_from_it(client: httpx.Client) -> None:
    answer = send(client, packed(HEAD))
    assert answer.status_code == 201
    sent = answer.json()
    assert [each["name"] for each in sent["tensors"]] == sorted(HEAD)
    assert sent["tensors"][1] == {"name": "linear_1.weight", "dtype": "F32", "shape": [8, 2]}
    planned = client.post("/plan", json=starting(weights=sent["hash"]))
    assert planned.status_code == 200
    made = client.post("/runs", json={"document": starting(weights=sent["hash"])}).json()
    assert made["resolved"]["weights"][0]["artifact"] == sent["hash"]


def test_the_same_file_sent_twice_is_one(client: httpx.Client, service: Service) -> None:
    hashes = {send(client, packed(HEAD)).json()["hash"] for _ in range(3)}
    with writing(service.engine) as conn:
        kept = conn.execute(select(references.c.hash)).scalars().all()
    assert (len(hashes), len(kept)) == (1, 1)


def test_another_shape_is_refused_with_the_tensors_name(client: httpx.Client) -> None:
    wide = {**HEAD, "linear_2.weight": np.ones((3, 8), np.float32)}
    sent = send(client, packed(wide)).json()
    [told] = client.post("/plan", json=starting(weights=sent["hash"])).json()["problems"]
    assert (told["code"], told["layer"]) == ("weights.shape", "linear_2")
    assert (told["expected"], told["got"]) == ("[1, 8]", "[3, 8]")


NAN = {**HEAD, "linear_1.bias": np.full(8, np.nan, np.float32)}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "weights.file_header"),
        (b"PK\x03\x04 no such file", "weights.file_header"),
        (struct.pack("<Q", 2**63) + b"{}", "weights.file_header"),
        (packed(HEAD)[:-1], "weights.file_header"),
        (packed(HEAD).replace(b'"F32"', b'"F31"', 1), "weights.file_header"),
        (packed(NAN), "weights.file_number"),
    ],
)
def test_a_hostile_file_is_refused_and_not_kept(
    service: Service, client: httpx.Client, body: bytes, code: str
) -> None:
    answer = send(client, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    with writing(service.engine) as conn:
        assert conn.execute(select(artifacts.c.hash)).first() is None


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradus_server.routes.uploads.UPLOAD_BYTES", 100)
    answer = send(client, packed(HEAD))
    assert (answer.status_code, answer.json()["code"]) == (413, "weights.file_size")
    assert limits.LIMITS["upload_bytes"] == limits.UPLOAD_BYTES


def test_only_bytes_are_taken(client: httpx.Client) -> None:
    answer = client.post("/artifacts", json={})
    assert (answer.status_code, answer.json()["code"]) == (415, "http.content_type_file")


def test_weights_of_a_run_are_found_by_its_id_and_outlive_it(
    service: Service, client: httpx.Client
) -> None:
    source = service.make_run(start="paused")
    waiting = client.post("/plan", json=starting(run=source)).json()["problems"][0]
    assert waiting["code"] == "weights.none_kept"
    end(service, source, HEAD)
    made = client.post("/runs", json={"document": starting(run=source)}).json()
    digest = made["resolved"]["weights"][0]["artifact"]
    client.delete(f"/runs/{source}").raise_for_status()
    sweep(service)
    with writing(service.engine) as conn:
        assert conn.execute(select(artifacts.c.hash)).scalars().all() == [digest]
    # Whoever has what came of it may go on from there: its document names the run that is gone.
    again = client.post(f"/runs/{made['id']}/fork", json={})
    assert again.json()["resolved"]["weights"] == made["resolved"]["weights"]
    for run in (made["id"], again.json()["id"]):
        client.delete(f"/runs/{run}").raise_for_status()
    sweep(service)
    gone = client.post("/plan", json=starting(run=source)).json()["problems"][0]
    assert gone["code"] == "weights.run_unknown"


def sweep(service: Service) -> None:
    """Two rounds, as if an hour lay between them."""
    settings = service.settings.model_copy(update={"collect_hours": 0.0})
    for _ in range(2):
        retention.sweep(service.engine, Store(settings.artifacts), settings)


def test_an_upload_that_no_run_came_for_goes_after_a_week(
    service: Service, client: httpx.Client
) -> None:
    digest = send(client, packed(HEAD)).json()["hash"]
    age(service, 6)
    sweep(service)
    assert client.post("/plan", json=starting(weights=digest)).status_code == 200
    age(service, 2)
    sweep(service)
    told = client.post("/plan", json=starting(weights=digest)).json()["problems"][0]
    assert told["code"] == "weights.file_unknown"


def age(service: Service, days: int) -> None:
    with writing(service.engine) as conn:
        older = references.c.created_at - days * DAY_MS
        conn.execute(update(references).values(created_at=older))


def test_a_team_has_a_bounded_number_of_files_without_a_run(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradus_runs.beginnings.UPLOADS", 1)
    assert send(client, packed(HEAD)).status_code == 201
    assert send(client, packed({"other": np.ones(1, np.float32)})).status_code == 429
    assert send(client, packed(HEAD)).status_code == 201


def test_neither_runs_nor_files_of_another_team_are_found(
    service: Service, client: httpx.Client
) -> None:
    source = service.make_run(start="paused")
    end(service, source, HEAD)
    digest = send(client, packed({**HEAD, "more": np.ones(1, np.float32)})).json()["hash"]
    with writing(service.engine) as conn:
        conn.execute(insert(teams).values(id="team_other", name="other", created_at=0))
        conn.execute(insert(users).values(id="user_other", name="other", created_at=0))
        for table in (runs, references):
            conn.execute(update(table).values(team_id="team_other"))
    for written in (starting(run=source), starting(weights=digest)):
        [told] = client.post("/plan", json=written).json()["problems"]
        assert told["code"] in ("weights.run_unknown", "weights.file_unknown")
    with writing(service.engine) as conn:
        conn.execute(delete(references))


def test_a_reader_may_plan_with_weights_but_not_send_them(service: Service) -> None:
    with service.http() as writer:
        digest = send(writer, packed(HEAD)).json()["hash"]
    with writing(service.engine) as conn:
        _, secret = tokens.mint(conn, service.actor, name="eyes", scopes=["read"])
    with service.http(secret) as reader:
        assert send(reader, packed(HEAD)).status_code == 403
        assert reader.post("/plan", json=starting(weights=digest)).status_code == 200
