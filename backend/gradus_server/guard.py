"""The outermost layer: a number for each request, headers for each answer, no error unanswered."""

import logging
import secrets
import time
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradus_server.problems import language, refusal, response

log = logging.getLogger(__name__)

# Svelte and the text editor write style attributes, so styles alone may be inline.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
ALWAYS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Wraps the whole application, error answers included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        answer = Answer(scope, send)
        try:
            await self.app(scope, receive, answer.send)
        except Exception as error:
            if answer.started:
                raise
            await answer.refuse(error, receive)


class Answer:
    """One answer on its way out."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self._send = send
        self.started = False
        self.request_id = secrets.token_hex(8)
        self._began = time.perf_counter()
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def send(self, message: Message) -> None:
        if message["type"] in ("websocket.accept", "websocket.close"):
            self.started = True
        if message["type"] == "http.response.start":
            self.started = True
            self._seal(MutableHeaders(scope=message))
            self._count(message["status"])
        await self._send(message)

    async def refuse(self, error: Exception, receive: Receive) -> None:
        """Answer with the problem that the error stands for."""
        refused = refusal(error)
        if self.scope["type"] == "websocket":  # before accept this is a plain 403
            await self.send({"type": "websocket.close", "code": 1011, "reason": refused.code})
            return
        tongue = language(Headers(scope=self.scope).get("accept-language"))
        await response(refused, self.request_id, tongue)(self.scope, receive, self.send)

    def _seal(self, headers: MutableHeaders) -> None:
        for name, value in ALWAYS.items():
            headers[name] = value
        headers["x-request-id"] = self.request_id
        api = self.scope["path"].startswith("/api/")
        headers.setdefault("content-security-policy", API_POLICY if api else PAGE_POLICY)
        headers.setdefault("cache-control", "no-store")

    def _count(self, status: int) -> None:
        if server := getattr(self.scope["app"].state, "server", None):
            server.meters.request(self.scope, status, time.perf_counter() - self._began)
