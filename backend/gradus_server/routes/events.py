"""The log of a run: in pages, or as server-sent events that go on as it grows."""

import asyncio
from collections.abc import AsyncIterator
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
from gradus_server.wire import Events

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])

EVENT_STREAM = "text/event-stream"
HEARTBEAT_SECONDS = 15.0  # under the half minute after which proxies give a silent answer up
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
        following = _follow(server, run_id, after if last is None else int(last))
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


async def _follow(server: Server, run_id: str, after: int) -> AsyncIterator[bytes]:
    more = asyncio.Event()
    cursor = await server.hub.follow(run_id, after, more)
    try:
        yield b": follows\n\n"
        while not cursor.topic.gone:
            more.clear()
            while entries := await cursor.next():
                yield b"".join(
                    b"id: %d\ndata: %s\n\n" % (entry.number, entry.json) for entry in entries
                )
            yield await _quiet(more)
    finally:
        server.hub.leave(cursor, more)


async def _quiet(more: asyncio.Event) -> bytes:
    """Nothing when there is more, else a comment that keeps the connection."""
    try:
        await asyncio.wait_for(more.wait(), HEARTBEAT_SECONDS)
    except TimeoutError:
        return b": still here\n\n"
    return b""
