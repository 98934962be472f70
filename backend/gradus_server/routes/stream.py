"""The socket `/api/v1/stream`."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket

from gradus_server.messages import PROTOCOL
from gradus_server.server import Server
from gradus_server.socket import Code, Socket
from gradus_server.visitor import Visitor

router = APIRouter(prefix="/api/v1")


@router.websocket("/stream")
async def stream(websocket: WebSocket) -> None:
    """All runs and pictures of one page. The gate has checked host and origin."""
    server: Server = websocket.app.state.server
    offered = websocket.scope["subprotocols"]
    if offered and PROTOCOL not in offered:
        await websocket.close()
        return
    credential = websocket.state.credential
    visitor = await run_in_threadpool(server.visitors.open, credential)
    await websocket.accept(PROTOCOL if offered else None)
    with server.places.take(_name(visitor, websocket)) as free:
        server.meters.sockets.set(server.places.taken)
        if not free:
            await websocket.close(Code.FULL, "too many connections")
            return
        await Socket(websocket, server, visitor, credential).serve()
    server.meters.sockets.set(server.places.taken)


def _name(visitor: Visitor, websocket: WebSocket) -> str:
    """Whose connections are counted together: a user's, or an address's of nobody we know."""
    if visitor.actor is not None:
        return visitor.actor.user_id
    return websocket.client.host if websocket.client else "unknown"
