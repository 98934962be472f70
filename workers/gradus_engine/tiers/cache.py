"""Compiled steps on this machine, by their structure.

Native code of one user on one machine: it is looked for in that user's own cache alone, and an entry
that is damaged, or that somebody else could have written, is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gradus_engine.dense import cache as loops

if TYPE_CHECKING:
    from gradus_engine.session import Session
    from gradus_engine.tiers.gradient import StaticGradient

PACKAGE = Path(__file__).parent.parent
MOST = 128  # three megabytes each
WORK = "work-"  # begins the names of folders in which something is being compiled
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Told:
    """What the process that compiled a step has measured, in computing seconds.

    `ratio` is how many times as fast a step is as a plain one, 0 where it could not be compiled,
    and `error` then says why. `digest` is the SHA-256 of the code.
    """

    key: str
    digest: str = ""
    ratio: float = 0.0
    plain_seconds: float = 0.0
    compile_seconds: float = 0.0
    load_seconds: float = 0.0
    error: str = ""


def folder() -> Path:
    """Where all of them lie."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "gradus" / "steps"


def code(key: str) -> Path:
    return folder() / key / "step.pt2"


def _report(key: str) -> Path:
    return folder() / key / "told.json"


def key_of(session: Session, gradient: StaticGradient) -> str:
    """Changes with everything that the code of a session's gradient depends on."""
    resolved, dataset = session.plan.resolved, session.plan.dataset
    assert dataset is not None
    identity = session.identity()
    structure = {
        "network": [resolved[name] for name in ("network", "tie") if name in resolved],
        "losses": resolved["train"]["losses"],
        "data": [dataset.task, len(dataset.classes)],
        "forms": [str(form) for form in gradient.forms],
        "identity": {name: identity[name] for name in identity.keys() - {"tier", "update"}},
        "machine": loops.folder().name,
        "sources": _sources(),
    }
    return hashlib.sha256(json.dumps(structure, sort_keys=True).encode()).hexdigest()[:32]


@cache
def _sources() -> str:
    """Of the engine: a layer whose code changes has other steps."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def told(key: str) -> Told | None:
    """What is known of a step here; None where nobody has tried to compile it, or in vain."""
    try:
        found = Told(**json.loads(_report(key).read_text()))
        whole = bool(found.error) or _digest(code(key)) == found.digest
        own = _own(_report(key)) and (bool(found.error) or _own(code(key)))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.key == key and whole and own else None


def ready(key: str) -> Path | None:
    """The code of a step, where it is whole and this user's own."""
    found = told(key)
    return None if found is None or found.error else code(key)


def keep(found: Told) -> None:
    """Write down what is told of a step whose code, if any, lies there already; the oldest of too
    many are forgotten."""
    path = _report(found.key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(found)))
    draft.rename(path)
    kept = sorted(folder().glob("*/told.json"), key=lambda each: each.stat().st_mtime)
    for old in kept[:-MOST]:
        shutil.rmtree(old.parent, ignore_errors=True)
    for left in folder().glob(f"{WORK}*"):  # by a compiler that was killed
        if left.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(left, ignore_errors=True)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _own(path: Path) -> bool:
    """Whether nobody else may write it."""
    status = path.stat()
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
