"""The gate in front of every route: host, origin, rule, visitor. What is not listed is refused."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from gradus_server.limits import HEADER_BYTES
from gradus_server.origin import SAFE, may_change, may_connect
from gradus_server.policy import ROUTES, SOCKET
from gradus_server.problems import Refused
from gradus_server.query import check_query
from gradus_server.server import Server
from gradus_server.visitor import NOBODY, Credential, Visitor, credential

PAGE = "/{path:path}"


class Gate:
    """Lets a request through to its route with `state.visitor` set, or raises."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._admit(scope)
        await self.app(scope, receive, send)

    async def _admit(self, scope: Scope) -> None:
        server: Server = scope["app"].state.server
        headers = Headers(scope=scope)
        if sum(len(name) + len(value) for name, value in headers.raw) > HEADER_BYTES:
            raise Refused(431, "http.headers", {"limit": HEADER_BYTES})
        own = server.origins.own(headers, scope["path"])
        if own is None:
            raise Refused(400, "http.host")
        if not _comes_from_us(scope, headers, own):
            raise Refused(403, "http.origin")
        route, params = _route(scope)
        if route is None:  # the path is known, the method is not: the router says which are
            return
        method = SOCKET if scope["type"] == "websocket" else scope["method"]
        rule = ROUTES.get((method, getattr(route, "path", "")))
        if rule is None:
            raise Refused(403, "http.forbidden")
        brought = credential(headers, server.visitors.cookie, _share(scope) if rule.share else None)
        visitor = NOBODY if rule.scope is None else await _identify(server, brought)
        visitor.admit(rule, params.get("run_id"))
        query = scope.get("query_string", b"").decode("latin-1")
        check_query(route, query, shared=rule.share)
        scope["state"] |= {"visitor": visitor, "credential": brought}


async def _identify(server: Server, brought: Credential | None) -> Visitor:
    if brought is None:
        return NOBODY
    return await run_in_threadpool(server.visitors.open, brought)


def _comes_from_us(scope: Scope, headers: Headers, own: str) -> bool:
    if scope["type"] == "websocket":
        return may_connect(headers, own)
    return scope["method"] in SAFE or may_change(headers, own)


def _route(scope: Scope) -> tuple[BaseRoute | None, Mapping[str, Any]]:
    """The route that will answer, and its path's parameters; raises `Refused` where none does."""
    known = False
    for route in scope["app"].routes:
        match, child = route.matches(scope)
        if match is Match.FULL:
            return route, child.get("path_params", {})
        known = known or (match is Match.PARTIAL and getattr(route, "path", None) != PAGE)
    if not known:
        raise Refused(404, "http.not_found")
    return None, {}


def _share(scope: Scope) -> str | None:
    """The secret of a link. A cookie or a token never travels in an address."""
    query = scope.get("query_string", b"").decode("latin-1")
    values = parse_qs(query, max_num_fields=50).get("share", [])
    return values[0] if len(values) == 1 else None
