"""Nothing that a client sends makes a 500, and no answer repeats more than a little of it."""

import copy
import json
import socket
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradus.presets import PRESETS
from gradus_server.problems import ECHO
from tests.gradus_server.service import SPIRAL, Standing

HOSTILE = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JSON = {"Content-Type": "application/json"}
DOCUMENTS = [preset.to_json()["document"] for preset in PRESETS.values()]
POSTS = ["/plan", "/inspect", "/runs", "/launch", "/runs/{id}/control", "/runs/{id}/fork",
         "/runs/{id}/inspect", "/runs/{id}/shares"]  # fmt: skip
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["\x00", "\ud800", "\u202e", "x" * 5000, "__class__", "../../etc/passwd"]),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=3),
)


def small(answer: httpx.Response) -> bool:
    """A refusal that is an answer: no 500, no stack, no repeated body."""
    if answer.status_code < 400:
        return True
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code != 500 and len(answer.content) < 8 * ECHO


@given(path=st.sampled_from(POSTS), raw=st.binary(max_size=300))
@HOSTILE
def test_raw_bytes(standing: Standing, path: str, raw: bytes) -> None:
    url = path.replace("{id}", standing.run)
    assert small(standing.client.post(url, content=raw, headers=JSON))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [(*path, key) for key, _ in inner]
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        if isinstance(part, dict | list):
            found += places(part, (*path, key))
    return found


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A preset with some of its values, keys or entries replaced by something odd."""
    document = copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(document)))
        place = document
        for key in way:
            if not isinstance(place, dict | list) or not _has(place, key):
                break
            place = place[key]
        if isinstance(place, dict) and draw(st.booleans()):
            place[draw(st.text(max_size=10))] = draw(odd)
        elif isinstance(place, dict | list) and _has(place, last):
            place[last] = draw(odd)
    return document


def _has(place: Any, key: Any) -> bool:
    return key in place if isinstance(place, dict) else isinstance(key, int) and key < len(place)


@given(document=mutated())
@HOSTILE
def test_mutated_documents(standing: Standing, document: Any) -> None:
    raw = json.dumps(document, ensure_ascii=True)
    planned = standing.client.post("/plan", content=raw, headers=JSON)
    assert small(planned)
    body = json.dumps({"document": document, "start": "paused"})
    created = standing.client.post("/runs", content=body, headers=JSON)
    assert small(created)
    if planned.status_code == 422:
        assert planned.json()["problems"]
        assert created.status_code == 422


@given(
    run=st.one_of(
        st.sampled_from(["%00", "9" * 30, "run_" + "f" * 32, "run_" + "F" * 32, "%ff%fe", "..%2f",
                         "run_%F0%9F%98%80", "a" * 3000]),
        st.binary(min_size=1, max_size=30).map(lambda raw: "".join(f"%{b:02x}" for b in raw)),
    ),
    rest=st.sampled_from(["", "/metrics", "/events", "/controls", "/checkpoints", "/artifacts",
                          "/artifacts/%00", "/shares"]),
    method=st.sampled_from(["GET", "DELETE", "PATCH", "POST", "PUT"]),
)  # fmt: skip
@HOSTILE
def test_paths(standing: Standing, run: str, rest: str, method: str) -> None:
    answer = standing.client.request(method, f"/runs/{run}{rest}")
    assert small(answer)
    assert answer.status_code >= 400 or run in ("", ".")


@given(
    name=st.sampled_from(["limit", "cursor", "status", "tag", "name", "after", "series", "points",
                          "share", "format", "language"]),
    value=st.one_of(odd.map(str), st.text(max_size=50)),
    path=st.sampled_from(["/runs", "/runs/{id}/metrics", "/runs/{id}/events", "/words"]),
)  # fmt: skip
@HOSTILE
def test_queries(standing: Standing, name: str, value: str, path: str) -> None:
    sent = value.encode("utf-8", "replace").decode()
    url = path.replace("{id}", standing.run)
    assert small(standing.client.get(url, params={name: sent}))


@given(
    name=st.sampled_from(["Accept", "Accept-Language", "Cookie", "Content-Type", "Content-Length",
                          "Idempotency-Key", "Last-Event-ID", "Origin", "Sec-Fetch-Site", "Range",
                          "Authorization", "X-Forwarded-For"]),
    value=st.binary(max_size=60).map(lambda raw: bytes(b for b in raw if b >= 32 and b != 127)),
)  # fmt: skip
@HOSTILE
def test_headers(standing: Standing, name: str, value: bytes) -> None:
    raw = json.dumps(SPIRAL).encode()
    headers = {b"Content-Type": b"application/json", name.encode(): value.strip()}
    if name == "Content-Length":
        headers[b"Content-Length"] = str(len(raw)).encode()
    assert small(standing.client.post("/plan", content=raw, headers=headers))
    if name not in ("Accept", "Content-Length"):  # the one would follow for ever
        url = f"/runs/{standing.run}/events"
        assert small(standing.client.get(url, headers={name.encode(): value.strip()}))


def test_headers_that_are_too_long_are_refused_with_the_limit(standing: Standing) -> None:
    kind = {"Cookie": "c" * (15 * 1024)}
    assert standing.client.get("/health", headers=kind).status_code == 200
    refused = standing.client.get("/health", headers={"Cookie": "c" * (17 * 1024)})
    assert (refused.status_code, refused.json()["code"]) == (431, "http.headers")
    assert refused.json()["params"] == {"limit": 16_384}
    assert "cookies" in refused.json()["hint"]


def test_a_head_without_an_end_is_cut_off(standing: Standing) -> None:
    with socket.create_connection(("127.0.0.1", standing.service.port), timeout=10) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nCookie: ")
        with pytest.raises(ConnectionError):
            raw.sendall(b"c" * 40_000_000)


@pytest.mark.parametrize(
    ("path", "name"),
    [("/runs?status=x", "status"), ("/runs?limit=0", "limit"), ("/words?language=x", "language")],
)
def test_a_parameter_that_is_refused_is_named(standing: Standing, path: str, name: str) -> None:
    (fault,) = standing.client.get(path).json()["problems"]
    assert fault["params"]["name"] == name


@pytest.mark.parametrize("size", [10_000, 900_000])
def test_a_huge_name_is_not_repeated(standing: Standing, size: int) -> None:
    document = copy.deepcopy(SPIRAL) | {"name": "n" * size, "k" * size: 1}
    for body in (document, {"document": document}, {"k" * size: 1}):
        for path in ("/plan", "/runs", "/inspect"):
            answer = standing.client.post(path, json=body)
            assert answer.status_code in (413, 422)
            assert len(answer.content) < ECHO


def test_many_faults_are_told_within_bounds(standing: Standing) -> None:
    layers = [{"type": f"nothing{n}", "units": "x" * 150} for n in range(300)]
    answer = standing.client.post("/plan", json={"spec": "nn/1", "network": {"layers": layers}})
    told = answer.json()
    assert len(told["problems"]) > 20
    assert told.get("left_out", 0) + len(told["problems"]) == told["params"]["count"]
    assert len(answer.content) < 64 * 1024
