"""Looking into a net: a draft that nobody has trained, or a run as it is or was."""

from collections.abc import Awaitable
from typing import Any

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from gradus.planned import Plan
from gradus_runs import runs
from gradus_runs.actor import Actor
from gradus_runs.database import reading
from gradus_server.dependencies import RunId, TheActor, TheServer, TheVisitor, errors
from gradus_server.json_route import JsonRoute
from gradus_server.patience import Patience
from gradus_server.planning import planned
from gradus_server.questions import RETRY_AFTER, Waking
from gradus_server.server import Server, holding
from gradus_server.wire import DraftInspect, RunInspect, Verified

router = APIRouter(prefix="/api/v1", tags=["inspect"], route_class=JsonRoute)

FRAME = "application/vnd.gradus.frame"
ANSWER: dict[int | str, Any] = {
    200: {"content": {FRAME: {}}, "description": "A frame, see docs/architecture.md."},
    202: {"description": "A worker is waking; said to those who prefer `respond-async`."},
}


@router.post("/inspect", response_class=Response, responses=errors(body=True) | ANSWER)
async def inspect_draft(
    body: DraftInspect, server: TheServer, actor: TheActor, patience: Patience
) -> Response:
    """A picture of the untrained net: step 0 of the run that this document would make."""
    found = await run_in_threadpool(_plan, server, actor, body)
    return await _picture(server.questions.about_draft(found, body.probe, patience), patience)


async def _picture(frame: Awaitable[bytes], patience: int | None) -> Response:
    try:
        return Response(await frame, media_type=FRAME)
    except Waking:
        if patience is None:
            raise
        # A browser logs every 503 as an error, and that a worker wakes is none.
        return Response(status_code=202, headers=RETRY_AFTER)


def _plan(server: Server, actor: Actor, body: DraftInspect) -> Plan:
    train = body.document.get("train", {})
    if body.seed is None or not isinstance(train, dict):
        return planned(server, actor, body.document)
    seeded = {**body.document, "train": {**train, "seed": body.seed}}
    return planned(server, actor, seeded)


@router.post(
    "/runs/{run_id}/inspect",
    response_class=Response,
    responses=errors(404, 429, body=True) | ANSWER,
)
async def inspect_run(
    run_id: RunId,
    body: RunInspect,
    server: TheServer,
    actor: TheActor,
    visitor: TheVisitor,
    patience: Patience,
) -> Response:
    """A picture of a run: of now, between two steps, or of a step that was kept."""
    if visitor.is_guest:
        server.guests.ask(run_id)
    holder = await run_in_threadpool(_holder, server, actor, run_id)
    asked = server.questions.about_run(run_id, body.step, body.probe, holder, patience)
    return await _picture(asked, patience)


@router.post("/runs/{run_id}/verify", responses=errors(404))
async def verify_run(run_id: RunId, server: TheServer, actor: TheActor) -> Verified:
    """Train a run again from its beginning and compare the weights with those that were kept,
    bit by bit. The answer comes when that is done."""
    await run_in_threadpool(_holder, server, actor, run_id)
    return Verified.model_validate(await server.questions.verify(run_id))


def _holder(server: Server, actor: Actor, run_id: str) -> str | None:
    with reading(server.engine) as conn:
        runs.get(conn, actor, run_id)
        return holding(conn, run_id)
