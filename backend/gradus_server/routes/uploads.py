"""Files that are sent in, for networks to start from."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from gradus.problems import problem
from gradus_runs import beginnings, tensors
from gradus_runs.actor import Actor
from gradus_runs.database import write
from gradus_runs.store import Store
from gradus_server.body import BodyRefused, collect, printable
from gradus_server.dependencies import TheActor, TheServer, errors
from gradus_server.limits import UPLOAD_BYTES
from gradus_server.problems import Refused
from gradus_server.routes.artifacts import BINARY
from gradus_server.server import Server
from gradus_server.wire import TensorPublic, Upload

router = APIRouter(prefix="/api/v1/artifacts", tags=["artifacts"])

FileName = Annotated[str, Query(max_length=200, description="What it is called, for people.")]


@router.post(
    "",
    status_code=201,
    responses=errors(429, body=True),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def upload(
    request: Request, server: TheServer, actor: TheActor, name: FileName = "weights"
) -> Upload:
    """Keep a safetensors file for a document to start from: `init: {from: {weights: HASH}}`. It
    waits a week for a run; what a run begins with stays as long as the run."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != BINARY:
        raise BodyRefused("http.content_type_file", status=415, type=BINARY)
    try:
        body = await collect(
            request.stream(), request.headers.get("content-length"), limit=UPLOAD_BYTES
        )
    except BodyRefused as large:
        raise BodyRefused("weights.file_size", status=413, limit=UPLOAD_BYTES) from large
    return await run_in_threadpool(_keep, server, actor, body, printable(name, 200))


def _keep(server: Server, actor: Actor, body: bytes, name: str) -> Upload:
    found = _checked(body)
    store = Store(server.settings.artifacts)
    store.keep(body)
    digest = write(server.engine, lambda conn: beginnings.keep(conn, actor, store, body, name))
    told = [
        TensorPublic(name=name, dtype=entry.dtype, shape=list(entry.shape))
        for name, entry in sorted(found.items())
    ]
    return Upload(hash=digest, name=name, size=len(body), tensors=told)


def _checked(body: bytes) -> dict[str, tensors.Entry]:
    try:
        found = tensors.entries(body, len(body))
        tensors.check_finite(body, found)
    except tensors.Unreadable as fault:
        place = problem("weights.file_header", reason=printable(str(fault)))
    except tensors.NotFinite as fault:
        place = problem("weights.file_number", name=printable(str(fault)))
    else:
        return found
    raise Refused(422, place.code, place.params, problems=[place])
