"""One run in two processes: the numbers of one process, and what happens when a process is lost."""

import os
import signal

import psutil
import pytest
import torch

from gradus.controls import Changes, WeightEdit
from gradus.plan import plan
from gradus_engine.opening import open_session
from gradus_engine.ranks.group import RankLost
from gradus_engine.ranks.session import First
from tests.gradus_engine.documents import digits_cnn

STEPS = 12
SETTINGS = {"batch_size": 63, "l2": 1e-3, "epochs": 2}  # 31 and 32 samples, and a short last batch


def first(**fields) -> First:
    session = open_session(plan(digits_cnn(devices=2, **SETTINGS)), threads=1, **fields)
    assert isinstance(session, First)
    return session


def losses(session, steps: int = STEPS) -> torch.Tensor:
    for _ in range(steps):
        session.advance()
    return torch.from_numpy(session.take_record()["train/loss"])


def test_two_processes_learn_what_one_learns_from_the_same_batches():
    alone = open_session(plan(digits_cnn(tier="eager", **SETTINGS)), threads=1)
    together = first()
    steps = 25  # more than an epoch
    torch.testing.assert_close(losses(together, steps), losses(alone, steps), rtol=1e-3, atol=1e-5)
    assert together.samples == alone.samples
    change = Changes(
        learning_rate=0.02,
        batch_size=20,
        weights=[WeightEdit(name="linear_1.bias", index=[3], value=2.0)],
    )
    for session in (together, alone):
        session.apply(change)
    torch.testing.assert_close(losses(together), losses(alone), rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(together.flat.values, alone.flat.values, rtol=1e-2, atol=1e-4)


def test_a_lost_process_ends_the_group_and_the_run_goes_on_from_its_checkpoint():
    untouched, run = first(), first()
    wanted = losses(untouched, 2 * STEPS)[STEPS:]
    losses(run)
    kept = run.state()
    os.kill(run.others[0], signal.SIGKILL)
    with pytest.raises(RankLost):
        losses(run)
    torch.testing.assert_close(losses(first(state=kept)), wanted, rtol=0, atol=0)


def test_the_other_processes_end_with_their_run():
    run = first()
    losses(run, 1)
    others = [psutil.Process(number) for number in run.others]
    run.end()
    assert not any(other.is_running() for other in others)
    assert first().identity()["devices"] == 2
