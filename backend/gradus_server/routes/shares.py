"""Links by which anybody may read one run."""

from fastapi import APIRouter
from sqlalchemy import Connection

from gradus_runs import shares
from gradus_runs.database import reading, write
from gradus_runs.errors import NotFound
from gradus_runs.log import rfc3339
from gradus_server.dependencies import RunId, TheActor, TheServer, errors
from gradus_server.json_route import JsonRoute
from gradus_server.public import moment
from gradus_server.wire import ShareCreate, ShareCreated, SharePublic, Shares

router = APIRouter(prefix="/api/v1/runs", tags=["runs"], route_class=JsonRoute)

DAY_MS = 86_400_000


@router.post("/{run_id}/shares", status_code=201, responses=errors(404, body=True))
def share_run(run_id: RunId, body: ShareCreate, server: TheServer, actor: TheActor) -> ShareCreated:
    """A new link. Its secret is shown this once; the link can be revoked."""
    life = None if body.days is None else body.days * DAY_MS
    made, secret = write(server.engine, lambda conn: shares.make(conn, actor, run_id, life))
    return ShareCreated(
        id=made.id,
        created_at=rfc3339(made.created_at),
        expires_at=moment(made.expires_at),
        secret=secret,
        url=f"{server.address}/runs/{run_id}?share={secret}",
    )


@router.get("/{run_id}/shares", responses=errors(404))
def list_shares(run_id: RunId, server: TheServer, actor: TheActor) -> Shares:
    """The open links of a run, oldest first."""
    with reading(server.engine) as conn:
        found = shares.of_run(conn, actor, run_id)
    return Shares(
        shares=[
            SharePublic(
                id=each.id,
                created_at=rfc3339(each.created_at),
                expires_at=moment(each.expires_at),
            )
            for each in found
            if each.revoked_at is None
        ]
    )


@router.delete("/{run_id}/shares/{share_id}", status_code=204, responses=errors(404))
def revoke_share(run_id: RunId, share_id: str, server: TheServer, actor: TheActor) -> None:
    """Close a link; whoever reads by it is cut off within seconds."""

    def work(conn: Connection) -> None:
        if share_id not in {each.id for each in shares.of_run(conn, actor, run_id)}:
            raise NotFound("share", share_id)
        shares.revoke(conn, actor, share_id)

    write(server.engine, work)
