"""Ids: a type prefix and a UUIDv7 in hex, so that the order of ids is the order of making.

Source: RFC 9562, section 5.7, with the 12 bits of `rand_a` as a counter (section 6.2, method 1).
"""

import secrets
import threading
import time

PREFIXES = frozenset(
    {"run", "job", "team", "user", "token", "control", "reference", "checkpoint", "share"}
    | {"worker", "inspect", "sweep"}
)


class Clock:
    """48 bits of milliseconds and a 12-bit counter, never twice the same, never going back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ticks = 0

    def tick(self) -> int:
        """The next value of `milliseconds << 12 | counter`; at most 4096 a millisecond on average."""
        with self._lock:
            self._ticks = max(self._ticks + 1, (time.time_ns() // 1_000_000) << 12)
            return self._ticks


_clock = Clock()


def uuid7_hex() -> str:
    """32 hex digits that grow within this process."""
    ticks = _clock.tick()
    high = (ticks >> 12) << 16 | 0x7000 | (ticks & 0xFFF)
    low = 0x8000_0000_0000_0000 | secrets.randbits(62)
    return f"{high:016x}{low:016x}"


def new_id(prefix: str) -> str:
    """A fresh id.

    >>> new_id("run")[:4]
    'run_'
    """
    if prefix not in PREFIXES:
        raise ValueError(f"No id starts with {prefix!r}; known are {', '.join(sorted(PREFIXES))}.")
    return f"{prefix}_{uuid7_hex()}"
