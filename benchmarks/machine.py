"""The machine and the sources that a figure belongs to, in one line."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path


def describe() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{platform.node()}, {_processor()}, {cores} cores, {platform.system()}, "
        f"CPython {platform.python_version()}, torch {version('torch')}, "
        f"load {os.getloadavg()[0]:.1f} at the start; commit {_commit()}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return f"{line.partition(':')[2].strip()} ({platform.machine()})"
    return platform.processor() or platform.machine()


def _commit() -> str:
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "unknown"
