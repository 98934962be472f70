"""Frames: pictures of now, as bytes.

u32 little-endian length of the head, the head in msgpack, the body. An array is stored as it
is (f2, f4, i4) or as u8 between `low` and `high`, one pair or one for each index of axis 0.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np
from numpy.typing import NDArray

VERSION = 1
DTYPES: dict[str, np.dtype[Any]] = {
    "u8": np.dtype("u1"),
    "f2": np.dtype("<f2"),
    "f4": np.dtype("<f4"),
    "i4": np.dtype("<i4"),
}
LENGTH = struct.Struct("<I")


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """Floats that travel as u8: a quarter of float32, for what is looked at and not computed with.

    `each` gives every index of axis 0 its own range. Values that are not finite are drawn as
    the nearest end of the range, NaN as its low end.
    """

    values: NDArray[Any]
    each: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A decoded frame; u8 arrays are back in their range, as float32."""

    head: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


def encode(head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any] | Scaled]) -> bytes:
    """A frame; `head` holds run, probe, kind, step, epoch and meta, without floats that are NaN.

    float16, float32 and int32 keep their type, float64 becomes float32, bool and other
    integers int32. Raises ValueError for other types and for integers beyond 32 bits.
    """
    described: list[dict[str, Any]] = []
    parts: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        row, stored = _scale(array) if isinstance(array, Scaled) else _plain(name, array)
        described.append({"name": name, "offset": offset, **row})
        parts.append(stored)
        offset += len(stored)
    packed = msgpack.packb({**head, "v": VERSION, "arrays": described})
    return b"".join((LENGTH.pack(len(packed)), packed, *parts))


def _plain(name: str, array: NDArray[Any]) -> tuple[dict[str, Any], bytes]:
    kind = _kind(name, array)
    stored = np.ascontiguousarray(array, dtype=DTYPES[kind])
    row = {"shape": list(array.shape), "dtype": kind, "low": None, "high": None}
    return row, stored.tobytes()


def _kind(name: str, array: NDArray[Any]) -> str:
    if array.dtype == np.float16:
        return "f2"
    if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
        return "f4"
    if array.dtype.kind not in "biu":
        raise ValueError(f"Array {name!r} is {array.dtype}; a frame holds real numbers only.")
    if array.size and (array.min() < -(2**31) or array.max() >= 2**31):
        raise ValueError(f"Array {name!r} holds integers beyond 32 bits.")
    return "i4"


def _scale(scaled: Scaled) -> tuple[dict[str, Any], bytes]:
    values = scaled.values
    count = values.shape[0] if scaled.each else 1
    rows = values.astype(np.float64).reshape(count, values.size // max(1, count))
    low, high = _ends(rows)
    span = np.where(high > low, high - low, 1.0)
    unit = np.nan_to_num((rows - low[:, None]) / span[:, None], nan=0.0)
    stored = np.rint(np.clip(unit, 0.0, 1.0) * 255).astype(np.uint8)
    bounds = [low.tolist(), high.tolist()] if scaled.each else [float(low[0]), float(high[0])]
    row = {"shape": list(values.shape), "dtype": "u8", "low": bounds[0], "high": bounds[1]}
    return row, stored.tobytes()


def _ends(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least and greatest finite value of each row; 0 where a row has none."""
    finite = np.isfinite(rows)
    some = finite.any(axis=1)
    low = np.where(finite, rows, np.inf).min(axis=1, initial=np.inf)
    high = np.where(finite, rows, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(some, low, 0.0), np.where(some, high, 0.0)


def decode(frame: bytes) -> Frame:
    """The reverse of `encode`; raises ValueError for bytes that are no whole frame."""
    if len(frame) < LENGTH.size:
        raise ValueError(f"A frame of {len(frame)} bytes has no head.")
    (length,) = LENGTH.unpack_from(frame)
    start = LENGTH.size + length
    if start > len(frame):
        raise ValueError(f"A frame's head of {length} bytes ends behind its {len(frame)} bytes.")
    head = msgpack.unpackb(frame[LENGTH.size : start])
    body = memoryview(frame)[start:]
    return Frame(head, {row["name"]: _array(row, body) for row in head["arrays"]})


def _array(row: Mapping[str, Any], body: memoryview) -> NDArray[Any]:
    shape, dtype = tuple(row["shape"]), DTYPES[row["dtype"]]
    size = int(np.prod(shape, dtype=np.int64))
    if row["offset"] + size * dtype.itemsize > len(body):
        raise ValueError(f"Array {row['name']!r} ends behind its frame.")
    stored = np.frombuffer(body, dtype, size, row["offset"]).reshape(shape)
    if row["dtype"] != "u8":
        return stored
    low, high = np.asarray(row["low"]), np.asarray(row["high"])
    each = (-1,) + (1,) * (len(shape) - 1) if low.ndim else ()
    low, high = low.reshape(each), high.reshape(each)
    return np.asarray(low + stored / 255.0 * (high - low), dtype=np.float32)
