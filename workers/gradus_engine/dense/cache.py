"""Compiling the loop once, and keeping what was compiled.

Compiling takes twenty seconds of a core, so it is done ahead, in a process of its own
(`python -m gradus_engine.dense`); a process that trains only ever loads. Where nothing has been
compiled, or Numba is not installed, the loop is simply absent.
"""

import hashlib
import importlib.util
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
KERNELS = ("gradus_engine.dense.kernel", "gradus_engine.dense.single_pass")


@cache
def folder() -> Path:
    """Where the code lies that these very sources become on this very machine."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "gradus" / "loops" / _key()


def _key() -> str:
    """Changes with sources, their place, Python and the machine: Numba alone looks at one file."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.glob("*.py")):
        digest.update(f"{path}:{path.stat().st_mtime_ns}".encode() + path.read_bytes())
    digest.update(f"{sys.version}:{platform.machine()}:{_processor()}".encode())
    return digest.hexdigest()[:16]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor()
    lines = info.read_text().splitlines()
    return "".join(sorted({line for line in lines if line.startswith(("model name", "flags"))}))


def _stamp() -> Path:
    return folder() / "compiled"


def available() -> bool:
    """Whether the loop can be loaded without compiling anything."""
    return _installed() and os.path.exists(_stamp())


def ensure() -> bool:
    """Compile what is not compiled yet, here and now; False where Numba is not installed.

    Raises OSError where the folder cannot be written.
    """
    if not _installed():
        return False
    if not available():
        folder().mkdir(parents=True, exist_ok=True)
        for name in KERNELS:
            importlib.import_module(name)
        _stamp().touch()
    return True


def ensure_beside(begin: Callable[[], None] | None = None) -> subprocess.Popen[bytes] | None:
    """Let another process of low priority do that; None where there is nothing to do.

    It calls `begin` before all else.
    """
    if available() or not _installed():
        return None
    command = [sys.executable, "-m", "gradus_engine.dense"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=begin)


def _installed() -> bool:
    return importlib.util.find_spec("numba") is not None
