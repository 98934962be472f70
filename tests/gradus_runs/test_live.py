"""Broadcasts, watching, waking and questions through a real Redis; and softly without one."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import redis

from gradus.probes import FieldProbe, KernelsProbe, probe_hash
from gradus_runs import live as names
from gradus_runs.errors import LiveUnavailable, QuotaExceeded
from gradus_runs.live import Live, open_live
from gradus_runs.log import LogEvent
from tests.gradus_runs.plans import steps

RUN = "run_1"
FIELD = FieldProbe()


@pytest.fixture
def live(valkey: str) -> Iterator[Live]:
    live = open_live(valkey)
    yield live
    live.close()


@pytest.fixture
def nowhere() -> Iterator[Live]:
    live = open_live("unix:///nonexistent/socket")
    yield live
    live.close()


def event(number: int, run: str = RUN) -> LogEvent:
    body = {"step": number, "samples": 1, "elapsed": 0.1}
    return LogEvent(run, number, 1, "metrics", 0, body, {"loss": steps(number, float("nan"))})


def test_events_are_read_as_they_were_written(live: Live) -> None:
    live.publish_events([event(1), event(2), event(1, "run_2")])
    found = live.events_after({RUN: 0, "run_2": 0})
    assert found == {
        RUN: [event(1).to_json(), event(2).to_json()],
        "run_2": [event(1, "run_2").to_json()],
    }
    assert live.events_after({RUN: 2, "run_2": 1}) == {}


def test_second_broadcast_of_an_event_changes_nothing(live: Live) -> None:
    live.publish_events([event(1), event(2)])
    live.publish_events([event(2), event(3)])
    assert [e["number"] for e in live.events_after({RUN: 0})[RUN]] == [1, 2, 3]


def test_broadcast_that_comes_too_late_leaves_a_gap_to_see(live: Live) -> None:
    live.publish_events([event(2)])
    live.publish_events([event(1)])
    assert [e["number"] for e in live.events_after({RUN: 0})[RUN]] == [2]


def test_newest_frame_waits_for_late_viewers(live: Live) -> None:
    assert live.latest_frame(RUN, "ab") is None
    live.publish_frame(RUN, "ab", b"first")
    live.publish_frame(RUN, "ab", b"second")
    assert live.latest_frame(RUN, "ab") == b"second"


def test_frames_come_as_they_are_made(live: Live, valkey: str) -> None:
    with redis.Redis.from_url(valkey, protocol=3) as client, client.pubsub() as heard:
        heard.subscribe(names.frames_channel(RUN))
        heard.get_message(timeout=2)
        frame = np.arange(4).tobytes()
        live.publish_frame(RUN, "ab", frame)
        message = heard.get_message(timeout=2)
    assert message is not None
    assert message["data"] == frame


def test_watched_pictures_are_known_by_run_and_question(live: Live) -> None:
    digest = live.watch(RUN, FIELD)
    live.watch(RUN, KernelsProbe(layer="conv2d_1"))
    assert digest == probe_hash(FIELD)
    assert live.watched() == [RUN]
    found = live.watches([RUN, "run_2"])
    assert found["run_2"] == {}
    assert found[RUN][digest] == FIELD
    assert len(found[RUN]) == 2


def test_watching_lasts_ten_seconds_of_redis_time(live: Live, valkey: str) -> None:
    live.watch(RUN, FIELD)
    with redis.Redis.from_url(valkey, protocol=3) as client:
        seconds, micros = client.time()
        until = client.zscore(names.WATCHED, RUN)
        assert 0 < client.pttl(names.watch_key(RUN)) <= names.WATCH_MS
        client.zadd(names.WATCHED, {RUN: seconds * 1000 - 1})
    assert abs(until - (seconds * 1000 + micros // 1000) - names.WATCH_MS) < 1000
    assert live.watched() == []


def test_question_whose_time_is_over_is_not_watched(live: Live, valkey: str) -> None:
    digest = live.watch(RUN, FIELD)
    with redis.Redis.from_url(valkey, protocol=3) as client:
        entry = client.hget(names.watch_key(RUN), digest)
        old = entry[: entry.rindex(b":")] + b":5}"
        client.hset(names.watch_key(RUN), digest, old)
        assert live.watches([RUN]) == {RUN: {}}
        live.watch(RUN, KernelsProbe(layer="a"))
        assert digest.encode() not in client.hkeys(names.watch_key(RUN))


def test_picture_that_only_a_newer_release_knows_is_passed_over(live: Live, valkey: str) -> None:
    digest = live.watch(RUN, FIELD)
    with redis.Redis.from_url(valkey, protocol=3) as client:
        entry = client.hget(names.watch_key(RUN), digest).replace(b'"field"', b'"hologram"')
        client.hset(names.watch_key(RUN), "0" * 16, entry)
    assert live.watches([RUN]) == {RUN: {digest: FIELD}}


def test_unwatched_picture_lasts_a_little_for_other_servers(live: Live, valkey: str) -> None:
    digest = live.watch(RUN, FIELD)
    live.unwatch(RUN, digest)
    assert digest in live.watches([RUN])[RUN]
    with redis.Redis.from_url(valkey, protocol=3) as client:
        seconds, _ = client.time()
        assert client.zscore(names.WATCHED, RUN) < seconds * 1000 + names.UNWATCH_MS + 1001
    live.watch(RUN, FIELD)
    with redis.Redis.from_url(valkey, protocol=3) as client:
        assert client.zscore(names.WATCHED, RUN) > seconds * 1000 + names.UNWATCH_MS + 1001


def test_unwatching_what_nobody_watches_is_no_error(live: Live) -> None:
    live.unwatch(RUN, "0" * 16)
    assert live.watched() == []


def test_65th_picture_of_a_run_is_refused_and_a_known_one_renewed(live: Live) -> None:
    for n in range(names.WATCHES):
        live.watch(RUN, KernelsProbe(layer=f"conv2d_{n}"))
    with pytest.raises(QuotaExceeded, match="64"):
        live.watch(RUN, FIELD)
    live.watch(RUN, KernelsProbe(layer="conv2d_0"))
    live.watch("run_2", FIELD)


def test_question_text_cannot_break_the_watch_set(live: Live) -> None:
    odd = KernelsProbe(layer='a","until":9}{\\"%s %d é 零')
    digest = live.watch(RUN, odd)
    live.unwatch(RUN, digest)
    assert live.watches([RUN])[RUN][digest] == odd


def test_child_hears_what_is_said_to_it_and_to_its_queues(live: Live) -> None:
    ear = live.listen("host:1", ["train"])
    live.wake_child("host:2", {"control": RUN})
    live.wake_child("host:1", {"control": RUN})
    live.wake_queue("train")
    heard = [message for _ in range(6) if (message := ear.next(0.5))]
    assert heard == [{"control": RUN}, {"queue": "train"}]
    ear.close()


def test_question_gets_its_answer_once(live: Live) -> None:
    question = {"run": RUN, "probe": FIELD.model_dump(mode="json")}
    live.ask("q1", question)
    assert live.question("q1") == question
    assert live.question("q2") is None
    live.answer("q1", b"frame")
    assert live.await_answer("q1") == b"frame"
    assert live.await_answer("q1", block_ms=10) is None


def test_answers_about_drafts_are_kept(live: Live) -> None:
    assert live.draft("ab") is None
    live.keep_draft("ab", b"frame")
    assert live.draft("ab") == b"frame"


def test_everything_expires(live: Live, valkey: str) -> None:
    live.publish_events([event(1)])
    live.publish_frame(RUN, "ab", b"")
    live.watch(RUN, FIELD)
    live.ask("q1", {})
    live.answer("q1", b"")
    live.keep_draft("ab", b"")
    with redis.Redis.from_url(valkey, protocol=3) as client:
        forever = [key for key in client.scan_iter() if client.pttl(key) < 0]
    assert forever == [b"watched"]


def test_redis_that_does_not_answer_holds_nobody_up(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        deaf.listen()
        live = open_live(f"unix://{tmp_path}/deaf", seconds=0.2)
        started = time.monotonic()
        with pytest.raises(LiveUnavailable):
            live.publish_frame(RUN, "ab", b"")
        assert time.monotonic() - started < 20
        live.close()


def test_connection_that_redis_closed_is_made_anew(live: Live, valkey: str) -> None:
    live.ping()
    with redis.Redis.from_url(valkey, protocol=3) as client:
        client.client_kill_filter(skipme=True)
    live.ping()


def test_without_redis_every_call_says_so(nowhere: Live) -> None:
    calls = [
        lambda: nowhere.publish_events([event(1)]),
        lambda: nowhere.events_after({RUN: 0}, block_ms=60_000),
        lambda: nowhere.publish_frame(RUN, "ab", b""),
        lambda: nowhere.latest_frame(RUN, "ab"),
        lambda: nowhere.watch(RUN, FIELD),
        lambda: nowhere.unwatch(RUN, "ab"),
        lambda: nowhere.watches([RUN]),
        lambda: nowhere.watched(),
        lambda: nowhere.wake_child("h", {}),
        lambda: nowhere.wake_queue("train"),
        lambda: nowhere.listen("h", []),
        lambda: nowhere.ask("q", {}),
        lambda: nowhere.question("q"),
        lambda: nowhere.answer("q", b""),
        lambda: nowhere.await_answer("q"),
        lambda: nowhere.keep_draft("d", b""),
        lambda: nowhere.draft("d"),
        lambda: nowhere.ping(),
    ]
    for call in calls:
        with pytest.raises(LiveUnavailable):
            call()
