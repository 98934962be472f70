"""`gradus up` and `gradus serve`: what is started, in which order, and how all of it ends."""

import importlib.util
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import IO

import httpx
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError

from gradus_runs import sessions
from gradus_runs.actor import laptop
from gradus_runs.database import migrate, open_database, write
from gradus_runs.settings import Settings
from gradus_server.attended import Attended
from gradus_server.embedded import Valkey
from gradus_server.folder import (
    ADDRESS,
    FolderInUse,
    end_token,
    keep_token,
    locked,
    withdraw,
    write_private,
)
from gradus_server.listening import listen, serve
from gradus_server.origin import address

WORKER_GRACE = 15.0  # its own children are given 9 s for their checkpoints
RESTART_SECONDS = 3.0
HEALTH_SECONDS = 5.0  # of a server that trains on every core

Say = Callable[[str], None]


class CannotPrepare(RuntimeError):
    """The database or the data folder cannot be written."""


def run_up(settings: Settings, browser: bool, say: Say) -> bool:
    """Everything on this machine, until Ctrl-C. False when the server could not start.

    Where it runs already, this only gives another link to it. Raises FolderInUse, CannotListen,
    ValkeyMissing, ValkeyFailed, CannotPrepare or SettingsError.
    """
    folder = settings.make_data_folder()
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(folder))
        except FolderInUse as taken:
            if not _answers(taken.address):
                raise
            link = _invite(settings, taken.address, say)
            if link and browser and _has_screen():
                webbrowser.open(link)
            return True
        bound = stack.enter_context(listen(settings))
        settings = stack.enter_context(_with_redis(_at(settings, bound)))
        _prepare(settings)
        stack.enter_context(_papers(settings))
        worker = stack.enter_context(_worker(settings, say))
        return serve(
            settings,
            bound,
            lambda: _greet(settings, browser, say),
            # Beside the last answers, so that one Ctrl-C does not wait for both in turn.
            lambda: worker.ask_to_end() if worker else None,
        )


def run_serve(settings: Settings, say: Say) -> bool:
    """The server alone, beside workers that meet it in the database and Redis of the settings."""
    settings.make_data_folder()
    with ExitStack() as stack:
        bound = stack.enter_context(listen(settings))
        settings = stack.enter_context(_with_redis(_at(settings, bound)))
        _prepare(settings)
        stack.callback(withdraw, settings.data / ADDRESS, address(settings))
        return serve(settings, bound, lambda: _greet(settings, False, say))


def _at(settings: Settings, bound: socket.socket) -> Settings:
    """The settings with the port that was free."""
    return settings.model_copy(update={"port": bound.getsockname()[1]})


@contextmanager
def _with_redis(settings: Settings) -> Iterator[Settings]:
    if settings.redis_url.get_secret_value():
        yield settings
        return
    with Valkey(settings.data) as valkey:
        yield settings.model_copy(update={"redis_url": SecretStr(valkey.url)})


def _prepare(settings: Settings) -> None:
    """Tables of this release, and in laptop mode the one person with a token."""
    engine = open_database(settings.database)
    try:
        migrate(engine)
        if settings.mode == "laptop":
            keep_token(engine, settings.data)
    except (DBAPIError, OSError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        raise CannotPrepare(
            f"The database {engine.url.render_as_string()} cannot be prepared ({reason}). See that "
            "it is there, that its disk has room, and that this user may write to it."
        ) from None
    finally:
        engine.dispose()


@contextmanager
def _papers(settings: Settings) -> Iterator[None]:
    """Address and token lie in the folder as long as they lead somewhere: it is ours alone."""
    try:
        yield
    finally:
        withdraw(settings.data / ADDRESS, address(settings))
        if settings.mode == "laptop":
            engine = open_database(settings.database)
            with suppress(DBAPIError):  # the token of a folder that is gone opens nothing either
                end_token(engine, settings.data)
            engine.dispose()


def _answers(address: str) -> bool:
    try:
        asked = httpx.get(f"{address}/api/v1/health", timeout=HEALTH_SECONDS, trust_env=False)
    except (httpx.TransportError, httpx.InvalidURL):
        return False
    return asked.status_code == 200


def _greet(settings: Settings, browser: bool, say: Say) -> None:
    """The page answers: write down where, print the link, open it where there is a screen."""
    here = address(settings)
    write_private(settings.data / ADDRESS, here)
    link = _invite(settings, here, say)
    if link:
        say("Ctrl-C stops everything.")
    if link and browser and _has_screen():
        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()


def _invite(settings: Settings, here: str, say: Say) -> str | None:
    """Print the way in; the link that signs in without a word, where there is one person."""
    if settings.mode != "laptop":
        say(f"Gradus is ready at {here}")
        return None
    engine = open_database(settings.database)
    code = write(engine, lambda conn: sessions.launch_code(conn, laptop(conn)))
    engine.dispose()
    link = f"{here}/launch#{code}"
    say(f"Gradus is ready: {link}")
    say("The link is good once, for five minutes; `gradus up` in a second terminal gives another.")
    return link


def _has_screen() -> bool:
    if sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def _worker(settings: Settings, say: Say) -> Iterator["Keeper | None"]:
    """A worker beside the server, started again when it dies."""
    if not (importlib.util.find_spec("gradus_worker") and importlib.util.find_spec("torch")):
        say("No worker here: install `gradus[worker]`. Networks can be planned, not trained.")
        yield None
        return
    with (settings.data / "worker.log").open("ab") as log:
        keeper = Keeper(settings, log, say)
        try:
            yield keeper
        finally:
            keeper.stop()


class Keeper:
    """Keeps one worker running. Its output goes to `worker.log` in the data folder."""

    def __init__(self, settings: Settings, log: IO[bytes], say: Say) -> None:
        self._command = [sys.executable, "-m", "gradus_client", "work"]
        self._environment = os.environ | {
            "GRADUS_DATA": str(settings.data),
            "GRADUS_DATABASE_URL": settings.database,
            "GRADUS_REDIS_URL": settings.redis_url.get_secret_value(),
        }
        self._log = log
        self._say = say
        self._ended = threading.Event()
        self._worker = self._start()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._thread.start()

    def _start(self) -> Attended:
        return Attended(self._command, environment=self._environment, output=self._log)

    def _keep(self) -> None:
        while not self._ended.wait(RESTART_SECONDS):
            if not self._worker.running():
                self._say(f"The worker ended and is started again; see {self._log.name}.")
                self._worker = self._start()

    def ask_to_end(self) -> None:
        """Let it put away what it trains."""
        self._ended.set()
        self._thread.join()
        self._worker.ask_to_end()

    def stop(self) -> None:
        """The same, then end it."""
        self.ask_to_end()
        self._worker.stop(WORKER_GRACE)
