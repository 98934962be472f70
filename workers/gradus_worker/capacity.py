"""How many children a worker has, with how many threads, on which device."""

import math
import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from gradus_runs.settings import Settings
from gradus_worker.container import Limits, limits

MEMORY_SHARE = 0.8  # of the machine, for all children together


@dataclass(frozen=True, slots=True)
class Capacity:
    device: str
    children: int
    threads: int


def capacity(settings: Settings) -> Capacity:
    """What the settings say, and what suits this machine where they say nothing.

    On a CPU at least two children of one thread each, so that a warm sibling takes over from a
    dead one; on a GPU one child. Asks no torch: the parent process calls this.
    """
    device = _device(settings.device)
    on_cpu = device == "cpu"
    children = settings.children or (max(2, cores() - 1) if on_cpu else 1)
    threads = settings.threads or (1 if on_cpu else max(1, cores() // children))
    return Capacity(device, children, threads)


def cores(allowed: Limits | None = None) -> int:
    """Whole cores that this process may use, at least 1; a container's limit counts."""
    allowed = allowed or limits()
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, int(min(here or 1, allowed.cores or math.inf)))


def memory(allowed: Limits | None = None) -> int:
    """Bytes of memory that this machine has, or the container allows."""
    allowed = allowed or limits()
    whole: int = psutil.virtual_memory().total
    return min(whole, allowed.memory or whole)


def memory_of_each(children: int) -> int:
    """Bytes that one of this many children may use."""
    return round(memory() * MEMORY_SHARE / children)


def _device(wanted: str) -> str:
    if wanted != "auto":
        return wanted
    # The driver's own file: asking torch would load it into the light parent.
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "unset") in ("", "-1")
    return "cuda" if Path("/proc/driver/nvidia/version").exists() and not hidden else "cpu"
