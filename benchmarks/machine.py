"""The machine that a figure belongs to, in one line."""

import os
import platform
from importlib.metadata import version


def describe() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{platform.machine()}, {cores} cores, {platform.system()}, "
        f"CPython {platform.python_version()}, torch {version('torch')}"
    )
