"""Questions to workers: laid down in Redis, answered by whoever holds the net or can build it."""

import asyncio
import hashlib
import math
import time
from collections.abc import Mapping
from typing import Any

import msgpack
from redis.asyncio import Redis
from starlette.concurrency import run_in_threadpool

from gradus.planned import Plan
from gradus.probes import Probe, canonical
from gradus_runs.ids import new_id
from gradus_runs.live import ANSWER_SECONDS, Live, answer_key
from gradus_server.problems import Refused
from gradus_server.tickets import INSPECT, INSPECT_QUEUE, VERIFY, Ticket, Tickets

WAIT_SECONDS = 10.0
VERIFY_SECONDS = 900.0
BLOCK_SECONDS = 2  # under redis-py's socket time-out of 5
RETRY_AFTER = {"retry-after": "2"}


class Waking(Refused):
    """No worker has answered in time; the first to be warm will."""

    def __init__(self) -> None:
        super().__init__(503, "http.waking", headers=RETRY_AFTER)


class Questions:
    """Asks on behalf of requests; each waits at most ten seconds, or its own `seconds` if fewer.

    Raises `Waking` where nobody has answered by then.
    """

    def __init__(self, redis: Redis, live: Live, tickets: Tickets) -> None:
        self._redis = redis
        self._live = live
        self._tickets = tickets

    async def about_draft(self, plan: Plan, probe: Probe, seconds: int | None = None) -> bytes:
        """The frame about a net that nobody has trained, from the cache where it was asked before."""
        digest = hashlib.sha256(f"{plan.hash} {canonical(probe)}".encode()).hexdigest()
        known = await run_in_threadpool(self._live.draft, digest)
        if known is not None:
            return known
        asked = {"resolved": dict(plan.resolved), "probe": probe.model_dump(mode="json")}
        frame = await self._ask(asked, None, seconds)
        await run_in_threadpool(self._live.keep_draft, digest, frame)
        return frame

    async def about_run(
        self,
        run: str,
        step: int | None,
        probe: Probe,
        holder: str | None,
        seconds: int | None = None,
    ) -> bytes:
        """The frame about a run: from its holder for now, else from a checkpoint."""
        asked = {"run": run, "step": step, "probe": probe.model_dump(mode="json")}
        return await self._ask(asked, holder if step is None else None, seconds)

    async def verify(self, run: str) -> Mapping[str, Any]:
        """What came of training the run again from its beginning; takes as long as that does, up
        to a quarter of an hour."""
        question_id = new_id("inspect")
        asked = {"run": run, "seconds": VERIFY_SECONDS}
        await run_in_threadpool(self._live.ask, question_id, asked)
        self._ticket(VERIFY, question_id, ANSWER_SECONDS)
        meta: Mapping[str, Any] = _head(await self._answer(question_id, VERIFY_SECONDS))["meta"]
        return meta

    async def _ask(
        self, question: Mapping[str, Any], holder: str | None, seconds: int | None
    ) -> bytes:
        wait = min(WAIT_SECONDS, seconds or WAIT_SECONDS)
        question_id = new_id("inspect")
        await run_in_threadpool(self._live.ask, question_id, question)
        if holder is not None:
            await run_in_threadpool(self._live.wake_child, holder, {"inspect": question_id})
        else:
            self._ticket(INSPECT, question_id, math.ceil(wait))
        frame = await self._answer(question_id, wait)
        _head(frame)
        return frame

    def _ticket(self, task: str, question_id: str, expires: int) -> None:
        self._tickets.put(Ticket(task, INSPECT_QUEUE, (question_id,), expires))

    async def _answer(self, question_id: str, seconds: float) -> bytes:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            block = min(left, BLOCK_SECONDS)
            found: Any = await self._redis.blpop([answer_key(question_id)], timeout=block)
            if found is not None:
                return bytes(found[1])
            await asyncio.sleep(0)
        raise Waking


def _head(frame: bytes) -> Mapping[str, Any]:
    """The head of an answer; one that cannot be given, a frame of kind `problem`, is raised."""
    length = int.from_bytes(frame[:4], "little")
    head: Mapping[str, Any] = msgpack.unpackb(frame[4 : 4 + length])
    if head["kind"] == "problem":
        said = head["meta"]
        status = 404 if said["code"] == "not_found" else 422
        message = said.get("message", "")
        params = {"message": message} | said.get("params", {})
        raise Refused(status, said["code"], params, message=message)
    return head
