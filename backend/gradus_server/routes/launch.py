"""Signing in on a laptop: the code of the start link is swapped for a cookie."""

from fastapi import APIRouter, Response

from gradus_runs import sessions
from gradus_runs.database import write
from gradus_server.dependencies import TheServer, errors
from gradus_server.json_route import JsonRoute
from gradus_server.wire import LaunchCode

router = APIRouter(prefix="/api/v1", tags=["service"], route_class=JsonRoute)


@router.post("/launch", status_code=204, responses=errors(401, body=True, public=True))
def launch(body: LaunchCode, server: TheServer, response: Response) -> None:
    """Spend a launch code, which is good once and for five minutes."""
    secret = write(server.engine, lambda conn: sessions.launch(conn, body.code))
    response.set_cookie(
        server.visitors.cookie,
        secret,
        max_age=sessions.SESSION_MS // 1000,
        path="/",
        secure=server.settings.public_url.startswith("https:"),
        httponly=True,
        samesite="strict",
    )
