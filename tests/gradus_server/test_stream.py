import random
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from gradus.probes import FieldProbe, NormsProbe, probe_hash
from gradus_runs.frames import decode, encode
from gradus_server import socket as sockets
from gradus_server.embedded import Valkey
from tests.gradus_server.service import SPIRAL, Service, Standing, hear, numbers, running, say


def test_a_page_is_told_the_past_then_the_present(service: Service) -> None:
    run = service.make_run()
    service.append(run, 5)
    with service.signed_in() as page:
        say(page, type="subscribe", run=run, after=0)
        assert numbers(page, 6) == [1, 2, 3, 4, 5, 6]
        assert hear(page, "live")["run"] == run
        service.append(run, 3)
        assert numbers(page, 9) == [7, 8, 9]


def test_a_cursor_goes_on_where_it_was(service: Service) -> None:
    run = service.make_run()
    service.append(run, 20)
    with service.signed_in() as page:
        say(page, type="subscribe", run=run, after=17)
        assert numbers(page, 21) == [18, 19, 20, 21]


def test_two_servers_tell_the_same_log(tmp_path: Path, database_url: str, valkey: str) -> None:
    with (
        running(tmp_path, database_url, valkey) as one,
        running(tmp_path, database_url, valkey) as two,
    ):
        run = one.make_run()
        with one.signed_in() as left, two.signed_in() as right:
            for page in (left, right):
                say(page, type="subscribe", run=run)
                hear(page, "live")
            for server in (one, two) * 5:
                server.append(run, 7)
            assert numbers(left, 71) == numbers(right, 71) == list(range(2, 72))


def test_reconnecting_pages_see_no_gap_and_no_double(service: Service) -> None:
    run = service.make_run()
    last = 1501

    def write() -> None:
        for size in random.Random(1).choices((1, 2, 5, 17), k=1000):
            service.append(run, min(size, last - written[0]), broadcast=size != 2)
            written[0] += min(size, last - written[0])
            if written[0] >= last:
                return

    written = [1]
    writer = threading.Thread(target=write)
    writer.start()
    seen: list[int] = []
    chance = random.Random(2)
    connections = 0
    while not seen or seen[-1] < last:
        connections += 1
        with service.signed_in() as page:
            say(page, type="subscribe", run=run, after=seen[-1] if seen else 0)
            for _ in range(chance.randint(1, 4)):
                if seen and seen[-1] >= last:
                    break
                seen += [event["number"] for event in hear(page, "events")["events"]]
    writer.join()
    assert seen == list(range(1, last + 1))
    assert connections > 5


def test_a_lost_broadcast_is_filled_from_the_database(service: Service) -> None:
    run = service.make_run()
    with service.signed_in() as page:
        say(page, type="subscribe", run=run)
        hear(page, "live")
        service.append(run, 3, broadcast=False)
        service.append(run, 1)
        assert numbers(page, 5) == [2, 3, 4, 5]


def test_without_a_broadcast_the_database_is_asked_before_long(service: Service) -> None:
    run = service.make_run()
    with service.signed_in() as page:
        say(page, type="subscribe", run=run)
        hear(page, "live")
        service.append(run, 2, broadcast=False)
        assert numbers(page, 3) == [2, 3]


def test_a_flushed_redis_costs_nothing(service: Service, valkey: str) -> None:
    run = service.make_run()
    with service.signed_in() as page, redis.Redis.from_url(valkey, protocol=3) as client:
        say(page, type="subscribe", run=run)
        hear(page, "live")
        service.append(run, 2)
        client.flushall()
        service.append(run, 2)
        assert numbers(page, 5) == [2, 3, 4, 5]


def test_while_redis_is_stopped_pages_follow_and_runs_are_taken(
    tmp_path: Path, sqlite: str
) -> None:
    with tempfile.TemporaryDirectory(prefix="gv-") as folder, ExitStack() as outage:
        url = outage.enter_context(Valkey(Path(folder))).url
        with running(tmp_path, sqlite, url) as service, service.signed_in() as page:
            run = service.make_run()
            say(page, type="subscribe", run=run)
            hear(page, "live")
            say(page, type="watch", run=run, probes=[{"kind": "field"}])
            service.append(run, 2)
            assert numbers(page, 3) == [2, 3]
            outage.close()
            service.append(run, 2, broadcast=False)
            assert numbers(page, 5) == [4, 5]
            other = service.make_run(watch=[{"kind": "field"}])
            say(page, type="subscribe", run=other)
            assert numbers(page, 1) == [1]
            outage.enter_context(Valkey(Path(folder)))
            until(lambda: service.live.watched() == [run], 10)
            service.append(run, 1)
            assert numbers(page, 6) == [6]


def test_a_deleted_run_ends_its_subscription(service: Service) -> None:
    run = service.make_run()
    with service.signed_in() as page, service.http() as client:
        say(page, type="subscribe", run=run)
        hear(page, "live")
        client.delete(f"/runs/{run}")
        assert hear(page, "problem")["problem"]["code"] == "not_found"


def test_what_is_watched_stands_in_redis_until_the_page_leaves(service: Service) -> None:
    run = service.make_run()
    field = {"kind": "field"}
    with service.signed_in() as page:
        say(page, type="subscribe", run=run)
        say(page, type="watch", run=run, probes=[field, field])
        hear(page, "live")
        picture = probe_hash(FieldProbe())
        until(lambda: service.live.watches([run])[run].keys() == {picture})
        assert service.live.watched() == [run]
    until(lambda: not service.live.watches([run])[run])


def test_a_run_is_watched_before_a_worker_is_called(service: Service) -> None:
    ear = service.live.listen("host:1:abc", ["train"])
    for _ in range(2):
        ear.next(1.0)  # that it listens, to the child's channel and to the queue's
    run = service.make_run(watch=[{"kind": "field"}, {"kind": "norms"}])
    assert ear.next(5.0) == {"queue": "train"}
    assert service.live.watched() == [run]
    wanted = {probe_hash(FieldProbe()), probe_hash(NormsProbe())}
    assert service.live.watches([run])[run].keys() == wanted
    ear.close()


def test_a_fork_is_watched_from_its_beginning_and_its_parent_is_not(service: Service) -> None:
    run = service.make_run()
    with service.http() as client:
        asked = {"watch": [{"kind": "field"}]}
        fork = client.post(f"/runs/{run}/fork", json=asked).json()["id"]
    assert service.live.watched() == [fork]


def test_a_repeated_request_watches_again_and_makes_nothing(service: Service) -> None:
    key = {"Idempotency-Key": "k"}
    with service.http() as client:
        made = client.post("/runs", json={"document": SPIRAL}, headers=key).json()["id"]
        body = {"document": SPIRAL, "watch": [{"kind": "field"}]}
        assert client.post("/runs", json=body, headers=key).json()["id"] == made
    assert service.live.watched() == [made]


def test_watching_wakes_the_child_that_holds_the_run(service: Service) -> None:
    run = service.make_run()
    job = service.claim(run)
    ear = service.live.listen(job.claim.holder, [])
    with service.signed_in() as page:
        say(page, type="watch", run=run, probes=[{"kind": "weights"}])
        heard = [ear.next(1.0) for _ in range(2)]  # the first is that it listens
        assert {"watch": run} in heard
    ear.close()


def test_frames_reach_those_who_look_and_the_newest_waits_for_the_late(service: Service) -> None:
    run = service.make_run()
    picture = probe_hash(FieldProbe())
    service.live.publish_frame(run, picture, frame_of(run, picture, 1))
    with service.signed_in() as page, service.signed_in() as other:
        say(page, type="watch", run=run, probes=[{"kind": "field"}])
        say(other, type="subscribe", run=run)
        hear(other, "live")
        assert step_of(next_frame(page)) == 1
        service.live.publish_frame(run, picture, frame_of(run, picture, 2))
        assert step_of(next_frame(page)) == 2
        service.append(run, 1)
        assert numbers(other, 2) == [2]


def test_a_page_that_confirms_nothing_gets_few_frames_and_then_the_newest(service: Service) -> None:
    run = service.make_run()
    picture = probe_hash(FieldProbe())
    with service.signed_in() as page:
        say(page, type="subscribe", run=run)
        say(page, type="watch", run=run, probes=[{"kind": "field"}])
        hear(page, "live")
        until(lambda: service.live.watches([run])[run])
        for step in range(sockets.FRAMES_AHEAD):
            service.live.publish_frame(run, picture, frame_of(run, picture, step))
            assert step_of(next_frame(page)) == step
        for step in range(sockets.FRAMES_AHEAD, 50):
            service.live.publish_frame(run, picture, frame_of(run, picture, step))
        with pytest.raises(TimeoutError):
            page.recv(timeout=0.5)
        shown = []
        while 49 not in shown:  # a server that is behind may not have heard of the newest yet
            say(page, type="ack", frames=sockets.FRAMES_AHEAD + len(shown))
            shown.append(step_of(next_frame(page)))
        assert shown == sorted(set(shown))
        assert len(shown) < 25


def test_a_page_that_reads_nothing_is_let_go(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SEND_SECONDS", 0.5)
    run = service.make_run()
    service.append(run, 60_000)
    with service.signed_in() as page, service.http() as client:
        say(page, type="subscribe", run=run)
        # The client's library reads ahead into a small queue, then the pipe fills.
        until(lambda: "gradus_sockets 0.0" in client.get("/metrics").text, 20)
        with pytest.raises(ConnectionClosed):
            hear(page, "never")


def test_one_connection_follows_and_watches_so_many_runs_and_no_more(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MOST_RUNS", 1)
    one, two = service.make_run(), service.make_run()
    with service.signed_in() as page:
        for message in ({"type": "subscribe"}, {"type": "watch", "probes": [{"kind": "norms"}]}):
            say(page, **message, run=one)
            say(page, **message, run=one)
            say(page, **message, run=two)
            said = hear(page, "problem")
            assert (said["run"], said["problem"]["code"]) == (two, "http.socket_runs")
        say(page, type="unsubscribe", run=one)
        say(page, type="subscribe", run=two)
        while hear(page, "live")["run"] != two:  # the first run's may have been on its way
            continue


def test_a_flood_of_messages_ends_the_connection(service: Service) -> None:
    with service.signed_in() as page:
        for _ in range(sockets.MESSAGES_AT_ONCE + 20):
            say(page, type="unsubscribe", run="run_" + "0" * 32)
        with pytest.raises(ConnectionClosed):
            hear(page, "never")
        assert page.close_code == sockets.Code.FLOOD


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"type": "nothing"}', '{"type": "subscribe"}', '{"type": "subscribe", "run": "x"}',
     '{"type": "ack", "frames": -1}', '{"type": "ack", "frames": 1e999}', '"\\ud800"'],
)  # fmt: skip
def test_a_message_that_cannot_be_read_is_answered_with_a_problem(
    service: Service, text: str
) -> None:
    run = service.make_run()
    with service.signed_in() as page:
        page.send(text)
        assert hear(page, "problem")["problem"]["status"] in (400, 422)
        say(page, type="subscribe", run=run)
        assert numbers(page, 1) == [1]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"type": "hello"}, "at type: one of 'auth', 'subscribe'"),
        ({"run": "x"}, "at type: 'type' is required"),
        ({"type": "subscribe"}, "at subscribe/run: Field required"),
        ({"type": "watch", "run": "run_" + "0" * 32, "probes": [{}] * 65}, "at watch/probes"),
    ],
)
def test_a_message_that_fits_nothing_is_told_what_was_expected(
    standing: Standing, message: dict[str, Any], said: str
) -> None:
    with standing.service.signed_in() as page:
        say(page, **message)
        assert said in hear(page, "problem")["problem"]["detail"]


def until(question: Callable[[], Any], seconds: float = 20) -> None:
    """Ask until the answer is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return
    raise AssertionError("it did not become true")


def frame_of(run: str, picture: str, step: int) -> bytes:
    return encode({"run": run, "probe": picture, "kind": "field", "step": step, "epoch": 1}, {})


def next_frame(page: ClientConnection) -> bytes:
    while True:
        message = page.recv(timeout=20)
        if isinstance(message, bytes):
            return message


def step_of(frame: bytes) -> int:
    return int(decode(frame).head["step"])
