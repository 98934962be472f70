"""What a container may use: the limits of control groups, version 2, on the way to the root.

Source: the kernel's documentation of cgroup v2, `cpu.max` and `memory.max`. A folder without
these files (another system, or version 1) sets no limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")


@dataclass(frozen=True, slots=True)
class Limits:
    """Cores as a fraction, memory in bytes; None where nothing limits it."""

    cores: float | None = None
    memory: int | None = None


def limits(root: Path = ROOT, own: Path = OWN) -> Limits:
    """The narrowest limits of the groups that this process is in."""
    folders = [root, *_below(root, own)]
    cores = [share for folder in folders if (share := _cores(folder / "cpu.max"))]
    memory = [size for folder in folders if (size := _bytes(folder / "memory.max"))]
    return Limits(min(cores, default=None), min(memory, default=None))


def _below(root: Path, own: Path) -> Iterator[Path]:
    """Each folder from the root down to the process's own, `0::/a/b`."""
    line = next((line for line in _text(own).splitlines() if line.startswith("0::/")), "")
    folder = root
    for name in Path(line.removeprefix("0::/")).parts:
        folder /= name
        yield folder


def _cores(file: Path) -> float | None:
    """`<quota> <period>` in microseconds, or `max <period>`."""
    quota, _, period = _text(file).partition(" ")
    return int(quota) / int(period) if quota.isdecimal() else None


def _bytes(file: Path) -> int | None:
    size = _text(file)
    return int(size) if size.isdecimal() else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return ""
