"""What the processes of a worker call themselves and each other."""

import os
import secrets
import socket
from pathlib import Path

from gradus_runs.settings import Settings


def host() -> str:
    """This machine's name, without what separates the parts of a holder's name."""
    return socket.gethostname().replace(":", "_")[:64]


def holder_name() -> str:
    """`host:pid:token`; the token tells a child from a later one with the same process id."""
    return f"{host()}:{os.getpid()}:{secrets.token_hex(4)}"


def notes_folder(current: Settings, parent: int) -> Path:
    """Where the children of the worker with process id `parent` keep their notes."""
    return current.data / "run" / f"{host()}-{parent}"


def compile_folder(current: Settings) -> Path:
    """Where children write which steps they want compiled."""
    return current.data / "compile"
