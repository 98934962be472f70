"""Curves as Parquet, read back by another's library."""

import io
from typing import Any

import numpy as np
import pyarrow.parquet as reader
import pytest

from gradus_runs.chunks import FLOATS, INTEGERS, Points
from gradus_server.parquet import parquet
from gradus_server.thrift import i32, i64


def points(count: int, start: int = 0) -> Points:
    steps = np.arange(start, start + count)
    return Points(
        first_step=steps,
        last_step=steps + 1,
        count=np.ones(count, np.int64),
        mean=steps / 7,
        min=-steps / 3,
        max=steps * 1e300,
        last=np.where(steps % 2 == 0, np.nan, np.inf),
    )


def read(body: bytes) -> Any:
    return reader.read_table(io.BytesIO(body))


@pytest.mark.parametrize("names", [1, 2, 3, 20, 300])
def test_every_point_of_every_series_comes_back(names: int) -> None:
    series = {f"part_{n}/loss·é": points(n % 5, n) for n in range(1, names + 1)}
    table = read(parquet(series, {"run": "run_1"}))
    assert table.column_names == ["series", *INTEGERS, *FLOATS]
    expected = [name for name, each in series.items() for _ in each.first_step]
    assert table["series"].to_pylist() == expected
    for column in (*INTEGERS, *FLOATS):
        values = np.concatenate([getattr(each, column) for each in series.values()])
        assert np.array_equal(table[column].to_numpy(), values, equal_nan=column in FLOATS)


def test_a_large_table_is_small_in_the_file() -> None:
    body = parquet({"train/loss": points(100_000)}, {})
    assert read(body).num_rows == 100_000
    assert len(body) < 100_000 * 7 * 8 / 2


@pytest.mark.parametrize("series", [{}, {"train/loss": points(0)}])
def test_a_run_without_a_point_is_an_empty_table(series: dict[str, Points]) -> None:
    table = read(parquet(series, {}))
    assert (table.num_rows, table.column_names) == (0, ["series", *INTEGERS, *FLOATS])


def test_the_file_says_what_it_is_of() -> None:
    table = read(parquet({"train/loss": points(3)}, {"run": "run_1", "step": "7"}))
    assert table.schema.metadata == {b"run": b"run_1", b"step": b"7"}


def test_the_same_curves_are_the_same_bytes() -> None:
    assert parquet({"a": points(9)}, {"run": "r"}) == parquet({"a": points(9)}, {"run": "r"})


def test_numbers_are_written_as_thrift_has_them() -> None:
    assert [i32(each).body.hex() for each in (0, -1, 1, 150)] == ["00", "01", "02", "ac02"]
    assert i64(-(2**40)).body.hex() == "ffffffffff3f"
