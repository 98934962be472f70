"""The socket that the service listens on, and uvicorn over it."""

import ipaddress
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from gradus_runs.settings import Settings
from gradus_server.limits import HEADER_BYTES

BACKLOG = 2048
LONGEST_HEAD = 4 * HEADER_BYTES  # what is between the two is refused with a reason
LONGEST_MESSAGE = 64 * 1024  # of a page over the socket
WAITING_MESSAGES = 8
STOP_SECONDS = 2  # for answers that are on their way


class CannotListen(RuntimeError):
    """The address cannot be had."""


def listen(settings: Settings) -> socket.socket:
    """A bound socket; raises CannotListen with what to do about it."""
    if settings.mode == "laptop" and not _is_loopback(settings.host):
        raise CannotListen(
            f"GRADUS_HOST is {settings.host}: without sign-in the service listens on this machine "
            "alone. Leave GRADUS_HOST at 127.0.0.1, or use GRADUS_MODE=team."
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host, settings.port))
    except OSError as error:
        bound.close()
        raise CannotListen(
            f"Port {settings.port} of {settings.host} cannot be had ({error.strerror}). Stop what "
            f"listens there, or take another: GRADUS_PORT={settings.port + 1 & 0xFFFF}."
        ) from None
    return bound


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Serving(uvicorn.Server):
    """Uvicorn that says when it answers, and when it begins to end."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._tell = started
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)


def configuration(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn is to serve the application."""
    return uvicorn.Config(
        app,
        # The other parser, used where it happens to be installed, reads headers without end.
        http="h11",
        h11_max_incomplete_event_size=LONGEST_HEAD,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        ws_max_size=LONGEST_MESSAGE,
        ws_max_queue=WAITING_MESSAGES,
        # It would cost a third more time than what it saves on packed numbers.
        ws_per_message_deflate=False,
        backlog=BACKLOG,
    )


def serve(
    settings: Settings,
    bound: socket.socket,
    started: Callable[[], None],
    ending: Callable[[], None] = lambda: None,
) -> bool:
    """Answer until SIGINT or SIGTERM; False when it could not start.

    `started` and `ending` are called once each, before the first and the last answers.
    """
    # Imported here: the worker beside us starts to warm up while the routes are loaded.
    from gradus_server.app import application

    config = configuration(application(settings))
    # Uvicorn raises the signal again when it has ended, and then its default would end us
    # before the worker and the private Redis are stopped.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    serving = Serving(config, started, ending)
    serving.run(sockets=[bound])
    return serving.started


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
