"""Sweeps: one document trained many times with other values at some of its places."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from gradus_runs import members, sweeps
from gradus_runs.database import reading, write
from gradus_server.bands import bands
from gradus_server.dependencies import SweepId, TheActor, TheServer, errors
from gradus_server.json_route import JsonRoute
from gradus_server.routes.runs import Key
from gradus_server.sweeping import (
    control,
    create,
    in_order,
    listed,
    remove,
    standing,
    sweep_public,
)
from gradus_server.wire_sweeps import (
    SweepControl,
    SweepCreate,
    SweepMember,
    SweepMembers,
    SweepMetrics,
    SweepPage,
    SweepPatch,
    SweepPublic,
)

router = APIRouter(prefix="/api/v1/sweeps", tags=["sweeps"], route_class=JsonRoute)

Cursor = Annotated[str, Query(max_length=80, pattern=r"^\d{1,15}\.sweep_[0-9a-f]{32}$")]
Standings = Literal["running", "paused", "finished", "stopped"]


@router.post("", status_code=201, responses=errors(409, 429, body=True))
def create_sweep(
    body: SweepCreate, server: TheServer, actor: TheActor, key: Key = None
) -> SweepPublic:
    """Queue a run for every member. All that is wrong with any of them is said at once, by its
    place in this body; `member` and `at` in the params say in which setting and where in it."""
    return create(server, actor, body, key)


@router.get("", responses=errors(422))
def list_sweeps(
    server: TheServer,
    actor: TheActor,
    status: Annotated[Sequence[Standings], Query(max_length=4)] = (),
    cursor: Cursor | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SweepPage:
    """The team's sweeps, newest first; the best of each is of the members that have ended."""
    with reading(server.engine) as conn:
        page = sweeps.page(conn, actor, status=status, cursor=cursor, limit=limit)
        return SweepPage(sweeps=listed(conn, page.sweeps), next=page.cursor)


@router.get("/{sweep_id}", responses=errors(404))
def get_sweep(sweep_id: SweepId, server: TheServer, actor: TheActor) -> SweepPublic:
    """One sweep, with the best member so far."""
    with reading(server.engine) as conn:
        found = standing(conn, actor, sweep_id)
        due = sweeps.is_due(found.sweep, server.settings.scratch_ms)
    if due:
        write(server.engine, lambda c: sweeps.touch(c, sweep_id, server.settings.scratch_ms))
    return sweep_public(found)


@router.patch("/{sweep_id}", responses=errors(404, body=True))
def patch_sweep(
    sweep_id: SweepId, body: SweepPatch, server: TheServer, actor: TheActor
) -> SweepPublic:
    """Change name or tags. A field that is left out stays as it is."""
    changes = body.model_dump(exclude_none=True)
    write(server.engine, lambda conn: sweeps.patch(conn, actor, sweep_id, **changes))
    with reading(server.engine) as conn:
        return sweep_public(standing(conn, actor, sweep_id))


@router.delete("/{sweep_id}", status_code=204, responses=errors(404))
def delete_sweep(sweep_id: SweepId, server: TheServer, actor: TheActor) -> None:
    """Stop it and remove it with its members, but those that are named, pinned or have children."""
    remove(server, actor, sweep_id)


@router.post("/{sweep_id}/control", responses=errors(404, 409, body=True))
def control_sweep(
    sweep_id: SweepId, body: SweepControl, server: TheServer, actor: TheActor
) -> SweepPublic:
    """Pause, play or stop every member that has not ended. One alone is steered as a run."""
    return control(server, actor, sweep_id, body.action)


@router.get("/{sweep_id}/members", responses=errors(404))
def list_members(
    sweep_id: SweepId,
    server: TheServer,
    actor: TheActor,
    order: Annotated[
        Literal["goal", "index"], Query(description="`goal`: the best first, failed ones last.")
    ] = "index",
) -> SweepMembers:
    """Every member with its values and what it came to so far."""
    with reading(server.engine) as conn:
        found = standing(conn, actor, sweep_id)
    pairs = in_order(found) if order == "goal" else zip(found.members, found.measures, strict=True)
    return SweepMembers(members=[_member(each, measure) for each, measure in pairs])


def _member(member: members.Member, measure: float | None) -> SweepMember:
    return SweepMember(
        run=member.run_id,
        index=member.number,
        setting=member.setting,
        seed=member.seed,
        values=member.varied,
        status=member.status,
        reason=member.reason,
        goal=measure,
        step=member.step,
        epoch=member.samples / member.train_size,
        parameters=member.parameters,
    )


@router.get("/{sweep_id}/metrics", responses=errors(404, 422))
def get_sweep_metrics(
    sweep_id: SweepId,
    server: TheServer,
    actor: TheActor,
    series: Annotated[str | None, Query(max_length=128, description="That of the goal.")] = None,
    points: Annotated[int, Query(ge=1, le=10_000)] = 200,
) -> SweepMetrics:
    """One series of every setting: mean, least and greatest over its seeds, step by step."""
    with reading(server.engine) as conn:
        sweep = sweeps.get(conn, actor, sweep_id)
        found = members.of_sweep(conn, sweep_id)
        name = series or sweep.goal.series
        measured = members.of_series(conn, [each.run_id for each in found], name)
    return SweepMetrics(series=name, settings=bands(found, measured, points))
