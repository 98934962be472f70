"""Controls change where a run pauses and what its next step uses."""

import pytest

from gradus.controls import Changes, Pause, Play, Set, Step, Stop
from gradus_worker.effects import Place, effect, reached

PLACE = Place(step=30, samples=250, epoch_samples=100)


def test_play_takes_every_goal_away() -> None:
    assert effect(Play(), PLACE).moves
    assert effect(Play(), PLACE).goal is None


def test_pause_makes_the_present_step_the_goal() -> None:
    assert effect(Pause(), PLACE).goal == {"step": 30}


def test_a_number_of_batches_is_counted_from_here() -> None:
    assert effect(Step(count=3), PLACE).goal == {"step": 33}


@pytest.mark.parametrize(("samples", "goal"), [(250, 300), (300, 400), (0, 100), (299, 300)])
def test_an_epoch_ends_at_a_multiple_of_the_training_part(samples: int, goal: int) -> None:
    place = Place(step=30, samples=samples, epoch_samples=100)
    assert effect(Step(unit="epoch"), place).goal == {"samples": goal}


def test_several_epochs_count_the_one_under_way() -> None:
    assert effect(Step(unit="epoch", count=3), PLACE).goal == {"samples": 500}


def test_stop_ends_the_run_and_moves_no_goal() -> None:
    assert effect(Stop(), PLACE).stops
    assert not effect(Stop(), PLACE).moves


def test_set_changes_numbers_and_leaves_the_goal_alone() -> None:
    changes = Changes(learning_rate=0.1)
    assert effect(Set(changes=changes), PLACE).changes == changes
    assert not effect(Set(changes=changes), PLACE).moves


@pytest.mark.parametrize(
    ("goal", "expected"),
    [(None, False), ({"step": 30}, True), ({"step": 31}, False), ({"samples": 250}, True)],
)
def test_a_goal_is_reached_by_its_own_unit(goal: dict[str, int] | None, expected: bool) -> None:
    assert reached(goal, step=30, samples=250) is expected
