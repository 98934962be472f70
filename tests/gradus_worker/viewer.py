"""Somebody who looks at pictures."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgpack
import redis

from gradus.probes import Probe
from gradus_runs.ids import new_id
from gradus_runs.live import frames_channel
from tests.gradus_worker.workshop import Workshop, until


def head(frame: bytes) -> dict[str, Any]:
    """The head of a frame."""
    (length,) = struct.unpack_from("<I", frame)
    found: dict[str, Any] = msgpack.unpackb(frame[4 : 4 + length])
    return found


class Frames:
    """The pictures of one run as they come."""

    def __init__(self, heard: Any) -> None:
        self._heard = heard

    def next(self, seconds: float = 60) -> bytes:
        message = until(lambda: self._heard.get_message(timeout=0.2), seconds, "a picture")
        return bytes(message["data"])

    def take(self, count: int) -> list[dict[str, Any]]:
        return [head(self.next()) for _ in range(count)]


@contextmanager
def frames_of(shop: Workshop, run: str) -> Iterator[Frames]:
    """Follow the pictures of a run; which are drawn is for `shop.watch` to say."""
    with redis.Redis.from_url(shop.environment["GRADUS_REDIS_URL"], protocol=3) as client:
        heard = client.pubsub(ignore_subscribe_messages=True)
        heard.subscribe(frames_channel(run))
        until(lambda: client.pubsub_numsub(frames_channel(run))[0][1], 60, "the subscription")
        yield Frames(heard)
        heard.close()


def ask_holder(shop: Workshop, run: str, probe: Probe) -> bytes:
    """A question to the child that holds the run."""
    question = new_id("inspect")
    shop.live.ask(question, {"run": run, "probe": probe.model_dump(mode="json")})
    shop.live.wake_child(shop.job(run).holder or "", {"inspect": question})
    return answer(shop, question)


def ask_inspector(shop: Workshop, probe: Probe, **about: Any) -> bytes:
    """A question to the inspect worker about a document or a run that nobody holds."""
    question = new_id("inspect")
    shop.live.ask(question, {"probe": probe.model_dump(mode="json"), **about})
    shop.celery.send_task("gradus.inspect", [question], queue="inspect")
    return answer(shop, question)


def ask_to_verify(shop: Workshop, run: str, seconds: float = 60) -> bytes:
    """The answer of `gradus verify`."""
    question = new_id("inspect")
    shop.live.ask(question, {"run": run, "seconds": seconds})
    shop.celery.send_task("gradus.verify", [question], queue="inspect")
    return answer(shop, question)


def answer(shop: Workshop, question: str) -> bytes:
    found: bytes = until(lambda: shop.live.await_answer(question), 60, "an answer")
    return found
