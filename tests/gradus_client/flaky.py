"""A server on a real socket that answers what a test scripts, and drops the line where it says so."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """`body` is sent as it stands; the connection closes behind it."""

    body: bytes = b""
    status: int = 200
    type: str = "application/json"
    dropped: bool = False  # nothing is sent at all, the line just breaks


@dataclass
class Script:
    """The answers still to give, one a request, and the requests that came."""

    answers: list[Answer]
    requests: list[Request] = field(default_factory=list)


@contextmanager
def serving(*answers: Answer) -> Iterator[tuple[str, Script]]:
    """The address of a server that gives these answers, and its script."""
    script = Script(list(answers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(script: Script) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            script.requests.append(Request(self.command, self.path, headers, body))
            answer = script.answers.pop(0)
            if not answer.dropped:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.type)
                self.end_headers()
                self.wfile.write(answer.body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Quiet: a test that fails shows the requests itself."""

    return Handler
