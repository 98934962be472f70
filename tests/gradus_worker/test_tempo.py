"""A limit holds on the average whatever the rhythm of the turns; a ramp leads up to it."""

from itertools import pairwise

import pytest

from gradus_worker.tempo import RAMP_DOUBLES, Tempo


def steps_in(seconds: float, speed: float, turn: float) -> int:
    tempo, now, steps = Tempo(), 0.0, 0
    tempo.limit(speed, now)
    while now < seconds:
        if tempo.wait(now) == 0:
            allowed = tempo.allowance(now)
            assert allowed is not None
            tempo.took(allowed, now)
            steps += allowed
        now += turn
    return steps


@pytest.mark.parametrize("speed", [0.5, 10, 300])
@pytest.mark.parametrize("turn", [0.001, 0.05])
def test_the_average_is_the_speed_asked_for(speed: float, turn: float) -> None:
    assert steps_in(20, speed, turn) == pytest.approx(20 * speed, rel=0.1, abs=1)


def test_without_a_limit_any_number_of_steps_may_be_taken_at_once() -> None:
    assert Tempo().allowance(5.0) is None
    assert Tempo().wait(5.0) == 0


def test_a_long_absence_is_not_made_good_for_in_a_burst() -> None:
    tempo = Tempo()
    tempo.limit(100, now=0.0)
    allowed = tempo.allowance(60.0)
    assert allowed is not None
    assert allowed <= 26


def ramped(seconds: float, speed: float = 0.0, most: int = 1_000_000) -> list[float]:
    """When each step of a ramp was taken on a machine that takes 8,000 a second."""
    tempo, now, taken = Tempo(speed), 0.0, list[float]()
    tempo.start(now, ramp=True)
    while now < seconds and len(taken) < most:
        if wait := tempo.wait(now):
            now += max(wait, 1e-4)
            continue
        allowed = tempo.allowance(now)
        steps = min(80, allowed or 80)
        now += steps / 8000
        tempo.took(steps, now)
        taken += [now] * steps
    return taken


def test_the_first_step_of_a_ramp_is_taken_at_once_and_the_next_a_quarter_second_later() -> None:
    first, second, third = ramped(1, most=3)
    assert first < 0.001
    assert second - first == pytest.approx(0.25, abs=0.03)
    assert third - second < second - first


def test_a_ramp_doubles_every_six_tenths_of_a_second() -> None:
    taken = ramped(4.8)
    spans = [
        sum(start <= at < start + RAMP_DOUBLES for at in taken)
        for start in (1.2, 1.8, 2.4, 3.0, 3.6)
    ]
    for before, after in pairwise(spans):
        assert after / before == pytest.approx(2, rel=0.15)


def test_ten_thousand_steps_of_a_ramp_take_about_seven_seconds() -> None:
    assert 6 < ramped(20, most=10_000)[-1] < 8.5


def test_a_ramp_ends_at_the_limit() -> None:
    taken = ramped(10, speed=100)
    assert sum(9 <= at < 10 for at in taken) == pytest.approx(100, abs=3)


def test_without_a_ramp_it_starts_at_full_speed() -> None:
    tempo = Tempo()
    tempo.start(0.0, ramp=True)
    tempo.took(1, 0.0)
    assert tempo.wait(0.0) > 0
    tempo.start(0.0, ramp=False)
    assert tempo.wait(0.0) == 0
    assert tempo.allowance(0.0) is None
