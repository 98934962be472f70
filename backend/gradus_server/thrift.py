"""Thrift's compact protocol, as much as the heads of a Parquet file are written with.

A struct is a dictionary from the numbers of its fields to bytes with their type.
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12


@dataclass(frozen=True, slots=True)
class Value:
    """What a field or an element of a list holds."""

    type: int
    body: bytes


def i32(value: int) -> Value:
    return Value(I32, _zigzag(value))


def i64(value: int) -> Value:
    return Value(I64, _zigzag(value))


def text(value: str) -> Value:
    body = value.encode()
    return Value(BINARY, varint(len(body)) + body)


def items(values: Sequence[Value]) -> Value:
    """A list, whose elements are of one type; one without any is of structs."""
    size, type = len(values), values[0].type if values else STRUCT
    head = bytes([size << 4 | type]) if size < 15 else bytes([0xF0 | type]) + varint(size)
    return Value(LIST, head + b"".join(each.body for each in values))


def struct(fields: Mapping[int, Value]) -> Value:
    """The numbers ascend, by less than sixteen from one to the next."""
    body, before = b"", 0
    for number, value in fields.items():
        body += bytes([number - before << 4 | value.type]) + value.body
        before = number
    return Value(STRUCT, body + b"\0")


def varint(value: int) -> bytes:
    """Seven bits a byte, the least first.

    >>> varint(300).hex()
    'ac02'
    """
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _zigzag(value: int) -> bytes:
    return varint(value << 1 if value >= 0 else ~(value << 1))
