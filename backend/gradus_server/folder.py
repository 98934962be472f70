"""The data folder of a server: its lock, its address and its token, for nobody else to read."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine

from gradus_runs import tokens
from gradus_runs.actor import laptop
from gradus_runs.database import reading, writing
from gradus_runs.errors import Unauthorized

ADDRESS = "address"
TOKEN = "token"


class FolderInUse(RuntimeError):
    """Another `gradus up` works in this folder; `address` is where, empty while it starts."""

    def __init__(self, folder: Path, address: str) -> None:
        self.address = address
        place = f" at {address}" if address else ""
        super().__init__(
            f"Gradus already runs{place} with its data in {folder}, and does not answer now. Try "
            "again in a moment, stop the other one, or name another folder in GRADUS_DATA."
        )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for the length of the block; the lock ends with the process, however it ends.

    Raises FolderInUse.
    """
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(folder, _line(folder / ADDRESS)) from None
        yield


def keep_token(engine: Engine, folder: Path) -> str:
    """The laptop's bearer token: the one in the folder while it opens, else a new one."""
    path = folder / TOKEN
    kept = _line(path)
    if kept and _opens(engine, kept):
        return kept
    with writing(engine) as conn:
        actor = laptop(conn)
        _, text = tokens.mint(conn, actor, name="laptop", scopes=actor.scopes)
    write_private(path, text)
    return text


def end_token(engine: Engine, folder: Path) -> None:
    """The laptop's token opens nothing any more, and is gone from the folder."""
    path = folder / TOKEN
    with suppress(Unauthorized), writing(engine) as conn:
        tokens.end(conn, _line(path))
    path.unlink(missing_ok=True)


def _opens(engine: Engine, token: str) -> bool:
    try:
        with reading(engine) as conn:
            tokens.find(conn, token)
    except Unauthorized:
        return False
    return True


def write_private(path: Path, text: str) -> None:
    """One line that its owner alone can read, whole or not there."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
    partial.rename(path)


def withdraw(path: Path, text: str) -> None:
    """Remove what `write_private` wrote, unless another process has replaced it."""
    if _line(path) == text:
        path.unlink(missing_ok=True)


def _line(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
