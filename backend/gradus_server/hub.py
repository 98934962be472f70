"""One reader of the logs a process: Redis says what is new, the database fills what it missed."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from gradus_runs.live import log_key
from gradus_server.topic import BATCH, Cursor, Entry, ReadLog, Topic

log = logging.getLogger(__name__)

BLOCK_MS = 2_000  # redis-py gives up on a socket that is silent for 5 s
LOST_SECONDS = 1.0  # how often the database is asked while Redis is away
QUIET_SECONDS = 3.0  # … and while it is there: a writer may die between commit and broadcast
BELL_SECONDS = 60

Rows = Sequence[tuple[bytes, Mapping[bytes, bytes]]]
ReadHeads = Callable[[Sequence[str]], Mapping[str, int]]  # newest number of each run; blocking


class Hub:
    """Topics of this process, opened by their first follower and closed by their last."""

    def __init__(self, redis: Redis, read: ReadLog, heads: ReadHeads) -> None:
        self.topics: dict[str, Topic] = {}
        self.connected = False
        self._redis = redis
        self._read = read
        self._heads = heads
        # XREAD cannot be told of another stream while it waits, so it always waits for this
        # one too, and a word in it makes it come back and look at the topics again.
        self._bell = f"hub:{secrets.token_hex(8)}"
        self._rung = "0-0"

    async def follow(self, run: str, after: int, follower: asyncio.Event) -> Cursor:
        """A place in the log of `run` behind number `after`; `follower` is set when there is more.

        The topic is followed before anything is replayed, so nothing can fall between.
        """
        topic = self.topics.get(run)
        if topic is None:
            heads = await asyncio.to_thread(self._heads, [run])
            topic = self.topics.setdefault(run, Topic(run, heads.get(run, 0)))
            topic.followers.add(follower)
            await self._ring()
        topic.followers.add(follower)
        return Cursor(topic, after, self._read)

    def leave(self, cursor: Cursor, follower: asyncio.Event) -> None:
        """The end of one follower; the last one closes the topic."""
        topic = cursor.topic
        topic.followers.discard(follower)
        if not topic.followers and self.topics.get(topic.run) is topic:
            del self.topics[topic.run]

    async def run(self) -> None:
        """Follow until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_logs())
            tasks.create_task(self._check_heads())

    async def _ring(self) -> None:
        try:
            await self._redis.xadd(self._bell, {b"": b""}, maxlen=1)
            await self._redis.expire(self._bell, BELL_SECONDS)
        except RedisError:
            log.debug("the bell is silent without Redis; the database is asked instead")

    async def _follow_logs(self) -> None:
        while True:
            try:
                await self._read_logs()
                self.connected = True
            except RedisError as error:
                if self.connected:
                    log.warning("Redis is away, following the database: %s", error)
                self.connected = False
                await asyncio.sleep(LOST_SECONDS)

    async def _read_logs(self) -> None:
        topics = {log_key(topic.run): topic for topic in self.topics.values()}
        places: dict[Any, Any] = {key: f"{topic.head}-0" for key, topic in topics.items()}
        # Protocol 3 answers with a mapping; the client's types allow for both protocols.
        answer: Any = await self._redis.xread({**places, self._bell: self._rung}, BATCH, BLOCK_MS)
        for name, pages in answer.items():
            rows = [row for page in pages for row in page]
            if topic := topics.get(name.decode()):
                await self._heard(topic, rows)
            else:
                self._rung = rows[-1][0].decode()

    async def _heard(self, topic: Topic, rows: Rows) -> None:
        entries = [Entry(int(number.split(b"-")[0]), body[b"event"]) for number, body in rows]
        if not topic.extend(entries):
            await self._fill(topic)

    async def _check_heads(self) -> None:
        while True:
            await asyncio.sleep(QUIET_SECONDS if self.connected else LOST_SECONDS)
            if self.topics:
                await self._catch_up(list(self.topics.values()))

    async def _catch_up(self, topics: Sequence[Topic]) -> None:
        try:
            heads = await asyncio.to_thread(self._heads, [topic.run for topic in topics])
        except SQLAlchemyError as error:
            log.warning("the database is away: %s", error)
            return
        for topic in topics:
            if topic.run not in heads:
                topic.close()
            elif heads[topic.run] > topic.head:
                await self._fill(topic)

    async def _fill(self, topic: Topic) -> None:
        """Read what is missing; where the database is away too, the next check tries again."""
        try:
            while entries := await asyncio.to_thread(self._read, topic.run, topic.head, BATCH):
                if not topic.extend(entries) or len(entries) < BATCH:
                    return
        except SQLAlchemyError as error:
            log.warning("a gap in %s stays open until the database is back: %s", topic.run, error)
