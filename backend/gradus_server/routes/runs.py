"""Runs: made, listed, read, changed, deleted."""

import logging
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from sqlalchemy import Connection

from gradus.events import Status
from gradus.plan import plan_json, plan_resolved
from gradus.problems import SpecError
from gradus_runs import jobs, listing, retention, runs
from gradus_runs import members as member_rows
from gradus_runs.actor import Actor
from gradus_runs.database import reading, write
from gradus_runs.runs import Run
from gradus_server.creation import Creation, Paired, create
from gradus_server.dependencies import RunId, TheActor, TheServer, errors
from gradus_server.json_route import JsonRoute
from gradus_server.planning import planned
from gradus_server.public import run_public
from gradus_server.server import Server, holding
from gradus_server.wire import RunCreate, RunPage, RunPatch, RunPublic, RunTree

log = logging.getLogger(__name__)
router = APIRouter(prefix="/api/v1/runs", tags=["runs"], route_class=JsonRoute)

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key with the same body gives the same run for a day.",
    ),
]
Cursor = Annotated[str, Query(max_length=80, pattern=r"^\d{1,15}\.run_[0-9a-f]{32}$")]


@router.post("", status_code=201, responses=errors(409, 429, body=True))
def create_run(body: RunCreate, server: TheServer, actor: TheActor, key: Key = None) -> RunPublic:
    """Queue a run of a document. All that is wrong with it is said at once."""
    checked = planned(server, actor, body.document)
    creation = Creation(
        plan=checked,
        document=body.document,
        name=body.name,
        source=body.source,
        start=body.start,
        parent=body.parent,
        parent_step=body.parent_step,
        layout=body.layout,
        tags=tuple(body.tags),
        pair=_paired(server, actor, body.pair),
        attended=bool(body.watch),
    )
    return create(server, actor, creation, key, body.watch)


def _paired(server: Server, actor: Actor, document: dict[str, Any] | None) -> Paired | None:
    return None if document is None else Paired(planned(server, actor, document), document)


@router.get("", responses=errors(422))
def list_runs(
    server: TheServer,
    actor: TheActor,
    status: Annotated[Sequence[Status], Query(max_length=7)] = (),
    tag: Annotated[str | None, Query(max_length=64)] = None,
    name: Annotated[str | None, Query(max_length=200)] = None,
    dataset: Annotated[str | None, Query(max_length=64)] = None,
    sweep: Annotated[str | None, Query(max_length=64, pattern="^sweep_[0-9a-f]{32}$")] = None,
    members: bool = False,
    order: Literal["newest", "oldest"] = "newest",
    cursor: Cursor | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RunPage:
    """The team's runs by the time they were made. `name` is any part of the name, `dataset` the
    name of the data. Members of sweeps are left out unless they are named or pinned, or asked for:
    those of one by `sweep`, all by `members`. A cursor goes on in the order that it came from."""
    with reading(server.engine) as conn:
        page = listing.page(
            conn,
            actor,
            status=status,
            tag=tag,
            name=name,
            dataset=dataset,
            sweep=sweep,
            members=members,
            oldest=order == "oldest",
            cursor=cursor,
            limit=limit,
        )
        ids = [run.id for run in page.runs]
        places, of_sweeps = jobs.places(conn, ids), member_rows.places(conn, ids)
    listed = [
        run_public(
            run,
            places.get(run.id),
            parameters=server.sizes.of(run),
            sweep=of_sweeps.get(run.id),
        )
        for run in page.runs
    ]
    return RunPage(runs=listed, next=page.cursor)


@router.get("/{run_id}", responses=errors(404))
def get_run(run_id: RunId, server: TheServer, actor: TheActor) -> RunPublic:
    """One run, with its plan."""
    with reading(server.engine) as conn:
        run = runs.get(conn, actor, run_id)
        places = jobs.places(conn, [run_id])
        beside = runs.beside(conn, run)
        sweep = member_rows.places(conn, [run_id]).get(run_id)
        due = retention.is_due(conn, run_id, server.settings.scratch_ms)
    if due:
        write(server.engine, lambda conn: retention.touch(conn, run_id, server.settings.scratch_ms))
    return run_public(run, places.get(run_id), _plan_of(run), beside=beside, sweep=sweep)


@router.get("/{run_id}/tree", responses=errors(404))
def get_tree(run_id: RunId, server: TheServer, actor: TheActor) -> RunTree:
    """All runs that share the oldest ancestor with this one, without their plans."""
    with reading(server.engine) as conn:
        family = listing.tree(conn, actor, run_id)
        of_sweeps = member_rows.places(conn, [run.id for run in family])
    return RunTree(runs=[run_public(run, sweep=of_sweeps.get(run.id)) for run in family])


def _plan_of(run: Run) -> dict[str, Any] | None:
    """None for a form that this release cannot plan; the run's record stays readable."""
    try:
        return plan_json(plan_resolved(run.resolved))
    except SpecError as error:
        log.warning("run %s cannot be planned: %s", run.id, error)
        return None


@router.patch("/{run_id}", responses=errors(404, body=True))
def patch_run(run_id: RunId, body: RunPatch, server: TheServer, actor: TheActor) -> RunPublic:
    """Change name, tags, layout or the pin. What is left out, or null, stays as it is; a layout of
    null is none."""
    said = body.model_dump(exclude_unset=True)
    changes = {field: value for field, value in said.items() if value is not None}
    if "layout" in said:
        changes["layout"] = said["layout"]
    run = write(server.engine, lambda conn: runs.patch(conn, actor, run_id, **changes))
    return run_public(run)


@router.delete("/{run_id}", status_code=204, responses=errors(404))
def delete_run(run_id: RunId, server: TheServer, actor: TheActor) -> None:
    """Remove a run with everything it recorded. Runs that were forked from it stay."""

    def work(conn: Connection) -> str | None:
        holder = holding(conn, run_id)
        runs.delete(conn, actor, run_id)
        return holder

    holder = write(server.engine, work)
    if holder is not None:
        server.wake(holder, {"control": run_id})
