"""The Redis side of a run: every key and channel that servers and workers share.

Nothing here is the truth. Events are committed before they are broadcast, and whoever misses
a broadcast reads the database; so each call is bounded in time, and one that fails raises
LiveUnavailable, which callers may log and go on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
import redis
from pydantic import ValidationError
from redis.backoff import NoBackoff
from redis.retry import Retry

from gradus.probes import PROBE, Probe, canonical, probe_hash
from gradus_runs.errors import LiveUnavailable, QuotaExceeded
from gradus_runs.log import LogEvent

P = ParamSpec("P")
T = TypeVar("T")

LOG_LENGTH = 10_000
LOG_SECONDS = 86_400  # a stream nobody writes to makes room; readers fall back to the database
WATCH_MS = 10_000
UNWATCH_MS = 4000  # over one refresh of the other servers, which may watch the same picture
WATCHES = 64  # distinct pictures of one run
LATEST_SECONDS = 3600
ANSWER_SECONDS = 30
DRAFT_SECONDS = 600
BLOCK_MS = 2000
SOCKET_SECONDS = 3.0  # over BLOCK_MS
CONNECT_SECONDS = 1.0

WATCHED = "watched"


def log_key(run_id: str) -> str:
    return f"run:{run_id}:log"


def watch_key(run_id: str) -> str:
    return f"run:{run_id}:watch"


def latest_key(run_id: str) -> str:
    return f"run:{run_id}:latest"


def frames_channel(run_id: str) -> str:
    return f"run:{run_id}:frames"


def child_channel(holder: str) -> str:
    return f"child:{holder}"


def queue_channel(queue: str) -> str:
    return f"queue:{queue}"


def question_key(question_id: str) -> str:
    return f"inspect:{question_id}"


def answer_key(question_id: str) -> str:
    return f"answer:{question_id}"


def draft_key(digest: str) -> str:
    return f"draft:{digest}"


# Redis's clock decides what is still watched, since servers' clocks differ.
_NOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
"""

# KEYS: watch hash, watched set. ARGV: hash, probe as JSON, time to live, limit, run id.
_WATCH = (
    _NOW
    + """
local entries = redis.call('HGETALL', KEYS[1])
for i = 1, #entries, 2 do
  if cjson.decode(entries[i + 1])['until'] < now then redis.call('HDEL', KEYS[1], entries[i]) end
end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0
    and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
local limit = string.format('%.0f', now + ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], '{"probe":' .. ARGV[2] .. ',"until":' .. limit .. '}')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], 'GT', limit, ARGV[5])
return 1
"""
)

# KEYS: watch hash, watched set. ARGV: hash, time to live, run id.
_UNWATCH = (
    _NOW
    + """
local entry = redis.call('HGET', KEYS[1], ARGV[1])
if not entry then return 0 end
local limit = string.format('%.0f', now + ARGV[2])
redis.call('HSET', KEYS[1], ARGV[1], (string.gsub(entry, '"until":%d+}$', '"until":' .. limit .. '}')))
local last = 0
for _, value in ipairs(redis.call('HVALS', KEYS[1])) do
  last = math.max(last, cjson.decode(value)['until'])
end
redis.call('ZADD', KEYS[2], string.format('%.0f', last), ARGV[3])
return 1
"""
)

# KEYS: watched set.
_WATCHED = (
    _NOW
    + """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', now))
return redis.call('ZRANGE', KEYS[1], 0, -1)
"""
)


@contextmanager
def soft() -> Iterator[None]:
    """Turn any failure of Redis into LiveUnavailable."""
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise LiveUnavailable(f"Redis did not answer: {error}") from error


def _softly(
    method: Callable[Concatenate["Live", P], T],
) -> Callable[Concatenate["Live", P], T]:
    @wraps(method)
    def bounded(live: "Live", /, *args: P.args, **options: P.kwargs) -> T:
        with soft():
            return method(live, *args, **options)

    return bounded


def client_options(seconds: float = SOCKET_SECONDS) -> dict[str, Any]:
    """What every client of the service's Redis is opened with, sync or async."""
    return {
        "protocol": 3,
        "socket_timeout": seconds,
        "socket_connect_timeout": min(seconds, CONNECT_SECONDS),
    }


def open_live(url: str, *, seconds: float = SOCKET_SECONDS) -> "Live":
    """A client; connects only when first used. Safe to share between threads.

    No call takes longer than `seconds`, but one over a connection that Redis has closed,
    which is made anew once.
    """
    again = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
    return Live(redis.Redis.from_url(url, retry=again, **client_options(seconds)))


class Live:
    """What servers and workers tell each other about runs."""

    def __init__(self, client: redis.Redis) -> None:
        self.client: Any = client
        self._watch = client.register_script(_WATCH)
        self._unwatch = client.register_script(_UNWATCH)
        self._watched = client.register_script(_WATCHED)

    @_softly
    def publish_events(self, events: Sequence[LogEvent]) -> None:
        """Broadcast committed events.

        The id is the number, so a second broadcast of one is refused, and one that comes
        after a later event is left out: readers see the gap and fill it from the database.
        """
        with self.client.pipeline(transaction=False) as pipe:
            for event in events:
                fields = {"event": orjson.dumps(event.to_json())}
                pipe.xadd(log_key(event.run_id), fields, f"{event.number}-0", maxlen=LOG_LENGTH)
            for run_id in {event.run_id for event in events}:
                pipe.expire(log_key(run_id), LOG_SECONDS)
            answers = pipe.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, Exception) and "equal or smaller" not in str(answer):
                raise answer

    @_softly
    def events_after(
        self, cursors: Mapping[str, int], block_ms: int | None = None
    ) -> dict[str, list[dict[str, Any]]]:
        """Events of several runs with numbers over the cursors; waits at most 2 s for the first."""
        if not cursors:
            return {}
        wait = None if block_ms is None else min(block_ms, BLOCK_MS)
        streams = {log_key(run_id): f"{number}-0" for run_id, number in cursors.items()}
        return events_by_run(self.client.xread(streams, block=wait))

    @_softly
    def publish_frame(self, run_id: str, picture: str, frame: bytes) -> None:
        """Send a frame to whoever looks, and keep it as the newest under its probe's hash."""
        with self.client.pipeline(transaction=False) as pipe:
            pipe.hset(latest_key(run_id), picture, frame)
            pipe.expire(latest_key(run_id), LATEST_SECONDS)
            pipe.publish(frames_channel(run_id), frame)
            pipe.execute()

    @_softly
    def latest_frame(self, run_id: str, picture: str) -> bytes | None:
        """The newest frame of a picture, for a viewer who comes late."""
        found: bytes | None = self.client.hget(latest_key(run_id), picture)
        return found

    @_softly
    def watch(self, run_id: str, probe: Probe) -> str:
        """Want a picture for the next 10 s; answers its hash. To be repeated while somebody looks.

        Raises QuotaExceeded when 64 others of this run are wanted already.
        """
        digest = probe_hash(probe)
        arguments: list[str | int] = [digest, canonical(probe), WATCH_MS, WATCHES, run_id]
        if not self._watch(keys=[watch_key(run_id), WATCHED], args=arguments):
            raise QuotaExceeded("pictures of one run at a time", WATCHES)
        return digest

    @_softly
    def unwatch(self, run_id: str, picture: str) -> None:
        """Want a picture no longer. It lasts 4 s more, for servers whose viewers still do."""
        self._unwatch(keys=[watch_key(run_id), WATCHED], args=[picture, UNWATCH_MS, run_id])

    @_softly
    def watches(self, run_ids: Sequence[str]) -> dict[str, dict[str, Probe]]:
        """The pictures wanted now of each run, by hash."""
        with self.client.pipeline(transaction=False) as pipe:
            pipe.time()
            for run_id in run_ids:
                pipe.hgetall(watch_key(run_id))
            (seconds, micros), *found = pipe.execute()
        now = seconds * 1000 + micros // 1000
        return {run_id: _alive(wanted, now) for run_id, wanted in zip(run_ids, found, strict=True)}

    @_softly
    def watched(self) -> list[str]:
        """The runs that somebody looks at."""
        return [run_id.decode() for run_id in self._watched(keys=[WATCHED])]

    @_softly
    def wake_child(self, holder: str, message: Mapping[str, Any]) -> None:
        """Say to a child: {"control": run}, {"watch": run}, {"keep": run} or {"inspect": id}."""
        self.client.publish(child_channel(holder), orjson.dumps(message))

    @_softly
    def wake_queue(self, queue: str) -> None:
        """Let every child of a queue claim at its next turn."""
        self.client.publish(queue_channel(queue), orjson.dumps({"queue": queue}))

    @_softly
    def listen(self, holder: str, queues: Sequence[str]) -> "Ear":
        """What is said to one child; a connection of its own."""
        channels = [child_channel(holder), *(queue_channel(queue) for queue in queues)]
        heard = self.client.pubsub(ignore_subscribe_messages=True)
        heard.subscribe(*channels)
        return Ear(heard)

    @_softly
    def ask(self, question_id: str, question: Mapping[str, Any]) -> None:
        """Lay a question down for the inspect worker, for 30 s."""
        self.client.set(question_key(question_id), orjson.dumps(question), ex=ANSWER_SECONDS)

    @_softly
    def question(self, question_id: str) -> dict[str, Any] | None:
        """The question, None once it is over."""
        found = self.client.get(question_key(question_id))
        return None if found is None else dict(orjson.loads(found))

    @_softly
    def answer(self, question_id: str, frame: bytes) -> None:
        """Answer a question with a frame (or a problem, as a frame of kind "problem")."""
        with self.client.pipeline(transaction=False) as pipe:
            pipe.rpush(answer_key(question_id), frame)
            pipe.expire(answer_key(question_id), ANSWER_SECONDS)
            pipe.execute()

    @_softly
    def await_answer(self, question_id: str, block_ms: int = BLOCK_MS) -> bytes | None:
        """The answer, waiting at most 2 s a call; None when there is none yet."""
        seconds = max(1, min(block_ms, BLOCK_MS)) / 1000
        found = self.client.blpop([answer_key(question_id)], timeout=seconds)
        return None if found is None else bytes(found[1])

    @_softly
    def keep_draft(self, digest: str, frame: bytes) -> None:
        """Cache the answer about a draft for 10 minutes."""
        self.client.set(draft_key(digest), frame, ex=DRAFT_SECONDS)

    @_softly
    def draft(self, digest: str) -> bytes | None:
        """The cached answer about a draft."""
        found: bytes | None = self.client.get(draft_key(digest))
        return found

    @_softly
    def ping(self) -> None:
        """Raises LiveUnavailable when Redis does not answer."""
        self.client.ping()

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()


def events_by_run(streams: Any) -> dict[str, list[dict[str, Any]]]:
    """The answer of XREAD (protocol 3) as events by run."""
    found: dict[str, list[dict[str, Any]]] = {}
    for key, batches in (streams or {}).items():
        run_id = key.decode().split(":")[1]
        entries = [entry for batch in batches for entry in batch]
        found[run_id] = [orjson.loads(fields[b"event"]) for _, fields in entries]
    return found


def _alive(wanted: Mapping[bytes, bytes], now: int) -> dict[str, Probe]:
    """Without those that this release does not know: a newer server may ask for them."""
    found = {}
    for digest, written in wanted.items():
        entry = orjson.loads(written)
        with suppress(ValidationError):
            if entry["until"] >= now:
                found[digest.decode()] = PROBE.validate_python(entry["probe"])
    return found


class Ear:
    """A subscription of one child."""

    def __init__(self, heard: Any) -> None:
        self._heard = heard

    def next(self, seconds: float) -> dict[str, Any] | None:
        """The next message, None after `seconds`. Raises LiveUnavailable; then listen anew."""
        with soft():
            message = self._heard.get_message(timeout=min(seconds, BLOCK_MS / 1000))
        return None if message is None else dict(orjson.loads(message["data"]))

    def close(self) -> None:
        """End the subscription."""
        self._heard.close()
