"""Weights set by hand take effect between two steps, and are made again wherever the run is.

Shown able to fail: leave `weights` out of `Session.apply`, or `last_change` out of a checkpoint's
state, and these tests go red.
"""

import os
import signal
from functools import partial

import pytest

from gradus.controls import Changes, Pause, Play, Set, Step, Stop, WeightEdit
from gradus.probes import WeightsProbe
from gradus_runs.store import Store
from gradus_worker.verification import Verification, verify
from tests.gradus_worker.documents import digits, toy
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def by_hand(value: float, unit: int = 1) -> Changes:
    edit = WeightEdit(name="linear_1.weight", index=[unit, 0], value=value)
    return Changes(weights=[edit])


def verified(shop: Workshop, run: str) -> Verification:
    store = Store(shop.folder / "artifacts")
    return verify(shop.engine, store, shop.run(run), device="cpu", threads=1)


def test_a_run_with_hand_edits_is_killed_and_ends_bitwise_the_same(siblings: Workshop) -> None:
    run = siblings.create(digits(epochs=10))
    changes: dict[int, Changes] = {}
    for value in (0.5, -0.5, 0.25, -0.25):
        siblings.watch(run, WeightsProbe())
        siblings.until_step(run, siblings.run(run).step + 5)
        asked = siblings.control(run, Set(changes=by_hand(value)))
        step = until(partial(siblings.applied_step, run, asked), 60, "the edit")
        epoch = siblings.job(run).epoch
        os.kill(siblings.holder_pid(run), signal.SIGKILL)
        changes[step] = by_hand(value)
        if siblings.newest_checkpoint(run) < step:
            break  # recovery has to make this edit once more
        until(partial(siblings.moved_since, run, epoch), 60, "life after the kill")
    else:
        pytest.fail("every kill came after a checkpoint that holds the edit")
    siblings.until_status(run, "finished")
    assert siblings.weights(run) == siblings.replayed(run, changes)
    assert verified(siblings, run).same


def test_an_untrained_run_is_edited_before_its_first_step(shop: Workshop) -> None:
    run = shop.create(toy(), start="paused")
    asked = shop.control(run, Set(changes=by_hand(0.75)))
    assert until(lambda: shop.applied_step(run, asked) is not None, 60, "the edit")
    assert shop.applied_step(run, asked) == 0
    assert shop.run(run).status == "paused"
    shop.control(run, Step(count=7))
    shop.until_step(run, 7)
    shop.control(run, Stop())
    shop.until_status(run, "stopped")
    assert verified(shop, run).same


def test_an_edit_of_a_paused_run_is_kept_and_verified_at_its_own_step(shop: Workshop) -> None:
    run = shop.create(toy())
    shop.until_step(run, 50)
    shop.control(run, Pause())
    paused = shop.until_status(run, "paused")
    before = paused.last_event
    shop.control(run, Set(changes=by_hand(0.125)))

    def kept() -> bool:
        events = [event for event in shop.log(run) if event.number > before]
        kinds = {event.type for event in events if event.body.get("step") == paused.step}
        return "control" in kinds and bool(kinds & {"checkpoint", "snapshot"})

    until(kept, 60, "a checkpoint that holds the edit")
    assert verified(shop, run).same
    shop.control(run, Set(changes=by_hand(0.5)))
    shop.control(run, Play())
    shop.until_step(run, paused.step + 20)
    shop.control(run, Stop())
    shop.until_status(run, "stopped")
    assert verified(shop, run).same
