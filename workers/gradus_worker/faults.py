"""Why a run failed, in words that are safe to show."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

log = logging.getLogger(__name__)

LONGEST = 300  # characters of a message


@dataclass(frozen=True, slots=True)
class Fault:
    """`reason` is the code under which the words are kept, `params` what they need."""

    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)


def fault_of(error: BaseException) -> Fault:
    """The fault behind an exception. Its traceback goes to the worker's log only."""
    log.error("a run failed", exc_info=error)
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or _allocation(error):
        return Fault("oom")
    return Fault("error", {"message": short(error)})


def _allocation(error: BaseException) -> bool:
    """The CPU's allocator raises a plain RuntimeError."""
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def short(error: BaseException) -> str:
    """The first line alone: what follows may hold paths of this machine."""
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}"[:LONGEST]
