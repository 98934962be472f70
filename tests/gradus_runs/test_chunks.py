"""Series as packed columns: exact round trips, rewinds, and thinning that loses no extreme."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from gradus_runs import chunks, jobs, log
from gradus_runs.actor import Actor
from gradus_runs.chunks import Points, Rewind, join, pack, surviving, thin, unpack
from gradus_runs.database import reading, writing
from gradus_runs.log import Entry
from tests.gradus_runs.plans import claim_run, make_run, metrics, steps

WHOLE = st.integers(-(2**63), 2**63 - 1)
NUMBER = st.floats(width=64)
ROW = st.tuples(WHOLE, WHOLE, WHOLE, NUMBER, NUMBER, NUMBER, NUMBER)


def points_of(rows: list[tuple[float, ...]]) -> Points:
    columns = list(zip(*rows, strict=True)) or [()] * 7
    return Points(
        *(np.array(c, "<i8") for c in columns[:3]), *(np.array(c, "<f8") for c in columns[3:])
    )


@given(st.lists(ROW, max_size=30))
def test_unpack_reverses_pack_to_the_bit(rows: list[tuple[float, ...]]) -> None:
    points = points_of(rows)
    again = unpack(pack(points))
    for name in (*chunks.INTEGERS, *chunks.FLOATS):
        assert getattr(again, name).tobytes() == getattr(points, name).tobytes()


@given(st.lists(ROW, max_size=10))
def test_json_reverses_too_but_for_the_kinds_of_nan(rows: list[tuple[float, ...]]) -> None:
    points = points_of(rows)
    again = Points.from_json(points.to_json())
    for name in (*chunks.INTEGERS, *chunks.FLOATS):
        np.testing.assert_array_equal(getattr(again, name), getattr(points, name))


def test_chunk_is_seven_little_endian_columns() -> None:
    body = pack(steps(258, 1.0))
    assert body[:8] == bytes([2, 1, 0, 0, 0, 0, 0, 0])
    assert len(body) == 56


def test_unknown_formats_and_cut_chunks_are_refused() -> None:
    with pytest.raises(ValueError, match="format 9"):
        unpack(b"", 9)
    with pytest.raises(ValueError, match="57 bytes"):
        unpack(bytes(57))


def test_without_rewinds_epochs_follow_each_other() -> None:
    points = surviving([(1, steps(1, 1, 2)), (3, steps(3, 3))], [])
    assert points.mean.tolist() == [1, 2, 3]


def test_rewind_drops_older_points_behind_its_step() -> None:
    whole = surviving([(1, steps(1, 1, 2, 3, 4)), (2, steps(3, 30, 40, 50))], [Rewind(2, 2)])
    assert whole.first_step.tolist() == [1, 2, 3, 4, 5]
    assert whole.mean.tolist() == [1, 2, 30, 40, 50]


def test_rewind_leaves_its_own_epoch_alone() -> None:
    assert len(surviving([(2, steps(1, 1, 2, 3))], [Rewind(2, 0)])) == 3


def test_second_rewind_reaches_behind_the_first() -> None:
    stretches = [(1, steps(1, 1, 1, 1, 1)), (2, steps(4, 2, 2)), (5, steps(2, 5, 5))]
    whole = surviving(stretches, [Rewind(2, 3), Rewind(5, 1)])
    assert whole.first_step.tolist() == [1, 2, 3]
    assert whole.mean.tolist() == [1, 5, 5]


def test_newer_epoch_counts_where_both_measured_a_step() -> None:
    assert surviving([(1, steps(0, 1.0)), (2, steps(0, 2.0))], []).mean.tolist() == [2.0]


def test_thinning_joins_neighbours_on_powers_of_two() -> None:
    thinned = thin(steps(0, *range(100)), 30)
    assert thinned.first_step.tolist() == list(range(0, 100, 4))
    assert thinned.last_step[:2].tolist() == [3, 7]
    assert thinned.mean[0] == 1.5
    assert thinned.last[0] == 3


def test_thinning_keeps_a_break_visible_without_hiding_extremes() -> None:
    thinned = thin(steps(0, 1.0, math.nan, 5.0, math.inf, -2.0, 0.0, math.nan, math.nan), 2)
    assert thinned.min.tolist() == [1.0, -2.0]
    assert thinned.max.tolist() == [math.inf, 0.0]
    assert np.isnan(thinned.mean).all()


@given(
    st.lists(st.floats(width=64), min_size=1, max_size=200),
    st.lists(st.integers(1, 50), min_size=200, max_size=200),
    st.integers(1, 50),
)
def test_thinning_covers_every_step_and_every_extreme(
    values: list[float], gaps: list[int], limit: int
) -> None:
    number = np.cumsum(gaps[: len(values)])
    column = np.array(values)
    whole = Points(number, number, np.ones_like(number), column, column, column, column)
    thinned = thin(whole, limit)
    assert len(thinned) <= max(limit, 1)
    assert thinned.count.sum() == len(values)
    assert thinned.first_step[0] == number[0]
    assert thinned.last_step[-1] == number[-1]
    assert np.isnan(thinned.mean).any() >= np.isnan(column).any()
    if not np.isnan(column).all():
        assert np.nanmin(thinned.min) == np.nanmin(column)
        assert np.nanmax(thinned.max) == np.nanmax(column)


def test_thinning_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 points"):
        thin(steps(1, 1.0), 0)


def test_series_is_read_whole_after_a_crash(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    first = claim_run(database, "first").claim
    with writing(database) as conn:
        log.append(conn, run.id, [metrics(2, loss=steps(1, 1, 2))], claim=first)
        log.append(conn, run.id, [metrics(4, loss=steps(3, 3, 4), other=steps(4, 9))], claim=first)
        jobs.lose(conn, "first", None)
    second = claim_run(database, "second").claim
    with writing(database) as conn:
        rewind = Entry("rewind", {"to_step": 2, "reason": "child_lost"})
        log.append(conn, run.id, [rewind], claim=second)
        log.append(conn, run.id, [metrics(5, loss=steps(3, 30, 40, 50))], claim=second)
    with reading(database) as conn:
        assert chunks.names(conn, run.id) == ["loss", "other"]
        found = chunks.series(conn, run.id, ["loss", "missing"])
        assert found["loss"].mean.tolist() == [1, 2, 30, 40, 50]
        assert len(found["missing"]) == 0
        assert len(chunks.series(conn, run.id)["other"]) == 0
        assert len(chunks.series(conn, run.id, ["loss"], points=3)["loss"]) <= 3


def test_joining_nothing_is_no_points() -> None:
    assert len(join([])) == 0
