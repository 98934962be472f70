"""Routes whose JSON bodies are read by our own parser instead of the framework's."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from gradus_server.body import collect, parse, require_json


class JsonRequest(Request):
    """A request whose body was read and checked before."""

    def __init__(self, request: Request, raw: bytes, value: Any) -> None:
        super().__init__(request.scope, request.receive)
        self.raw = raw
        self.value = value

    async def body(self) -> bytes:
        return self.raw

    async def json(self) -> Any:
        return self.value


class JsonRoute(APIRoute):
    """Reads the body first; a fault there is raised as what it is, for one handler to answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        if self.body_field is None:
            return answer

        async def read_then_answer(request: Request) -> Response:
            require_json(request.headers.get("content-type"))
            raw = await collect(request.stream(), request.headers.get("content-length"))
            return await answer(JsonRequest(request, raw, parse(raw)))

        return read_then_answer
