"""Taking a run away: its weights, its network, a script that trains it again, its curves, or all."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from gradus.export.pytorch import pytorch
from gradus_server.dependencies import RunId, TheActor, TheServer, errors
from gradus_server.exports import File, Parcel
from gradus_server.json_route import JsonRoute
from gradus_server.keeping import settle
from gradus_server.planning import planned
from gradus_server.routes.artifacts import SANDBOX, disposition
from gradus_server.wire import DraftExport, Step

router = APIRouter(prefix="/api/v1", tags=["exports"], route_class=JsonRoute)

Format = Literal["safetensors", "onnx", "pytorch", "csv", "parquet", "bundle"]
PYTHON = "text/x-python; charset=utf-8"
ANSWER: dict[int | str, Any] = {
    200: {
        "description": "The file.",
        "content": {
            "text/x-python": {"example": '"""spiral: 145 parameters, written by Gradus. …"""'},
            "application/octet-stream": {},
            "application/zip": {},
            "text/csv": {},
            "application/vnd.apache.parquet": {},
        },
    }
}


@router.get("/runs/{run_id}/export", response_class=Response, responses=errors(404, 422) | ANSWER)
def export_run(
    run_id: RunId,
    server: TheServer,
    actor: TheActor,
    format: Annotated[Format, Query()],
    step: Annotated[Step | None, Query(description="Weights kept at or before this step.")] = None,
    network: Annotated[
        str | None, Query(max_length=64, description="Of several networks, the one for ONNX.")
    ] = None,
    transforms: Annotated[
        bool,
        Query(description="Whether ONNX reads samples as the dataset has them, or transformed."),
    ] = False,
) -> Response:
    """A run as one file, at any time: of one that still trains, its newest kept step; of one that
    is paused, the step at which it stands. `safetensors`: weights and buffers by full name.
    `onnx`: the network with these weights, for any ONNX runtime; of several the one named by
    `network`, or a zip of all; with `transforms`, what `data.transforms` do stands in front of it. `pytorch`: a script that needs
    nothing of this service and trains the same network on the same samples. `csv`, `parquet`:
    every point of every curve. `bundle`: a zip of all this with the document, its resolved form
    and its plan."""
    parcel = Parcel.of(server.engine, server.settings, actor, run_id)
    if format in ("safetensors", "onnx", "bundle") and step is None:
        settle(server, parcel.run)
    return _file(_written(parcel, format, step, network, transforms))


def _written(
    parcel: Parcel, format: Format, step: int | None, network: str | None, transforms: bool
) -> File:
    match format:
        case "safetensors":
            return parcel.weights(step)
        case "onnx":
            return parcel.onnx(step, network, transforms)
        case "pytorch":
            return parcel.script()
        case "csv":
            return parcel.curves()
        case "parquet":
            return parcel.table()
        case "bundle":
            return parcel.bundle(step)


@router.post("/export", response_class=Response, responses=errors(body=True) | ANSWER)
def export_draft(body: DraftExport, server: TheServer, actor: TheActor) -> Response:
    """A document as a PyTorch script. Pure text: nothing is built, trained or stored."""
    name = body.document.get("name")
    found = planned(server, actor, body.document)
    text = pytorch(found, title=name if isinstance(name, str) else "")
    return _file(File("model.py", text.encode(), PYTHON))


def _file(file: File) -> Response:
    headers = {
        "content-disposition": disposition(file.name),
        "content-security-policy": SANDBOX,
    }
    return Response(file.body, media_type=file.media_type, headers=headers)
