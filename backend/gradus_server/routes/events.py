"""The log of a run: in pages, or as server-sent events that go on as it grows."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from gradus_runs import log, runs
from gradus_runs.actor import Actor
from gradus_runs.database import reading
from gradus_server.dependencies import RunId, TheActor, TheServer, errors
from gradus_server.server import Server
from gradus_server.topic import Entry
from gradus_server.visitor import Credential
from gradus_server.wire import Events

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])

EVENT_STREAM = "text/event-stream"
# How long a right may outlive its revocation, and a connection be silent: proxies wait half a minute.
RIGHTS_SECONDS = 5.0
NUMBER = r"^\d{1,15}$"


@router.get(
    "/{run_id}/events",
    response_model=Events,
    responses=errors(404, 422)
    | {200: {"content": {EVENT_STREAM: {}}, "description": "The events behind a number."}},
)
async def get_events(
    run_id: RunId,
    request: Request,
    server: TheServer,
    actor: TheActor,
    after: Annotated[int, Query(ge=0, le=2**53 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    last: Annotated[str | None, Header(alias="Last-Event-ID", pattern=NUMBER)] = None,
) -> Response:
    """A page of events. With `Accept: text/event-stream` they keep coming, each with its number
    as id, and a broken connection goes on behind its `Last-Event-ID`."""
    if EVENT_STREAM in request.headers.get("accept", ""):
        await run_in_threadpool(_require, server, actor, run_id)
        behind = after if last is None else int(last)
        following = _follow(server, run_id, behind, request.state.credential)
        return StreamingResponse(following, media_type=EVENT_STREAM)
    page = await run_in_threadpool(_page, server, actor, run_id, after, limit)
    return Response(page, media_type="application/json")


def _require(server: Server, actor: Actor, run_id: str) -> None:
    with reading(server.engine) as conn:
        runs.get(conn, actor, run_id)


def _page(server: Server, actor: Actor, run_id: str, after: int, limit: int) -> bytes:
    with reading(server.engine) as conn:
        runs.get(conn, actor, run_id)
        found = log.read(conn, run_id, after, limit)
    return orjson.dumps({"events": [event.to_json() for event in found]})


async def _follow(
    server: Server, run_id: str, after: int, credential: Credential | None
) -> AsyncIterator[bytes]:
    more = asyncio.Event()
    cursor = await server.hub.follow(run_id, after, more)
    checked = time.monotonic()
    try:
        yield b": follows\n\n"
        while not cursor.topic.gone:
            more.clear()
            entries = await cursor.next()
            yield _spelled(entries) if entries else await _quiet(more)
            if time.monotonic() - checked >= RIGHTS_SECONDS:
                if not await run_in_threadpool(server.visitors.lasts, credential):
                    return
                checked = time.monotonic()
    finally:
        server.hub.leave(cursor, more)


def _spelled(entries: Sequence[Entry]) -> bytes:
    return b"".join(b"id: %d\ndata: %s\n\n" % (entry.number, entry.json) for entry in entries)


async def _quiet(more: asyncio.Event) -> bytes:
    """Nothing when there is more, else a comment that keeps the connection."""
    try:
        await asyncio.wait_for(more.wait(), RIGHTS_SECONDS)
    except TimeoutError:
        return b": still here\n\n"
    return b""
