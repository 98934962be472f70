"""Blocks by rate, aligned so that those of two runs fit into each other."""

import pytest

from gradus_engine.block_size import BlockSize


def ends(rate, start=0, count=12):
    """Where the first blocks of a run end that goes at `rate` steps a second from `start` on."""
    size = BlockSize()
    size.measure(rate, 1.0)
    found, step = [], start
    for _ in range(count):
        step = size.end(step)
        found.append(step)
    return found


def test_the_first_block_is_one_step():
    assert BlockSize().end(0) == 1


@pytest.mark.parametrize("rate", [1, 20, 49, 50])
def test_up_to_50_steps_a_second_every_step_is_a_point(rate):
    assert ends(rate, start=7, count=4) == [8, 9, 10, 11]


@pytest.mark.parametrize(("rate", "size"), [(60, 2), (400, 8), (8000, 256)])
def test_above_there_are_25_to_50_points_a_second(rate, size):
    assert ends(rate, count=3) == [size, 2 * size, 3 * size]
    assert 25 <= rate / size <= 50


@pytest.mark.parametrize("start", [1, 37, 500, 1023])
def test_a_block_of_a_power_of_two_starts_at_its_multiple(start):
    first = start
    for end in ends(8000, start):
        size = end - first
        assert size & (size - 1) == 0
        assert first % size == 0
        first = end


def test_a_slower_rate_makes_smaller_blocks():
    size = BlockSize()
    size.measure(8000, 1.0)
    for _ in range(12):
        size.measure(10, 1.0)
    assert size.end(512) == 513


def test_an_empty_block_says_nothing_of_the_rate():
    size = BlockSize()
    size.measure(0, 1.0)
    assert size.end(0) == 1
