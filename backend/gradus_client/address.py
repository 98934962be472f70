"""Where the server is and which token opens it, found as a person would expect.

`gradus up` and `gradus serve` leave `address` and `token` in the data folder. The token of the
folder goes to the server of the folder only: another `GRADUS_URL` needs its own `GRADUS_TOKEN`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = "8765"


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    token: str | None


def find(environment: Mapping[str, str] = os.environ) -> Address:
    """`GRADUS_URL` and `GRADUS_TOKEN`, else what the data folder says, else this machine."""
    folder = data_folder(environment)
    port = environment.get("GRADUS_PORT") or DEFAULT_PORT
    local = _line(folder / "address") or f"http://127.0.0.1:{port}"
    url = (environment.get("GRADUS_URL") or local).rstrip("/")
    token = environment.get("GRADUS_TOKEN")
    if token is None and url == local.rstrip("/"):
        token = _line(folder / "token")
    return Address(url, token)


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """`GRADUS_DATA`, or `gradus` in the data home of the XDG base directory specification."""
    if named := environment.get("GRADUS_DATA"):
        return Path(named).expanduser()
    home = environment.get("XDG_DATA_HOME", "")
    base = Path(home) if os.path.isabs(home) else Path.home() / ".local" / "share"
    return base / "gradus"


def _line(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
