"""Following a run's events through broken connections."""

import json

import httpx
import pytest

from gradus_client import follow
from gradus_client.client import Client
from gradus_client.errors import Refused, Unreachable
from tests.gradus_client.flaky import Answer, serving


def event(number, type="metrics", **body):
    sent = {"run": "run_1", "number": number, "type": type, "epoch": 1, "at": "", "body": body}
    return f"id: {number}\nevent: {type}\ndata: {json.dumps(sent)}\n\n"


def stream(*events, cut=""):
    body = ": welcome\n\n" + "".join(events) + cut
    return Answer(body.encode(), type="text/event-stream")


URL = "http://nets.example"
END = event(5, "status", status="finished", results={"test/accuracy": 0.99})


def test_events_come_in_order_and_end_with_the_run():
    with serving(stream(event(1), event(2), END)) as (url, _), Client(url) as client:
        assert [e.number for e in client.events("run_1")] == [1, 2, 5]


def test_a_broken_stream_goes_on_behind_the_last_whole_event():
    parts = stream(event(1), event(2), cut='id: 3\ndata: {"run'), stream(event(3), event(4), END)
    with serving(*parts) as (url, script), Client(url) as client:
        assert [e.number for e in client.events("run_1")] == [1, 2, 3, 4, 5]
    assert [r.headers["last-event-id"] for r in script.requests] == ["0", "2"]


def test_an_event_that_comes_again_is_not_told_again():
    parts = stream(event(1), event(2)), stream(event(2), event(3), END)
    with serving(*parts) as (url, _), Client(url) as client:
        assert [e.number for e in client.events("run_1")] == [1, 2, 3, 5]


def test_a_restarting_server_is_waited_for():
    parts = Answer(dropped=True), Answer(b"{}", 503), stream(END)
    with serving(*parts) as (url, _), Client(url) as client:
        assert [e.number for e in client.events("run_1")] == [5]


def test_a_log_that_is_not_given_is_a_refusal_at_once():
    refusal = Answer(json.dumps({"detail": "There is no such run."}).encode(), 404)
    refused = pytest.raises(Refused, match="no such run")
    with serving(refusal) as (url, script), Client(url) as client, refused:
        list(client.events("run_2"))
    assert len(script.requests) == 1


def followed(*replies, **options):
    """Numbers of the events that a server with these replies gives: a status, or a stream."""
    left = list(replies)

    def answer(request):
        said = left.pop(0)
        return httpx.Response(said) if isinstance(said, int) else httpx.Response(200, text=said)

    with httpx.Client(base_url=URL, transport=httpx.MockTransport(answer)) as http:
        events = follow.events(URL, lambda after: http.stream("GET", "/"), **options)
        return [event.number for event in events]


def test_pauses_between_tries_grow_and_shrink_again():
    waited = []
    assert followed(503, 503, 503, event(1), 503, END, pause=waited.append) == [1, 5]
    assert waited == [0.2, 0.4, 0.8, 0.2, 0.4]


def test_patience_counts_from_the_last_connection():
    waited = []
    assert followed(503, event(1), event(2), END, patience=0, pause=waited.append) == [1, 2, 5]
    with pytest.raises(Unreachable, match=URL):
        followed(503, 503, patience=0, pause=waited.append)


def test_data_of_several_lines_is_one_value():
    lines = ["data: {", "data: }", ": a comment", "id:7", ""]
    assert list(follow.blocks(lines)) == [{"data": "{\n}", "id": "7"}]
