"""Frames: pictures of a network as the server sends them, without NumPy.

`u32 little-endian head length`, msgpack head, body; docs/architecture.md has the layout.
"""

import math
import struct
from dataclasses import dataclass
from typing import Any

import msgpack

VERSION = 1
CODES = {"u8": "B", "i4": "i", "f2": "e", "f4": "f"}


@dataclass(frozen=True, slots=True)
class Array:
    """One array of a frame: `values` in row-major order under `shape`."""

    name: str
    shape: tuple[int, ...]
    values: list[float]


@dataclass(frozen=True, slots=True)
class Frame:
    head: dict[str, Any]  # v, run, probe, kind, step, epoch, meta, arrays
    arrays: dict[str, Array]

    @property
    def step(self) -> int:
        return int(self.head["step"])


def decode(content: bytes) -> Frame:
    """Takes a frame apart.

    Raises:
        ValueError: the bytes are no frame of version 1.
    """
    try:
        (length,) = struct.unpack_from("<I", content)
        head = msgpack.unpackb(content[4 : 4 + length])
        body = memoryview(content)[4 + length :]
        return Frame(head, {entry["name"]: _array(entry, body) for entry in head["arrays"]})
    except (struct.error, LookupError, TypeError, ValueError) as fault:
        raise ValueError(f"these bytes are no frame of version {VERSION}: {fault!r}") from fault


def _array(entry: dict[str, Any], body: memoryview) -> Array:
    shape = tuple(int(side) for side in entry["shape"])
    count = math.prod(shape)
    raw = struct.unpack_from(f"<{count}{CODES[entry['dtype']]}", body, entry["offset"])
    values = [float(value) for value in raw]
    if entry["dtype"] == "u8":
        values = _rescale(values, entry["low"], entry["high"])
    return Array(entry["name"], shape, values)


def _rescale(values: list[float], low: Any, high: Any) -> list[float]:
    """From 0 … 255 to low … high; bounds are one number, or one for each index of axis 0."""
    lows = low if isinstance(low, list) else [low]
    highs = high if isinstance(high, list) else [high]
    stride = max(1, len(values) // len(lows))
    return [
        lows[index // stride] + value / 255 * (highs[index // stride] - lows[index // stride])
        for index, value in enumerate(values)
    ]
