"""What endpoints ask for: the server's state, and who is asking."""

import re
from typing import Annotated, Any

from fastapi import Depends, Path
from starlette.requests import HTTPConnection, Request

from gradus_runs.actor import Actor
from gradus_runs.errors import NotFound
from gradus_server.problems import MEDIA_TYPE, Refused
from gradus_server.server import Server
from gradus_server.visitor import NOBODY, Visitor
from gradus_server.wire import RUN, ProblemDocument
from gradus_server.wire_sweeps import SWEEP

RUN_ID = re.compile(r"run_[0-9a-f]{32}")
SWEEP_ID = re.compile(r"sweep_[0-9a-f]{32}")


async def _server(connection: HTTPConnection) -> Server:
    server: Server = connection.app.state.server
    return server


async def _actor(request: Request) -> Actor:
    """Set by the gate; without it the request came past the gate, and ends here."""
    visitor = getattr(request.state, "visitor", None)
    if visitor is None or visitor.actor is None:
        raise Refused(401, "http.unauthorized")
    actor: Actor = visitor.actor
    return actor


async def _visitor(request: Request) -> Visitor:
    visitor: Visitor = getattr(request.state, "visitor", NOBODY)
    return visitor


async def _run_id(run_id: Annotated[str, Path(max_length=200, examples=[RUN])]) -> str:
    """What cannot be an id is answered like one that nobody has."""
    if not RUN_ID.fullmatch(run_id):
        raise NotFound("run", run_id)
    return run_id


async def _sweep_id(sweep_id: Annotated[str, Path(max_length=200, examples=[SWEEP])]) -> str:
    """As with runs."""
    if not SWEEP_ID.fullmatch(sweep_id):
        raise NotFound("sweep", sweep_id)
    return sweep_id


TheServer = Annotated[Server, Depends(_server)]
TheActor = Annotated[Actor, Depends(_actor)]
TheVisitor = Annotated[Visitor, Depends(_visitor)]
RunId = Annotated[str, Depends(_run_id)]
SweepId = Annotated[str, Depends(_sweep_id)]

_MEANING = {
    400: "The request is not well formed, or is addressed to another host.",
    401: "Nobody is signed in, or the secret opens nothing.",
    403: "This is not allowed from here, or not with these scopes.",
    404: "There is no such thing, or none that this visitor may see.",
    409: "The thing is not in a state that allows this.",
    413: "The body is larger than 1 MiB.",
    415: "The body is not `application/json`.",
    422: "What was sent cannot be used; `problems` says why, all at once.",
    429: "A limit is reached.",
    503: "A part of the service is away or still waking; try again after `Retry-After`.",
}
_SIGNED_IN = (401, 403)
_BODY = (400, 413, 415, 422)


def shown(example: Any, media_type: str = "application/json") -> dict[int | str, Any]:
    """An example of the answer, for operations whose answer has no model to carry one."""
    return {200: {"description": "The answer.", "content": {media_type: {"example": example}}}}


def errors(*statuses: int, body: bool = False, public: bool = False) -> dict[int | str, Any]:
    """The documented refusals of an operation: its own, and those of every one of its kind."""
    every = {400, 422, 503, *statuses, *(() if public else _SIGNED_IN), *(_BODY if body else ())}
    schema = {"schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}}
    return {
        status: {"description": _MEANING[status], "content": {MEDIA_TYPE: schema}}
        for status in sorted(every)
    }
