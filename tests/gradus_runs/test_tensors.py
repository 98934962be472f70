"""Headers of safetensors files, sound and hostile."""

import json
import struct

import numpy as np
import pytest

from gradus_runs.tensors import HEADER, Entry, NotFinite, Unreadable, check_finite, entries


def file(header, body=b"", length=None):
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(head) if length is None else length) + head + body


def row(start=0, end=8, dtype="F32", shape=(2,)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}


EIGHT = bytes(8)


def test_names_kinds_shapes_and_places_are_read():
    body = file({"b": row(8, 12, "F16"), "a": row(), "__metadata__": {"x": "y"}}, bytes(12))
    assert entries(body, len(body)) == {
        "b": Entry("F16", (2,), 8, 12),
        "a": Entry("F32", (2,), 0, 8),
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x08\0\0",
        file({"a": row()}, EIGHT, length=2**63),
        file({"a": row()}, EIGHT, length=HEADER + 1),
        file(b"{" * 4000, EIGHT),
        file(b"[" * 100_000 + b"]" * 100_000),
        file(b"[1, 2]", EIGHT),
        file(b'{"a": {}, "a": {}}'),
        file({}),
        file({"a": 3}, EIGHT),
        file({"a": {**row(), "more": 1}}, EIGHT),
        file({"a": row(dtype="F128")}, EIGHT),
        file({"a": row(dtype=["F32"])}, EIGHT),
        file({"a": row(shape=(3,))}, EIGHT),
        file({"a": row(shape=(-2, -1))}, EIGHT),
        file({"a": row(shape=(True, 2))}, EIGHT),
        file({"a": row(shape=(2.0,))}, EIGHT),
        file({"a": row(shape=(2,) + (1,) * 8)}, EIGHT),
        file({"a": row(2**52, 2**52 + 8)}, EIGHT),
        file({"a": row(0, 8), "b": row(4, 12)}, bytes(12)),
        file({"a": row(0, 8), "b": row(12, 20)}, bytes(20)),
        file({"a": row()}, bytes(9)),
        file({"a": row()}, bytes(7)),
        file({"": row()}, EIGHT),
        file({"a\n": row()}, EIGHT),
        file({"a" * 401: row()}, EIGHT),
    ],
)
def test_what_is_no_such_file_is_refused(body):
    with pytest.raises(Unreadable):
        entries(body, len(body))


def test_a_header_longer_than_its_bound_is_refused_before_it_is_parsed():
    with pytest.raises(Unreadable, match="header would have"):
        entries(struct.pack("<Q", HEADER + 1), 2**40)


@pytest.mark.parametrize(
    ("dtype", "bad"),
    [
        ("F32", np.float32("nan").tobytes()),
        ("F64", np.float64("inf").tobytes()),
        ("F16", np.float16("-inf").tobytes()),
        ("BF16", b"\xc0\x7f"),
    ],
)
def test_a_tensor_with_no_numbers_is_named(dtype, bad):
    body = file({"a": row(), "b": row(8, 8 + len(bad), dtype, (1,))}, EIGHT + bad)
    with pytest.raises(NotFinite, match="b"):
        check_finite(body, entries(body, len(body)))
    sound = file({"a": row(), "b": row(8, 8 + len(bad), dtype, (1,))}, EIGHT + bytes(len(bad)))
    check_finite(sound, entries(sound, len(sound)))
