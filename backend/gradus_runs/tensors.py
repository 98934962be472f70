"""The header of a safetensors file, read without trust: names, kinds and places of its tensors.

The format: eight bytes with the header's length, little-endian; the header, a JSON object; then
the numbers, without a hole (https://github.com/huggingface/safetensors).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

LENGTH = 8  # bytes in front of the header
HEADER = 16 * 1024 * 1024  # bytes that it may have: a hundred thousand tensors with long names
TENSORS = 100_000
RANK = 8
NAME = 400
# Bytes of one number. Those of 4 bits and their like are in no file that a network starts from.
SIZES = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1,
}  # fmt: skip
CHUNK = 1 << 22  # numbers looked at in one go


class Unreadable(ValueError):
    """No safetensors file, or not a whole one; the message says why."""


class NotFinite(ValueError):
    """A tensor holds NaN or infinity; the message is its name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One tensor; `start` and `end` are bytes into what follows the header."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


def header_length(head: bytes, size: int) -> int:
    """Bytes of the header, from the first eight of a file of `size` bytes. Raises Unreadable."""
    length = int.from_bytes(head[:LENGTH], "little")
    if len(head) < LENGTH or length > size - LENGTH:
        raise Unreadable("it ends before its header does")
    if not 2 <= length <= HEADER:
        raise Unreadable(f"its header would have {length} bytes")
    return length


def entries(head: bytes, size: int) -> dict[str, Entry]:
    """The tensors by name. `head` is the file up to the end of its header, `size` all its bytes.

    Raises Unreadable.
    """
    length = header_length(head, size)
    try:
        header = json.loads(head[LENGTH : LENGTH + length], object_pairs_hook=_once)
    except (ValueError, RecursionError) as fault:
        raise Unreadable("its header is no JSON") from fault
    if not isinstance(header, dict):
        raise Unreadable("its header is no object")
    header.pop("__metadata__", None)
    if not 1 <= len(header) <= TENSORS:
        raise Unreadable(f"it has {len(header)} tensors")
    found = {name: _entry(name, row) for name, row in header.items()}
    place = 0
    for entry in sorted(found.values(), key=lambda each: (each.start, each.end)):
        if entry.start != place:
            raise Unreadable("its tensors overlap, or leave holes")
        place = entry.end
    if LENGTH + length + place != size:
        raise Unreadable("it has not as many bytes as its tensors")
    return found


def check_finite(body: bytes, tensors: Mapping[str, Entry]) -> None:
    """Raises NotFinite for the first tensor that holds something else than numbers."""
    first = LENGTH + header_length(body, len(body))
    for name, entry in tensors.items():
        if entry.dtype not in ("F64", "F32", "F16", "BF16"):
            continue
        for numbers in _chunks(
            memoryview(body)[first + entry.start : first + entry.end], entry.dtype
        ):
            if not np.isfinite(numbers).all():
                raise NotFinite(name)


def _chunks(body: memoryview, dtype: str) -> Iterator[Any]:
    step = CHUNK * SIZES[dtype]
    for start in range(0, len(body), step):
        part = body[start : start + step]
        if dtype == "BF16":  # the upper half of a float32
            yield (np.frombuffer(part, "<u2").astype("<u4") << 16).view("<f4")
        else:
            yield np.frombuffer(part, f"<f{SIZES[dtype]}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _entry(name: str, row: Any) -> Entry:
    if not 1 <= len(name) <= NAME or not name.isprintable():
        raise Unreadable("the name of a tensor is empty, too long or cannot be printed")
    if not isinstance(row, dict) or row.keys() != {"dtype", "shape", "data_offsets"}:
        raise Unreadable(f"{name} does not say its dtype, shape and data_offsets")
    dtype, shape, place = row["dtype"], row["shape"], row["data_offsets"]
    if not isinstance(dtype, str) or dtype not in SIZES:
        raise Unreadable(f"{name} is of a dtype that is not known here")
    if not _sizes(shape) or len(shape) > RANK or not _sizes(place) or len(place) != 2:
        raise Unreadable(f"{name} has no shape or no place")
    if place[1] - place[0] != prod(shape) * SIZES[dtype]:
        raise Unreadable(f"{name} has not as many bytes as its shape says")
    return Entry(dtype, tuple(shape), place[0], place[1])


def _sizes(value: Any) -> bool:
    return isinstance(value, list) and all(
        type(each) is int and 0 <= each < 2**48 for each in value
    )
