"""The moments of a run that were kept."""

from fastapi import APIRouter

from gradus_runs import checkpoints
from gradus_runs.database import reading
from gradus_runs.log import rfc3339
from gradus_server.dependencies import RunId, TheActor, TheServer, errors
from gradus_server.wire import CheckpointPublic, Checkpoints

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])


@router.get("/{run_id}/checkpoints", responses=errors(404))
def list_checkpoints(run_id: RunId, server: TheServer, actor: TheActor) -> Checkpoints:
    """By step. Those that are `kept` are snapshots, from which a run can be forked for good."""
    with reading(server.engine) as conn:
        rows = checkpoints.page(conn, actor, run_id)
    return Checkpoints(
        checkpoints=[
            CheckpointPublic(
                id=row.id,
                step=row.step,
                samples=row.samples,
                kept=row.kept,
                size=row.size,
                created_at=rfc3339(row.created_at),
            )
            for row in rows
        ]
    )
