"""The Python client on a real socket: what it sends, and how it bears a bad line."""

import json

import pytest

from gradus.controls import Pause, Step
from gradus_client.client import Client
from gradus_client.errors import Refused, Unreachable
from tests.gradus_client.flaky import Answer, serving

DOCUMENT = {"spec": "nn/1", "network": {"input": [2], "layers": ["linear"]}}


def reply(value, status=200):
    return Answer(json.dumps(value).encode(), status)


def run(**fields):
    return reply({"id": "run_1", "name": "a", "status": "queued", **fields})


def test_a_run_is_created_with_the_token_and_a_key():
    with serving(run()) as (url, script), Client(url, "grd_secret") as client:
        created = client.create(DOCUMENT, name="a", tags=["b"])
    assert created.id == "run_1"
    [request] = script.requests
    assert (request.method, request.path) == ("POST", "/api/v1/runs")
    assert request.headers["authorization"] == "Bearer grd_secret"
    assert request.headers["idempotency-key"]
    body = json.loads(request.body)
    assert body == {"document": DOCUMENT, "name": "a", "start": "run", "tags": ["b"]}


def test_a_broken_line_while_creating_is_tried_again_under_the_same_key():
    with serving(Answer(dropped=True), run()) as (url, script), Client(url) as client:
        assert client.create(DOCUMENT).id == "run_1"
    first, second = script.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.body == second.body


def test_a_control_is_never_sent_twice():
    with (
        serving(Answer(dropped=True)) as (url, script),
        Client(url) as client,
        pytest.raises(Unreachable),
    ):
        client.control("run_1", Step(count=3))
    assert len(script.requests) == 1


def test_a_control_travels_as_its_model_says():
    with serving(reply({"id": "control_1"}, 202)) as (url, script), Client(url) as client:
        assert client.control("run_1", Pause()) == "control_1"
    assert json.loads(script.requests[0].body) == {"action": "pause"}


def test_the_problems_of_a_refused_spec_come_with_the_error():
    problems = [{"code": "field.bounds", "path": "/network/layers/0/units", "message": "no"}]
    refusal = reply({"title": "Unprocessable", "detail": "1 problem", "problems": problems}, 422)
    with serving(refusal) as (url, _), Client(url) as client, pytest.raises(Refused) as refused:
        client.plan(DOCUMENT)
    assert refused.value.detail == "1 problem"
    assert refused.value.status == 422
    assert refused.value.problems == problems


def test_the_remedy_of_a_refusal_comes_with_the_error():
    refusal = reply({"detail": "The run has ended (failed).", "hint": "Fork it."}, 409)
    with serving(refusal) as (url, _), Client(url) as client, pytest.raises(Refused) as refused:
        client.control("run_1", Pause())
    assert (refused.value.detail, refused.value.hint) == ("The run has ended (failed).", "Fork it.")


def test_an_answer_that_is_no_json_is_still_a_refusal():
    page = Answer(b"<html>Bad Gateway</html>", 502, "text/html")
    with (
        serving(page) as (url, _),
        Client(url) as client,
        pytest.raises(Refused, match="Bad Gateway"),
    ):
        client.run("run_1")


def test_nobody_at_the_address_is_said_with_the_address():
    with serving() as (url, _):
        pass
    with Client(url) as client, pytest.raises(Unreachable, match=url):
        client.runs()


def test_what_a_newer_server_adds_is_kept():
    with serving(run(horizon=7)) as (url, _), Client(url) as client:
        assert client.run("run_1").model_extra == {"horizon": 7}
