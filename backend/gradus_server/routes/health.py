"""Whether the service lives, and whether it can work."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

import gradus_server
from gradus_runs import workers
from gradus_runs.database import reading
from gradus_runs.errors import LiveUnavailable
from gradus_server.dependencies import TheServer, errors
from gradus_server.wire import Health, Ready

router = APIRouter(prefix="/api/v1", tags=["service"])


@router.get("/health", responses=errors(public=True))
async def health() -> Health:
    """The process answers. Looks at nothing else, so that an outage elsewhere does not end it."""
    return Health(version=gradus_server.__version__)


@router.get("/ready", responses=errors(public=True))
def ready(server: TheServer, response: Response) -> Ready:
    """Whether a run could be taken and trained now; 503 while something is missing."""
    database = _answers(lambda: _ask(server.engine))
    redis = _answers(server.live.ping)
    warm = _warm(server.engine) if database else 0
    fine = database and redis and warm > 0
    response.status_code = 200 if fine else 503
    return Ready(
        status="ready" if fine else "waiting", database=database, redis=redis, workers=warm
    )


def _ask(engine: Engine) -> None:
    with reading(engine) as conn:
        conn.execute(text("SELECT 1"))


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (SQLAlchemyError, LiveUnavailable):
        return False
    return True


def _warm(engine: Engine) -> int:
    with reading(engine) as conn:
        return sum(worker.warm for worker in workers.alive(conn))
