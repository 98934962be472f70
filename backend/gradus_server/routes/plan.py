"""Plans: what a document describes, with shapes, counts and costs, or everything wrong with it."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Response

from gradus.advice import large_memory
from gradus.plan import plan_json
from gradus_server.dependencies import TheActor, TheServer, errors
from gradus_server.json_route import JsonRoute
from gradus_server.planning import planned
from gradus_server.wire import SPIRAL

router = APIRouter(prefix="/api/v1", tags=["plan"], route_class=JsonRoute)


@router.post("/plan", response_model=dict[str, Any], responses=errors(body=True))
def make_plan(
    document: Annotated[dict[str, Any], Body(openapi_examples={"spiral": {"value": SPIRAL}})],
    actor: TheActor,
    server: TheServer,
) -> Response:
    """Plan a document. Pure arithmetic: nothing is built, trained or stored."""
    found = planned(server, actor, document)
    answer = plan_json(found)
    if (room := server.room.bytes()) is not None:
        answer["advice"] += [each.to_json() for each in large_memory(found, document, room)]
    # Straight to bytes: the framework's own encoder would take longer than the plan.
    return Response(orjson.dumps(answer), media_type="application/json")
