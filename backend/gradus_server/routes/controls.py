"""What is asked of a run while it lives."""

from typing import Annotated

from fastapi import APIRouter, Body
from sqlalchemy import Connection

from gradus.by_hand import misfits
from gradus.controls import Control, Set
from gradus.plan import plan_resolved
from gradus_runs import attendance, controls, retention, runs
from gradus_runs.controls import ControlRow
from gradus_runs.database import reading, write
from gradus_runs.runs import Run
from gradus_server.dependencies import RunId, TheActor, TheServer, errors
from gradus_server.json_route import JsonRoute
from gradus_server.problems import Refused
from gradus_server.public import control_public
from gradus_server.wire import ControlPublic, Controls

router = APIRouter(prefix="/api/v1/runs", tags=["runs"], route_class=JsonRoute)

BY_HAND = {"name": "linear_1.weight", "index": [2, 0], "value": 0.83}
EXAMPLES = {
    "play": {"value": {"action": "play"}},
    "step": {"value": {"action": "step", "unit": "epoch", "count": 1}},
    "set": {"value": {"action": "set", "changes": {"learning_rate": 0.003}}},
    "by hand": {"value": {"action": "set", "changes": {"weights": [BY_HAND]}}},
}


@router.post("/{run_id}/control", status_code=202, responses=errors(404, 409, body=True))
def control_run(
    run_id: RunId,
    control: Annotated[Control, Body(openapi_examples=EXAMPLES)],
    server: TheServer,
    actor: TheActor,
) -> ControlPublic:
    """Play, pause, step, stop, or change numbers. It takes effect between two steps; the run's
    log says at which."""

    def work(conn: Connection) -> ControlRow:
        _require_fit(runs.get(conn, actor, run_id), control)
        retention.touch(conn, run_id, server.settings.scratch_ms)
        attendance.stay(conn, run_id)
        return controls.request(conn, actor, run_id, control)

    asked = write(server.engine, work)
    server.announce(asked.events)
    if asked.holder is not None:
        server.wake(asked.holder, {"control": run_id})
    else:
        server.call_workers()
    return control_public(asked)


def _require_fit(run: Run, control: Control) -> None:
    """Weights set by hand name parameters of this run's network, within their shapes."""
    if not isinstance(control, Set) or control.changes.weights is None:
        return
    layers = plan_resolved(run.resolved).layers
    if found := misfits(control.changes.weights, layers, "/changes/weights"):
        raise Refused(422, "http.fields", {"count": len(found)}, problems=found)


@router.get("/{run_id}/controls", responses=errors(404))
def list_controls(run_id: RunId, server: TheServer, actor: TheActor) -> Controls:
    """Everything that was asked of a run, in order."""
    with reading(server.engine) as conn:
        rows = controls.history(conn, actor, run_id)
    return Controls(controls=[control_public(row) for row in rows])
