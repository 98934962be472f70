"""Questions, with a thread in the worker's place that answers what is laid down."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import numpy as np
import pytest
import redis

from gradus_runs.frames import decode, encode
from gradus_server import questions
from tests.gradus_server.service import SPIRAL, Service

Answer = Callable[[dict[str, Any]], bytes]


def picture(question: dict[str, Any]) -> bytes:
    head = {"run": question.get("run", ""), "probe": "p", "kind": "field", "step": 0, "epoch": 0}
    return encode(head | {"meta": {}}, {"output": np.zeros((1, 4, 4), np.float32)})


@contextmanager
def inspector(service: Service, valkey: str, answer: Answer) -> Iterator[list[dict[str, Any]]]:
    """Takes tickets from the queue `inspect`, as the inspect worker does."""
    asked: list[dict[str, Any]] = []
    ended = threading.Event()

    def work() -> None:
        with redis.Redis.from_url(valkey, protocol=3) as client:
            while not ended.is_set():
                found = client.blpop(["inspect"], timeout=0.2)
                if found is None:
                    continue
                (question_id,), *_ = json.loads(_body(json.loads(found[1])))
                asked.append(service.live.question(question_id) or {})
                service.live.answer(question_id, answer(asked[-1]))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield asked
    finally:
        ended.set()
        worker.join()


def _body(message: dict[str, Any]) -> str:
    return base64.b64decode(message["body"]).decode()


def test_a_draft_is_asked_once_and_then_known(
    service: Service, client: httpx.Client, valkey: str
) -> None:
    with inspector(service, valkey, picture) as asked:
        for _ in range(3):
            answer = client.post("/inspect", json={"document": SPIRAL, "probe": {"kind": "field"}})
            assert answer.headers["content-type"] == "application/vnd.gradus.frame"
            assert decode(answer.content).head["kind"] == "field"
        seeded = {"document": SPIRAL, "probe": {"kind": "field"}, "seed": 7}
        client.post("/inspect", json=seeded)
    assert [question["resolved"]["train"]["seed"] for question in asked][1:] == [7]


def test_a_draft_that_cannot_be_planned_bothers_no_worker(client: httpx.Client) -> None:
    refused = client.post("/inspect", json={"document": {}, "probe": {"kind": "field"}})
    assert (refused.status_code, refused.json()["code"]) == (422, "http.spec")


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("probe", "This picture cannot be drawn: Not in this net."),
        ("probe.unknown_to_us", "Not in this net."),
    ],
)
def test_an_answer_that_cannot_be_given_is_a_problem(
    service: Service, client: httpx.Client, valkey: str, code: str, detail: str
) -> None:
    def refuse(question: dict[str, Any]) -> bytes:
        meta = {"code": code, "params": {}, "message": "Not in this net."}
        return encode({"run": "", "probe": "", "kind": "problem", "step": 0, "meta": meta}, {})

    with inspector(service, valkey, refuse):
        refused = client.post("/inspect", json={"document": SPIRAL, "probe": {"kind": "norms"}})
    assert (refused.status_code, refused.json()["detail"]) == (422, detail)


def test_the_holder_of_a_run_is_asked_about_now(service: Service, client: httpx.Client) -> None:
    run = service.make_run()
    ear = service.live.listen(service.claim(run).claim.holder, [])

    def hold() -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            message = ear.next(1.0)
            if message and "inspect" in message:
                question = service.live.question(message["inspect"])
                service.live.answer(message["inspect"], picture(question or {}))
                return

    holder = threading.Thread(target=hold)
    holder.start()
    answer = client.post(f"/runs/{run}/inspect", json={"probe": {"kind": "field"}})
    holder.join()
    ear.close()
    assert decode(answer.content).head["run"] == run


def test_the_past_is_asked_of_the_inspector(
    service: Service, client: httpx.Client, valkey: str
) -> None:
    run = service.make_run()
    service.claim(run)
    with inspector(service, valkey, picture) as asked:
        client.post(f"/runs/{run}/inspect", json={"probe": {"kind": "field"}, "step": 4})
    assert (asked[0]["run"], asked[0]["step"]) == (run, 4)


def test_without_a_worker_one_is_told_to_come_again(
    service: Service, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "WAIT_SECONDS", 0.5)
    late = client.post("/inspect", json={"document": SPIRAL, "probe": {"kind": "field"}})
    assert (late.status_code, late.json()["code"]) == (503, "http.waking")
    assert late.headers["retry-after"]


def test_who_prefers_it_is_told_that_a_worker_wakes_without_an_error(
    service: Service, client: httpx.Client
) -> None:
    asked = {"document": SPIRAL, "probe": {"kind": "field"}}
    began = time.monotonic()
    early = client.post("/inspect", json=asked, headers={"Prefer": "respond-async, wait=1"})
    assert (early.status_code, early.content) == (202, b"")
    assert time.monotonic() - began < questions.WAIT_SECONDS


def test_a_replay_is_reported(service: Service, client: httpx.Client, valkey: str) -> None:
    run = service.make_run()

    def verified(question: dict[str, Any]) -> bytes:
        meta = {"run": run, "step": 5, "kept": "a", "found": "a", "same": True, "inexact": False}
        head = {"run": run, "probe": "", "kind": "verification", "step": 5, "epoch": 0}
        return encode(head | {"meta": meta}, {})

    with inspector(service, valkey, verified) as asked:
        answer = client.post(f"/runs/{run}/verify")
    assert answer.json()["same"]
    assert asked == [{"run": run, "seconds": questions.VERIFY_SECONDS}]
