"""Curves as a Parquet file: one table, a row a point, the columns of the CSV.

Written by hand: the table is flat and nothing in it is missing, so the file is seven columns of
numbers and two heads, where a library that writes any Parquet weighs 170 MB.
https://parquet.apache.org/docs/file-format
"""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradus_runs.chunks import FLOATS, INTEGERS, Points
from gradus_server.thrift import Value, i32, i64, items, struct, text, varint

MAGIC = b"PAR1"
INT64, DOUBLE, BYTES = 2, 5, 6  # types of a column
DATA, DICTIONARY = 0, 2  # types of a page
PLAIN, RLE, RLE_DICTIONARY = 0, 3, 8  # how a page is written
GZIP = 2
REQUIRED = 0
UTF8 = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One column of N values as they are written, its pages not yet compressed."""

    name: str
    type: int
    values: bytes
    encoding: int = PLAIN
    dictionary: bytes = b""
    words: int = 0  # in the dictionary


def parquet(series: Mapping[str, Points], metadata: Mapping[str, str]) -> bytes:
    """The file; `metadata` stands in it as keys and values."""
    counts = {name: len(points.first_step) for name, points in series.items()}
    columns = [_names(counts), *_numbers(list(series.values()))]
    rows = sum(counts.values())
    body, chunks = bytearray(MAGIC), []
    for column in columns if rows else ():
        chunks.append(_chunk(column, rows, body))
    foot = struct(
        {
            1: i32(1),
            2: items([_root(len(columns)), *map(_schema, columns)]),
            3: i64(rows),
            4: items([_group(chunks, rows, len(body))] if rows else []),
            5: items([struct({1: text(key), 2: text(said)}) for key, said in metadata.items()]),
            6: text("gradus"),
        }
    ).body
    return bytes(body) + foot + len(foot).to_bytes(4, "little") + MAGIC


def _names(counts: Mapping[str, int]) -> Column:
    """The series of each point: its place among the names, in runs of one and the same."""
    words = [name.encode() for name in counts]
    bits = max(1, (len(words) - 1).bit_length())
    width = -(-bits // 8)
    runs = [
        varint(count << 1) + place.to_bytes(width, "little")
        for place, count in enumerate(counts.values())
        if count
    ]
    spelled = b"".join(len(word).to_bytes(4, "little") + word for word in words)
    values = bytes([bits]) + b"".join(runs)
    return Column("series", BYTES, values, RLE_DICTIONARY, spelled, len(words))


def _numbers(points: Sequence[Points]) -> list[Column]:
    found = []
    for name in (*INTEGERS, *FLOATS):
        parts = [getattr(each, name) for each in points]
        type = INT64 if name in INTEGERS else DOUBLE
        values = np.concatenate(parts).tobytes() if parts else b""
        found.append(Column(name, type, values))
    return found


def _root(columns: int) -> Value:
    return struct({4: text("schema"), 5: i32(columns)})


def _schema(column: Column) -> Value:
    fields = {1: i32(column.type), 3: i32(REQUIRED), 4: text(column.name)}
    if column.type == BYTES:
        fields |= {6: i32(UTF8), 10: struct({1: struct({})})}
    return struct(fields)


def _chunk(column: Column, rows: int, body: bytearray) -> Value:
    """The pages of a column, put behind `body`, and what the foot says of them."""
    start, plain = len(body), 0
    if column.dictionary:
        head = struct({1: i32(column.words), 2: i32(PLAIN)})
        plain += _page(body, DICTIONARY, 7, head, column.dictionary)
    first = len(body)
    levels = i32(RLE)  # of which there are none: every value is there
    head = struct({1: i32(rows), 2: i32(column.encoding), 3: levels, 4: levels})
    plain += _page(body, DATA, 5, head, column.values)
    encodings = [PLAIN, RLE, column.encoding] if column.dictionary else [PLAIN, RLE]
    said = {
        1: i32(column.type),
        2: items([i32(each) for each in encodings]),
        3: items([text(column.name)]),
        4: i32(GZIP),
        5: i64(rows),
        6: i64(plain),
        7: i64(len(body) - start),
        9: i64(first),
    }
    if column.dictionary:
        said[11] = i64(start)
    return struct({2: i64(start), 3: struct(said)})


def _page(body: bytearray, type: int, number: int, head: Value, values: bytes) -> int:
    """Puts a page behind `body`; answers its size if it were not compressed."""
    packed = gzip.compress(values, mtime=0)  # the same curves give the same bytes
    sizes = {1: i32(type), 2: i32(len(values)), 3: i32(len(packed)), number: head}
    header = struct(sizes).body
    body += header + packed
    return len(header) + len(values)


def _group(chunks: Sequence[Value], rows: int, size: int) -> Value:
    return struct({1: items(chunks), 2: i64(size), 3: i64(rows)})
