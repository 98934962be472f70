"""The curves of a run, and the counters of the service."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from gradus.events import Columns
from gradus_runs import chunks, runs
from gradus_runs.chunks import Points
from gradus_runs.database import reading
from gradus_server.dependencies import RunId, TheActor, TheServer, errors, shown
from gradus_server.wire import Metrics

router = APIRouter(prefix="/api/v1", tags=["runs"])

CSV = "text/csv; charset=utf-8"
COLUMNS = ("first_step", "last_step", "count", "mean", "min", "max", "last")
MOST_POINTS = 100_000  # of a series in JSON, which is put together in memory
SeriesName = Annotated[str, Query(max_length=128)]


@router.get(
    "/runs/{run_id}/metrics",
    response_model=Metrics,
    responses=errors(404, 422) | {200: {"content": {"text/csv": {}}, "description": "The series."}},
)
def get_metrics(
    run_id: RunId,
    server: TheServer,
    actor: TheActor,
    series: Annotated[Sequence[SeriesName], Query(max_length=200)] = (),
    points: Annotated[int, Query(ge=1, le=MOST_POINTS)] = MOST_POINTS,
    format: Annotated[str, Query(pattern="^(json|csv)$")] = "json",
) -> Response | Metrics:
    """All series, or those named, after rewinds, each thinned to about so many `points` by minimum
    and maximum; `format=csv` gives every point."""
    csv_wanted = format == "csv"
    with reading(server.engine) as conn:
        runs.get(conn, actor, run_id)
        found = chunks.series(
            conn, run_id, list(series) or None, points=None if csv_wanted else points
        )
    if csv_wanted:
        headers = {"content-disposition": f'attachment; filename="{run_id}.csv"'}
        return StreamingResponse(lines(found), media_type=CSV, headers=headers)
    return Metrics(series={name: Columns(**each.to_json()) for name, each in found.items()})


def lines(series: Mapping[str, Points]) -> Iterator[str]:
    """Every point of every series as CSV."""
    yield _line(("series", *COLUMNS))
    for name, points in series.items():
        columns = [getattr(points, column).tolist() for column in COLUMNS]
        for row in zip(*columns, strict=True):
            yield _line((_plain(name), *row))


def _line(cells: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _plain(text: str) -> str:
    """A spreadsheet takes a text that begins like a formula for one."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@router.get(
    "/metrics",
    tags=["service"],
    response_class=Response,
    responses=errors() | shown("gradus_sockets 0.0", "text/plain"),
)
async def get_counters(server: TheServer) -> Response:
    """The service's counters in the format of Prometheus."""
    return Response(server.meters.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
