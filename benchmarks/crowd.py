"""One run before many viewers, and a run with many points."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx
import msgpack
import numpy as np
from sqlalchemy import Connection, insert
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.service import stop, warm_service
from benchmarks.table import Row, percentile
from gradus_runs.chunks import FORMAT, Points, pack
from gradus_runs.database import open_database, write
from gradus_runs.tables import chunks
from tests.system.documents import toy
from tests.system.processes import Site
from tests.system.test_many import create, token_of
from tests.system.viewer import viewer

VIEWERS, WATCHED_SECONDS, FRAMES = 200, 15.0, 10
OF_ONE_ADDRESS = 40  # one visitor may open 50 sockets
POINTS, OF_A_CHUNK, SHOWN, QUERIES = 1_000_000, 50, 1000, 50


@dataclass(slots=True)
class Seen:
    """What one viewer got, by the wall clock in seconds, as the server writes its moments."""

    events: list[tuple[int, float, float]] = field(default_factory=list)  # number, written, got
    frames: dict[int, float] = field(default_factory=dict)  # step: got
    received: int = 0  # frames of any step, to be acknowledged

    def take(self, message: str | bytes, now: float) -> None:
        if isinstance(message, bytes):
            self.received += 1
            size = int.from_bytes(message[:4], "little")
            self.frames.setdefault(msgpack.unpackb(message[4 : 4 + size])["step"], now)
            return
        said = json.loads(message)
        for event in said["events"] if said["type"] == "events" else ():
            written = datetime.fromisoformat(event["at"]).timestamp()
            self.events.append((event["number"], written, now))


def crowd() -> Iterator[Row]:
    with warm_service() as (site, address):
        yield before_many(site, address)
        yield long_chart(site, address)


def before_many(site: Site, address: str) -> Row:
    run = create(site, address, toy())
    with site.client(address) as client, viewer(address, token_of(site)) as first:
        first.follow(run)
        first.until(60, lambda: first.step(run) > 0, "a first point")
        body = {"action": "set", "changes": {"speed": 10 * FRAMES}}
        client.post(f"/runs/{run}/control", json=body).raise_for_status()
        seen = asyncio.run(_all(address, token_of(site), run))
        stop(site, address, first, run)
    late = [got - written for each in seen for _, written, got in each.events]
    shown = [len(each.frames) / WATCHED_SECONDS for each in seen]
    gaps = sum(_gaps(each) for each in seen)
    p99 = percentile(late, 0.99) if late else float("inf")
    return Row(
        f"{VIEWERS} viewers on one run: from its record to each of them",
        "p99 < 250 ms, no gap",
        f"p50 {1e3 * percentile(late, 0.5):.0f} ms, p99 {1e3 * p99:.0f} ms, {gaps} gaps; "
        f"{percentile(shown, 0.5):.1f} frames a second (slowest {min(shown):.1f})",
        p99 < 0.25 and gaps == 0 and min(shown) > 0,
        f"{len(late):,} events in {WATCHED_SECONDS:.0f} s at {10 * FRAMES} steps a second, from the "
        "moment of the event to its arrival; the viewers run on the same cores",
    )


def _gaps(seen: Seen) -> int:
    numbers = [number for number, _, _ in seen.events]
    return sum(after != before + 1 for before, after in pairwise(numbers))


async def _all(address: str, token: str, run: str) -> list[Seen]:
    ready = asyncio.Event()
    seen = [Seen() for _ in range(VIEWERS)]
    tasks = [
        asyncio.create_task(_watch(each, place, address, token, run, ready))
        for place, each in enumerate(seen)
    ]
    await asyncio.sleep(5)  # for all to be let in
    ready.set()
    await asyncio.gather(*tasks)
    return seen


async def _watch(
    seen: Seen, place: int, address: str, token: str, run: str, ready: asyncio.Event
) -> None:
    url = address.replace("http", "ws") + "/api/v1/stream"
    own = f"127.0.0.{2 + place // OF_ONE_ADDRESS}", 0
    async with connect(
        url,
        subprotocols=["gradus.v1"],  # type: ignore[list-item]
        max_size=None,
        local_addr=own,
        open_timeout=60,
    ) as socket:
        await socket.send(json.dumps({"type": "auth", "token": token}))
        await socket.send(json.dumps({"type": "subscribe", "run": run, "after": 0}))
        probe = {"kind": "field", "resolution": 32}
        await socket.send(json.dumps({"type": "watch", "run": run, "probes": [probe]}))
        await _listen(socket, seen, until=ready)
        seen.events.clear()
        seen.frames.clear()
        await _listen(socket, seen, seconds=WATCHED_SECONDS)


async def _listen(
    socket: ClientConnection,
    seen: Seen,
    *,
    until: asyncio.Event | None = None,
    seconds: float = 60.0,
) -> None:
    """Take what comes, and acknowledge frames ten times a second as a page does."""
    end, acknowledged = time.monotonic() + seconds, 0.0
    while time.monotonic() < end and not (until and until.is_set()):
        try:
            async with asyncio.timeout(0.1):
                seen.take(await socket.recv(), time.time())
        except TimeoutError:
            pass
        if time.monotonic() - acknowledged > 0.1:
            acknowledged = time.monotonic()
            await socket.send(json.dumps({"type": "ack", "frames": seen.received}))


def long_chart(site: Site, address: str) -> Row:
    run = create(site, address, toy(epochs=1))
    engine = open_database(f"sqlite:///{site.folder / 'gradus.db'}")
    write(engine, lambda conn: _fill(conn, run))
    taken = []
    with site.client(address) as client:
        wanted = {"series": "bench/loss", "points": SHOWN}
        for _ in range(QUERIES):
            began = time.perf_counter()
            answer = client.get(f"/runs/{run}/metrics", params=wanted)
            taken.append(1e3 * (time.perf_counter() - began))
        got = _count(answer)
    p99 = percentile(taken, 0.99)
    return Row(
        "a million points a run: query of a chart",
        "p99 < 200 ms",
        f"p50 {percentile(taken, 0.5):.0f} ms, p99 {p99:.0f} ms",
        p99 < 200,
        f"{QUERIES} queries over HTTP of {got} points out of {POINTS:,} in chunks of {OF_A_CHUNK}, "
        "as an unwatched run writes them",
    )


def _count(answer: httpx.Response) -> int:
    found: dict[str, Any] = answer.raise_for_status().json()["series"]["bench/loss"]
    return len(found["mean"])


def _fill(conn: Connection, run: str) -> None:
    random = np.random.default_rng(1)
    rows = []
    for begin in range(0, POINTS, OF_A_CHUNK):
        steps, ones = np.arange(begin, begin + OF_A_CHUNK), np.ones(OF_A_CHUNK)
        values = random.random(OF_A_CHUNK)
        points = Points.of(Points(steps, steps, ones, values, values, values, values))
        rows.append(
            {
                "run_id": run,
                "series": "bench/loss",
                "epoch": 0,
                "first_step": begin,
                "last_step": begin + OF_A_CHUNK - 1,
                "number": 10_000_000 + begin,
                "count": OF_A_CHUNK,
                "format": FORMAT,
                "body": pack(points),
            }
        )
    conn.execute(insert(chunks), rows)


MEASURES = (crowd,)
