"""The application `gradus_server.app:app`. Importing it connects to nothing and loads no torch."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

import gradus_server
from gradus_runs.settings import Settings
from gradus_runs.settings import settings as read_settings
from gradus_server.description import Described, operation_name
from gradus_server.gate import Gate
from gradus_server.guard import Guard
from gradus_server.routes import ROUTERS
from gradus_server.server import opened


def application(settings: Settings | None = None) -> FastAPI:
    """The service; without `settings` they are read from the environment when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings or read_settings()) as server:
            app.state.server = server
            yield

    made = Described(
        title="Gradus",
        version=gradus_server.__version__,
        openapi_url=None,
        generate_unique_id_function=operation_name,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        # The guard answers every error alike; these two would be answered by the framework.
        exception_handlers={HTTPException: _pass_on, RequestValidationError: _pass_on},
        routes=[route for router in ROUTERS for route in router.routes],
    )
    made.add_middleware(Gate)
    made.add_middleware(Guard)
    return made


async def _pass_on(_request: Request, error: Exception) -> Response:
    raise error


app = application()
