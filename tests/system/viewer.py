"""A viewer: one socket to one server, as the page holds it."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import msgpack
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect


@dataclass
class Viewer:
    """Events by number as they came, and the heads of the frames with their time of arrival."""

    socket: ClientConnection
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    frames: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: float = 0.0  # when frames were last acknowledged

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def follow(self, run: str, after: int = 0) -> None:
        self.events.setdefault(run, [])
        self.say(type="subscribe", run=run, after=after)

    def watch(self, run: str, *probes: dict[str, Any]) -> None:
        self.say(type="watch", run=run, probes=list(probes))

    def listen(self, seconds: float) -> Iterator[None]:
        """Take in what comes; yields after each message, and at least every 50 ms."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(TimeoutError):
                self.take(self.socket.recv(timeout=0.05))
            self.acknowledge()
            yield

    def take(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            size = int.from_bytes(message[:4], "little")
            self.frames.append((time.monotonic(), msgpack.unpackb(message[4 : 4 + size])))
            return
        said = json.loads(message)
        if said["type"] == "events":
            self.events.setdefault(said["run"], []).extend(said["events"])
        elif said["type"] == "problem":
            self.problems.append(said)

    def acknowledge(self) -> None:
        """Say what was drawn, ten times a second as a page does."""
        now = time.monotonic()
        if self.frames and now - self.acknowledged > 0.1:
            self.acknowledged = now
            self.say(type="ack", frames=len(self.frames))

    def until(self, seconds: float, done: Any, what: str) -> None:
        for _ in self.listen(seconds):
            if done():
                return
        raise AssertionError(f"the viewer waited {seconds} s in vain for {what}; {self.problems}")

    def status(self, run: str) -> str | None:
        said = [event for event in self.events[run] if event["type"] == "status"]
        return said[-1]["body"]["status"] if said else None

    def step(self, run: str) -> int:
        return max(
            (e["body"]["step"] for e in self.events[run] if e["type"] == "metrics"), default=0
        )


@contextmanager
def viewer(address: str, token: str) -> Iterator[Viewer]:
    url = address.replace("http", "ws") + "/api/v1/stream"
    with connect(url, subprotocols=["gradus.v1"], max_size=None) as socket:  # type: ignore[list-item]
        seen = Viewer(socket)
        seen.say(type="auth", token=token)
        yield seen


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [event["number"] for event in events]


def reconnecting(
    address: str, token: str, run: str, seconds: float, seed: int
) -> list[dict[str, Any]]:
    """Everything a viewer saw over random drops, going on each time from its own cursor."""
    luck = random.Random(seed)
    seen: list[dict[str, Any]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with viewer(address, token) as here:
            here.follow(run, seen[-1]["number"] if seen else 0)
            try:
                for _ in here.listen(luck.uniform(0.02, 0.6)):
                    pass
            except ConnectionClosed:
                pass
            seen.extend(here.events[run])
    return seen
