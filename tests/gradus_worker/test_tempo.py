"""A speed limit holds on the average, whatever the rhythm of the turns."""

import pytest

from gradus_worker.tempo import Tempo


def steps_in(seconds: float, speed: float, turn: float) -> int:
    tempo, now, steps = Tempo(), 0.0, 0
    tempo.set(speed, now)
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
    tempo.set(100, now=0.0)
    allowed = tempo.allowance(60.0)
    assert allowed is not None
    assert allowed <= 26
