"""What the viewers of this process look at, kept alive in Redis, and the frames that come back."""

import asyncio
import logging
import struct
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Protocol

import msgpack
from redis.asyncio import Redis
from redis.exceptions import RedisError

from gradus.probes import Probe, probe_hash
from gradus_runs.errors import LiveUnavailable, QuotaExceeded
from gradus_runs.live import Live, frames_channel

log = logging.getLogger(__name__)

REFRESH_SECONDS = 3.0  # a watched picture expires after 10
RETRY_SECONDS = 1.0
SILENCE_SECONDS = 2.0  # under redis-py's socket time-out of 5


class Viewer(Protocol):
    """Somebody who looks at pictures; must not block."""

    def show(self, run: str, picture: str, frame: bytes) -> None:
        """Take the newest frame of a picture in place of an older one."""


Wake = Callable[[str], Awaitable[None]]  # tell the child that holds the run


class Watching:
    """Pictures by run and hash, each with its probe and its viewers here."""

    def __init__(self, redis: Redis, live: Live, wake: Wake) -> None:
        self._live = live
        self._wake = wake
        self._redis = redis
        self._heard: Any = None
        self._viewers: dict[str, dict[str, set[Viewer]]] = {}
        self._probes: dict[str, Probe] = {}

    @property
    def runs(self) -> list[str]:
        return list(self._viewers)

    async def look(self, viewer: Viewer, run: str, probes: Mapping[str, Probe]) -> None:
        """Make `probes` (by hash) what this viewer sees of the run; an empty one ends it.

        Raises QuotaExceeded when the run has 64 other pictures.
        """
        fresh = [h for h in probes if not self._viewers.get(run, {}).get(h)]
        unseen = self._drop(viewer, run, keep=probes.keys())
        pictures = self._viewers.setdefault(run, {})
        for picture, probe in probes.items():
            self._probes[picture] = probe
            pictures.setdefault(picture, set()).add(viewer)
        if not pictures:
            del self._viewers[run]
        await self._listen(run)
        await self._unwatch(run, unseen)
        await self._ask(run, fresh)
        await self._show_latest(viewer, run, probes.keys())

    async def leave(self, viewer: Viewer) -> None:
        """The viewer is gone."""
        for run in [r for r, pictures in self._viewers.items() if _sees(viewer, pictures)]:
            unseen = self._drop(viewer, run)
            await self._listen(run)
            await self._unwatch(run, unseen)

    async def run(self) -> None:
        """Refresh and receive until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._refresh())
            tasks.create_task(self._receive())

    def _drop(self, viewer: Viewer, run: str, keep: Collection[str] = ()) -> list[str]:
        """Forget what the viewer sees no more; the pictures that nobody here sees now."""
        pictures = self._viewers.get(run, {})
        for picture, viewers in pictures.items():
            if picture not in keep:
                viewers.discard(viewer)
        unseen = [picture for picture, viewers in pictures.items() if not viewers]
        for picture in unseen:
            del pictures[picture]
        if not pictures:
            self._viewers.pop(run, None)
        return unseen

    async def _unwatch(self, run: str, pictures: Collection[str]) -> None:
        for picture in pictures:
            await self._softly(self._live.unwatch, run, picture)

    async def _ask(self, run: str, pictures: Collection[str]) -> None:
        """Write the pictures into the watch set and wake the holder for those just added."""
        for picture in pictures:
            await self._softly(self._live.watch, run, self._probes[picture])
        if pictures:
            await self._wake(run)

    async def _show_latest(self, viewer: Viewer, run: str, pictures: Collection[str]) -> None:
        for picture in pictures:
            frame = await self._softly(self._live.latest_frame, run, picture)
            if frame:
                viewer.show(run, picture, frame)

    async def _softly(self, call: Callable[..., Any], *args: Any) -> Any:
        try:
            return await asyncio.to_thread(call, *args)
        except LiveUnavailable:
            return None  # the next refresh tries again

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            for run, pictures in list(self._viewers.items()):
                for picture in list(pictures):
                    try:
                        await self._softly(self._live.watch, run, self._probes[picture])
                    except QuotaExceeded:
                        log.info("run %s has 64 pictures already", run)
            wanted = {picture for pictures in self._viewers.values() for picture in pictures}
            self._probes = {h: probe for h, probe in self._probes.items() if h in wanted}

    async def _listen(self, run: str) -> None:
        """Follow the frames of a run exactly while somebody here looks at it."""
        if self._heard is None:
            return
        try:
            if run in self._viewers:
                await self._heard.subscribe(frames_channel(run))
            else:
                await self._heard.unsubscribe(frames_channel(run))
        except RedisError:
            log.debug("frames of %s are followed when Redis is back", run)

    async def _receive(self) -> None:
        while True:
            try:
                await self._receive_frames()
            except RedisError as error:
                log.debug("no frames without Redis: %s", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _receive_frames(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as heard:
            # One channel that nobody speaks on: without any, there is nothing to wait on.
            await heard.subscribe("hub:quiet", *map(frames_channel, self._viewers))
            self._heard = heard
            while True:
                message = await heard.get_message(timeout=SILENCE_SECONDS)
                if message is not None:
                    self._deliver(message["data"])

    def _deliver(self, frame: bytes) -> None:
        run, picture = address(frame)
        for viewer in self._viewers.get(run, {}).get(picture, ()):
            viewer.show(run, picture, frame)


def _sees(viewer: Viewer, pictures: Mapping[str, set[Viewer]]) -> bool:
    return any(viewer in viewers for viewers in pictures.values())


def address(frame: bytes) -> tuple[str, str]:
    """Run and probe hash of a frame, from its head."""
    (length,) = struct.unpack_from("<I", frame)
    head = msgpack.unpackb(frame[4 : 4 + length])
    return head["run"], head["probe"]


def by_hash(probes: list[Probe]) -> dict[str, Probe]:
    return {probe_hash(probe): probe for probe in probes}
