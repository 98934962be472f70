"""Runs that begin where another was."""

from typing import Any

from fastapi import APIRouter

from gradus.planned import Plan
from gradus.problems import problem
from gradus_runs import checkpoints, runs
from gradus_runs.actor import Actor
from gradus_runs.database import reading
from gradus_runs.runs import Run
from gradus_server.creation import Creation, create
from gradus_server.dependencies import RunId, TheActor, TheServer, errors
from gradus_server.json_route import JsonRoute
from gradus_server.patching import patched
from gradus_server.planning import planned
from gradus_server.problems import Refused
from gradus_server.routes.runs import Key
from gradus_server.server import Server
from gradus_server.wire import RunFork, RunPublic

router = APIRouter(prefix="/api/v1/runs", tags=["runs"], route_class=JsonRoute)


@router.post("/{run_id}/fork", status_code=201, responses=errors(404, 409, body=True))
def fork_run(
    run_id: RunId, body: RunFork, server: TheServer, actor: TheActor, key: Key = None
) -> RunPublic:
    """A child of a run, with a change. Its parent goes on untouched."""
    with reading(server.engine) as conn:
        parent = runs.get(conn, actor, run_id)
    document = _document(parent, body)
    found = planned(server, actor, document)
    creation = Creation(
        plan=found,
        document=document,
        name=body.name,
        source=body.source,
        start=body.start,
        parent=run_id,
        parent_step=_step(server, actor, parent, found, body.step),
        layout=parent.layout,
        tags=tuple(parent.tags),
        attended=bool(body.watch),
    )
    return create(server, actor, creation, key, body.watch)


def _document(parent: Run, body: RunFork) -> dict[str, Any]:
    if body.document is not None and body.changes is not None:
        found = problem("http.fork_both", "/changes")
        raise Refused(422, "http.fields", {"count": 1}, problems=[found])
    if body.document is not None:
        return body.document
    return patched(parent.document, body.changes or ())


def _step(server: Server, actor: Actor, parent: Run, found: Plan, wanted: int | None) -> int | None:
    """The newest checkpoint at or before the wanted step; None to begin untrained."""
    if wanted is None or not _fits(parent.resolved, found.resolved):
        return None
    with reading(server.engine) as conn:
        kept = checkpoints.page(conn, actor, parent.id)
    return max((row.step for row in kept if row.step <= wanted), default=None)


# Of one network, of several, of a function: what is not there is None on both sides.
STRUCTURE = ("network", "networks", "function", "tie", "data")


def _fits(before: Any, after: Any) -> bool:
    """Whether the weights, the optimizers' state and the place in the data carry over."""
    same = all(before.get(part) == after.get(part) for part in STRUCTURE)
    return same and _rules(before) == _rules(after) and _members(before, after)


def _members(before: Any, after: Any) -> bool:
    """Whether the checkpoint has every member of the ensemble, if the fork is one."""
    wanted = after["train"].get("ensemble")
    return wanted is None or wanted == before["train"].get("ensemble")


def _rules(resolved: Any) -> list[tuple[str, Any, str]]:
    """Every optimizer whose state a checkpoint holds: of which step, for which networks."""
    train = resolved["train"]
    steps = [
        (step["name"], step["update"], step["optimizer"]["type"]) for step in train.get("steps", ())
    ]
    return steps or [("", [], train["optimizer"]["type"])]
