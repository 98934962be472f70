"""Two runs of one job: the same batches in the same order, step by step, whatever happens.

Shown able to fail: let followers of `Lanes.round` end their blocks by themselves, or leave out
that the one behind leads, and these tests go red.
"""

import os
import signal
import time
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from gradus.controls import Changes, Pause, Play, Set, Step, Stop
from gradus.plan import plan
from gradus.probes import WeightsProbe
from gradus_runs import runs
from gradus_runs.database import writing
from tests.gradus_worker.documents import digits, toy
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def both(shop: Workshop, one: dict[str, Any], other: dict[str, Any]) -> tuple[str, str]:
    """Two runs in one job, as the server makes them."""
    with writing(shop.engine) as conn:
        options: dict[str, Any] = {"name": "pair", "scratch": False}
        first = runs.create(conn, shop.actor, plan(one), one, **options)
        second = runs.create(conn, shop.actor, plan(other), other, beside=first.id, **options)
    shop.wake()
    return first.id, second.id


def ends(shop: Workshop, run: str) -> list[int]:
    """The last step of every block of a run's log."""
    return [int(step) for step in shop.curve(run).last_step]


def end(shop: Workshop, *ids: str) -> None:
    for run in ids:
        shop.control(run, Stop())
        shop.until_status(run, "stopped")


def test_the_same_spec_twice_ends_in_the_same_weights_and_the_same_blocks(shop: Workshop) -> None:
    one, two = both(shop, digits(epochs=2), digits(epochs=2))
    assert shop.job(one).id == shop.job(two).id
    first, second = (shop.until_status(run, "finished") for run in (one, two))
    assert (first.step, first.samples) == (second.step, second.samples)
    assert shop.weights(one) == shop.weights(two)
    assert ends(shop, one) == ends(shop, two)
    until(lambda: shop.job(one).holder is None, 60, "the job given back")
    assert not shop.job(one).ready


def test_a_pause_of_one_holds_both_at_one_step_and_so_do_steps_and_play(shop: Workshop) -> None:
    slow = toy()
    slow["network"]["layers"][0]["units"] = 16
    one, two = both(shop, toy(), slow)
    shop.until_step(two, 200)
    shop.control(one, Pause())
    held = {shop.until_status(run, "paused").step for run in (one, two)}
    assert len(held) == 1
    step = held.pop()
    shop.control(two, Step(count=3))
    for run in (one, two):
        shop.until_step(run, step + 3)
        assert shop.until_status(run, "paused").step == step + 3
    shop.control(two, Play())
    for run in (one, two):
        shop.until_step(run, step + 100)
    shop.control(one, Pause())
    assert len({shop.until_status(run, "paused").step for run in (one, two)}) == 1
    assert ends(shop, one) == ends(shop, two)
    end(shop, one, two)


def test_a_batch_size_is_common_and_a_rate_is_not(shop: Workshop) -> None:
    one, two = both(shop, toy(), toy())
    shop.until_step(two, 50)
    shop.control(one, Set(changes=Changes(batch_size=7, learning_rate=0.5)))
    until(lambda: shop.log(one, "control") and shop.log(two, "control"), 60, "both controls")
    (own,), (other,) = shop.log(one, "control"), shop.log(two, "control")
    assert own.body["step"] == other.body["step"]
    assert other.body["body"]["changes"] == {"batch_size": 7}
    shop.until_step(two, own.body["step"] + 100)
    shop.control(two, Pause())
    samples = {shop.until_status(run, "paused").samples for run in (one, two)}
    assert len(samples) == 1
    end(shop, one, two)


def test_a_killed_pair_goes_on_together_and_ends_as_if_untouched(siblings: Workshop) -> None:
    other = digits(epochs=12)
    other["network"]["layers"][0]["filters"] = 6
    one, two = both(siblings, digits(epochs=12), other)
    for run in (one, two):
        siblings.watch(run, WeightsProbe())
    siblings.until_step(two, 120)
    epoch = siblings.job(one).epoch
    os.kill(siblings.holder_pid(one), signal.SIGKILL)
    for run in (one, two):
        until(partial(siblings.moved_since, run, epoch), 60, "life after the kill")
    steps = [siblings.until_status(run, "finished", 120).step for run in (one, two)]
    assert steps[0] == steps[1]
    for run in (one, two):
        assert siblings.weights(run) == siblings.replayed(run, {})


def test_one_that_is_stopped_or_diverges_leaves_the_other_alone(shop: Workshop) -> None:
    wild = toy(rate=1e6)
    wild["data"] = {"name": "plane"}
    wild["train"]["optimizer"] = {"type": "sgd", "learning_rate": 1e30}
    calm = {**wild, "train": {**wild["train"], "optimizer": {"type": "sgd", "learning_rate": 0.01}}}
    for document in (wild, calm):
        document["network"] = {"layers": ["linear"]}
    one, two = both(shop, wild, calm)
    assert shop.until_status(one, "failed").reason == "diverged"
    shop.until_step(two, shop.run(one).step + 200)
    assert shop.job(two).holder
    end(shop, two)
    left, right = both(shop, toy(), toy())
    shop.until_step(right, 50)
    end(shop, left)
    shop.until_step(right, shop.run(left).step + 200)
    end(shop, right)


def test_a_ramp_leads_both_from_single_steps_to_all_they_can(shop: Workshop) -> None:
    one, two = both(shop, toy(), toy(seed=2))
    shop.until_step(two, 20)
    shop.control(one, Pause())
    (step,) = {shop.until_status(run, "paused").step for run in (one, two)}
    asked = time.monotonic()
    shop.control(two, Play(ramp=True))
    shop.until_step(one, step + 6)
    # Six steps from 4 a second on, doubling every 0.6 s: the sixth is due after nine tenths.
    assert time.monotonic() - asked > 0.6
    for run in (one, two):
        shop.until_step(run, step + 500)
    shop.control(one, Pause())
    assert len({shop.until_status(run, "paused").step for run in (one, two)}) == 1
    blocks = ends(shop, one)
    assert ends(shop, two) == blocks
    slow = blocks[blocks.index(step) :][:5]
    # Without a ramp by the hundred; with one a machine that was busy meanwhile takes what it owes.
    assert max(b - a for a, b in pairwise(slow)) <= 20
    end(shop, one, two)
