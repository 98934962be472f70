"""Pictures and checkpoints take their share of the time and no more."""

import pytest

from gradus_worker.budget import CheckpointBudget, FrameBudget, snapshot_after


def share_of_pictures(step_seconds: float, picture_seconds: float) -> float:
    """Train for a simulated minute and draw whenever it is allowed."""
    budget, now, drawn = FrameBudget(), 0.0, 0.0
    while now < 60:
        now += 0.01
        budget.train(0.01, max(1, round(0.01 / step_seconds)))
        if budget.allows(now):
            now += picture_seconds
            drawn += picture_seconds
            budget.draw(now, picture_seconds)
    return drawn / (now - drawn)


def test_pictures_of_a_real_net_take_a_fiftieth_of_its_training() -> None:
    assert share_of_pictures(0.01, 0.001) == pytest.approx(0.02, rel=0.2)


def test_pictures_of_a_toy_take_a_fifth() -> None:
    assert share_of_pictures(0.0002, 0.002) == pytest.approx(0.2, rel=0.2)


def test_a_dear_picture_still_comes_once_a_second() -> None:
    budget, now, gaps = FrameBudget(), 0.0, []
    for _ in range(3000):
        now += 0.01
        budget.train(0.01, 1)
        if budget.allows(now):
            gaps.append(now - budget.last)
            budget.draw(now, 0.5)
    assert len(gaps) > 20
    assert max(gaps[1:]) == pytest.approx(1.0, abs=0.05)


def test_a_checkpoint_is_due_by_time_and_never_without_a_step() -> None:
    budget = CheckpointBudget(every=10, last=0.0)
    assert not budget.due(9.9, step=100)
    assert budget.due(10.0, step=100)
    budget.spent(10.0, step=100, seconds=0.1)
    assert not budget.due(30.0, step=100)


def test_a_dear_checkpoint_comes_fifty_times_its_cost_later() -> None:
    budget = CheckpointBudget(every=10, last=0.0)
    budget.spent(0.0, step=1, seconds=1.0)
    assert not budget.due(49.0, step=2)
    assert budget.due(50.0, step=2)


def test_snapshots_lie_at_log_spaced_steps() -> None:
    steps, step = [], 0
    while step < 40:
        steps.append(step := snapshot_after(step))
    assert steps == [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40]
