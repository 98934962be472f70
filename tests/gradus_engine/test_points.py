"""A point stands for a block of steps."""

import math

import numpy as np

from gradus_engine.points import block, join, single


def columns(points):
    return [getattr(points, name).tolist() for name in ("first_step", "last_step", "count")], [
        getattr(points, name).tolist() for name in ("mean", "min", "max", "last")
    ]


def test_a_block_keeps_mean_extremes_and_the_last_value():
    steps, values = columns(block(9, np.array([2.0, 8.0, 5.0, 1.0])))
    assert steps == [[9], [12], [4]]
    assert values == [[4.0], [1.0], [8.0], [1.0]]


def test_what_is_not_a_number_stays_in_the_point():
    _, values = columns(block(1, np.array([1.0, math.nan, math.inf])))
    assert all(math.isnan(value) for value in (values[0][0], values[1][0], values[2][0]))
    assert values[3] == [math.inf]
    _, values = columns(block(1, np.array([1.0, math.inf, -math.inf])))
    assert values[1:] == [[-math.inf], [math.inf], [-math.inf]]


def test_joined_points_stand_in_order():
    steps, values = columns(join([single(3, 0.5), single(7, 0.25)]))
    assert steps == [[3, 7], [3, 7], [1, 1]]
    assert values[0] == [0.5, 0.25]
