"""What a run leaves behind: weights and other files."""

import re
from urllib.parse import quote

from fastapi import APIRouter, Response

from gradus_runs import artifacts
from gradus_runs.artifacts import Reference
from gradus_runs.database import reading
from gradus_runs.errors import NotFound
from gradus_runs.log import rfc3339
from gradus_runs.store import Store
from gradus_server.dependencies import RunId, TheActor, TheServer, errors
from gradus_server.wire import ArtifactPublic, Artifacts

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])

BINARY = "application/octet-stream"
# A file that somebody made is never shown as a page of ours.
SANDBOX = "sandbox; default-src 'none'"
ENDINGS = {"weights": ".safetensors"}


@router.get("/{run_id}/artifacts", responses=errors(404))
def list_artifacts(run_id: RunId, server: TheServer, actor: TheActor) -> Artifacts:
    """The named files of a run, oldest first; equal contents have equal hashes."""
    with reading(server.engine) as conn:
        rows = artifacts.of_run(conn, actor, run_id)
    return Artifacts(
        artifacts=[
            ArtifactPublic(
                id=row.id,
                kind=row.kind,
                name=row.name,
                hash=row.hash,
                size=row.size,
                created_at=rfc3339(row.created_at),
            )
            for row in rows
        ]
    )


@router.get(
    "/{run_id}/artifacts/{artifact_id}",
    response_class=Response,
    responses=errors(404) | {200: {"content": {BINARY: {}}, "description": "The file."}},
)
def get_artifact(run_id: RunId, artifact_id: str, server: TheServer, actor: TheActor) -> Response:
    """One file, to be saved."""
    with reading(server.engine) as conn:
        found = _named(artifacts.of_run(conn, actor, run_id), artifact_id)
        body = artifacts.get(conn, Store(server.settings.artifacts), found.hash)
    headers = {
        "content-disposition": disposition(found.name + ENDINGS.get(found.kind, "")),
        "content-security-policy": SANDBOX,
        "etag": f'"{found.hash}"',
    }
    return Response(body, media_type=BINARY, headers=headers)


def _named(rows: list[Reference], artifact_id: str) -> Reference:
    for row in rows:
        if row.id == artifact_id:
            return row
    raise NotFound("artifact", artifact_id)


def disposition(name: str) -> str:
    """A Content-Disposition for any name, in ASCII (RFC 6266, RFC 8187).

    >>> disposition("é.safetensors")
    "attachment; filename=\\"_.safetensors\\"; filename*=UTF-8''%C3%A9.safetensors"
    """
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    exact = quote(name, safe="", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"
