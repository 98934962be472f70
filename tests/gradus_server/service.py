"""A server on a loopback port inside the test's process, over real databases and a real Valkey."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr
from sqlalchemy import Engine
from websockets.sync.client import ClientConnection, connect

from gradus.events import Status
from gradus_runs import jobs, log, runs, sessions, tokens
from gradus_runs.actor import Actor, laptop
from gradus_runs.database import open_database, write, writing
from gradus_runs.live import Live, open_live
from gradus_runs.settings import Settings
from gradus_server.app import application
from gradus_server.listening import configuration

SPIRAL = {
    "spec": "nn/1",
    "data": {"name": "spiral"},
    "network": {"layers": [{"type": "linear", "units": 8, "activation": "tanh"}, "linear"]},
}


@dataclass
class Service:
    """One server and what a test needs to talk to it and to stand in for a worker."""

    port: int
    token: str
    engine: Engine
    live: Live
    actor: Actor
    app: Any
    settings: Settings

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def cookie(self) -> str:
        return f"gradus_{self.port}"

    def http(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        # Nothing here is encrypted, and loading certificates takes longer than most requests.
        return httpx.Client(
            base_url=f"{self.url}/api/v1", headers=headers, timeout=20, verify=False
        )

    def socket(self, **options: Any) -> ClientConnection:
        options.setdefault("subprotocols", ["gradus.v1"])
        return connect(f"ws://127.0.0.1:{self.port}/api/v1/stream", compression=None, **options)

    @contextlib.contextmanager
    def signed_in(self) -> Iterator[ClientConnection]:
        with self.socket() as page:
            say(page, type="auth", token=self.token)
            yield page

    def launch_code(self) -> str:
        return write(self.engine, lambda conn: sessions.launch_code(conn, self.actor))

    def make_run(self, **body: Any) -> str:
        with self.http() as client:
            answer = client.post("/runs", json={"document": SPIRAL, **body})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def append(self, run: str, count: int, *, broadcast: bool = True) -> None:
        """What a worker does: commit events, then broadcast them."""
        entries = [log.Entry("verdict", {"code": "test", "step": n}) for n in range(count)]
        with writing(self.engine) as conn:
            events = log.append(conn, run, entries)
        if broadcast:
            self.live.publish_events(events)

    def claim(self, run: str, holder: str = "host:1:abc") -> jobs.Job:
        job = write(self.engine, lambda c: jobs.claim(c, holder, "train", [run], 30_000))
        assert job is not None
        write(self.engine, lambda c: runs.move(c, run, Status.RUNNING, claim=job.claim))
        return job


def say(page: ClientConnection, **message: Any) -> None:
    page.send(json.dumps(message))


def hear(page: ClientConnection, kind: str, seconds: float = 30) -> dict[str, Any]:
    """The next message of a kind; others are passed over."""
    while True:
        message = page.recv(timeout=seconds)
        if isinstance(message, str):
            found: dict[str, Any] = json.loads(message)
            if found["type"] == kind:
                return found


def numbers(page: ClientConnection, until: int) -> list[int]:
    """The numbers of the events as they come, up to and with `until`."""
    found: list[int] = []
    while not found or found[-1] < until:
        found += [event["number"] for event in hear(page, "events")["events"]]
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    folder: Path,
    database_url: str,
    redis_url: str,
    scopes: Sequence[str] | None = None,
    **options: Any,
) -> Iterator[Service]:
    """A server that answers, for the length of the block; `options` are further settings."""
    port = free_port()
    redis = SecretStr(redis_url)
    settings = Settings(
        data=folder, port=port, database_url=database_url, redis_url=redis, **options
    )
    engine, live = open_database(database_url), open_live(redis_url)
    with writing(engine) as conn:
        actor = laptop(conn)
        _, token = tokens.mint(conn, actor, name="test", scopes=scopes or actor.scopes)
    app = application(settings)
    config = configuration(app)
    config.port = port
    config.timeout_graceful_shutdown = 2
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _await_answer(port, thread)
        yield Service(port, token, engine, live, actor, app, settings)
    finally:
        server.should_exit = True
        thread.join(timeout=60)
        live.close()
        engine.dispose()
        assert not thread.is_alive(), "the server did not end"


def _await_answer(port: int, thread: threading.Thread) -> None:
    while thread.is_alive():
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/api/v1/health").raise_for_status()
            return
    raise AssertionError("the server did not start")


@dataclass
class Standing:
    """A service for many tests, with one client and one paused run."""

    service: Service
    client: httpx.Client
    run: str
