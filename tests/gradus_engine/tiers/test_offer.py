"""When a quicker tier is asked for, and when it is taken."""

import pytest

from gradus_engine.tiers.offer import LEAST_GAIN, asked_for, repays


@pytest.mark.parametrize(
    ("steps", "seconds", "least", "asked"),
    [
        (100_000, 0.001, 60, True),
        (50_000, 0.001, 60, False),  # over before the compiler has got far
        (60, 1.0, 60, False),
        (1e9, 1.0, 0, False),  # switched off
    ],
)
def test_a_step_is_compiled_for_a_long_rest_alone(steps, seconds, least, asked):
    assert asked_for(steps, seconds, least) is asked


@pytest.mark.parametrize(
    ("steps", "ratio", "taken"),
    [
        (100_000, 2.0, True),
        (1_500, 2.0, False),  # saves less than the switch costs
        (3_000, 2.0, True),
        (10**9, 1.09, False),  # may be chance
        (10**9, LEAST_GAIN, True),
        (10**9, 0.7, False),
        (10**9, 0.0, False),  # could not be compiled
    ],
)
def test_code_is_taken_where_it_was_measured_to_repay(steps, ratio, taken):
    assert repays(steps, 0.001, ratio) is taken
