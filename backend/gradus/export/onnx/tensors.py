"""Numbers as they lie in a file, little-endian and row by row, without any array library."""

import json
import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FLOAT, INT64, BOOL, DOUBLE = 1, 7, 9, 11  # of onnx.TensorProto.DataType
TYPES = {"F32": FLOAT, "F64": DOUBLE, "I64": INT64}  # by their names in safetensors
LENGTH = 8  # bytes in front of the header


@dataclass(frozen=True, slots=True)
class Tensor:
    """`kind` is one of ONNX's types."""

    kind: int
    shape: tuple[int, ...]
    body: bytes | memoryview


def floats(values: Sequence[float], shape: Sequence[int] | None = None) -> Tensor:
    """Float32; in one row where no shape is given.

    >>> floats([0.5, -1.0]).body.hex()
    '0000003f000080bf'
    """
    return Tensor(FLOAT, _shape(values, shape), array("f", values).tobytes())


def doubles(values: Sequence[float], shape: Sequence[int] | None = None) -> Tensor:
    return Tensor(DOUBLE, _shape(values, shape), array("d", values).tobytes())


def integers(values: Sequence[int], shape: Sequence[int] | None = None) -> Tensor:
    """Int64; in one row where no shape is given."""
    return Tensor(INT64, _shape(values, shape), array("q", values).tobytes())


def _shape(values: Sequence[float], shape: Sequence[int] | None) -> tuple[int, ...]:
    found = (len(values),) if shape is None else tuple(shape)
    assert math.prod(found) == len(values)
    return found


def single(tensor: Tensor) -> Tensor:
    """The same as float32, which every ONNX runtime computes with; whole numbers stay."""
    if tensor.kind != DOUBLE:
        return tensor
    return floats(array("d", bytes(tensor.body)), tensor.shape)


def read(body: bytes) -> Mapping[str, Tensor]:
    """The tensors of a safetensors file by name. Raises ValueError for bytes that are none."""
    try:
        start = LENGTH + int.from_bytes(body[:LENGTH], "little")
        header = json.loads(body[LENGTH:start])
        header.pop("__metadata__", None)
        file = memoryview(body)[start:]
        return {name: _tensor(row, file) for name, row in header.items()}
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"no safetensors file: {fault}") from fault


def _tensor(row: Mapping[str, Any], file: memoryview) -> Tensor:
    start, end = row["data_offsets"]
    return Tensor(TYPES[row["dtype"]], tuple(row["shape"]), file[start:end])
