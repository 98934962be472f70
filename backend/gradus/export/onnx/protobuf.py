"""Protocol Buffers, as much as a file is written with: fields by number, one behind the other.

A message is a list of pieces, put together once at the end, so that weights are copied only once.
https://protobuf.dev/programming-guides/encoding
"""

import struct

Piece = bytes | memoryview
Message = list[Piece]

VARINT, LENGTH, FLOAT = 0, 2, 5  # how a field's value is laid down


def varint(value: int) -> bytes:
    """Seven bits a byte, the least first; a negative number as 64 bits.

    >>> varint(300).hex()
    'ac02'
    """
    left = value & 0xFFFF_FFFF_FFFF_FFFF
    found = bytearray()
    while left > 0x7F:
        found.append(left & 0x7F | 0x80)
        left >>= 7
    found.append(left)
    return bytes(found)


def integer(number: int, value: int) -> Message:
    return [varint(number << 3 | VARINT), varint(value)]


def real(number: int, value: float) -> Message:
    return [varint(number << 3 | FLOAT), struct.pack("<f", value)]


def text(number: int, value: str) -> Message:
    return blob(number, value.encode())


def blob(number: int, body: Piece) -> Message:
    return [varint(number << 3 | LENGTH), varint(len(body)), body]


def nested(number: int, *fields: Message) -> Message:
    """A message within a message."""
    pieces = [piece for each in fields for piece in each]
    size = sum(len(piece) for piece in pieces)
    return [varint(number << 3 | LENGTH), varint(size), *pieces]
