"""A run in two processes on a worker: one that is lost costs the run a new beginning at its checkpoint, and
nothing else."""

import pytest

from gradus.controls import Changes, Pause, Play, Set, Stop, WeightEdit
from tests.gradus_worker.documents import digits, toy
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def others(shop: Workshop) -> list:
    """The processes that share batches with a child of the worker."""
    tree = shop.workers[0].tree()
    return [each for each in tree if "gradus_engine.ranks" in " ".join(each.cmdline())]


def begun(shop: Workshop, run: str) -> list:
    """How often a child said that it trains the run."""
    return [each for each in shop.log(run, "status") if each.body["status"] == "running"]


def test_a_run_that_loses_a_process_goes_on_from_its_checkpoint_to_the_same_end(shop: Workshop):
    document = digits(epochs=30)
    document["train"]["devices"] = 2
    run = shop.create(document)
    shop.control(run, Set(changes=Changes(speed=30)))  # it must not end before the kill
    until(lambda: shop.newest_checkpoint(run) > 0 and others(shop), 90, "a second process")
    (other,) = others(shop)
    other.kill()
    until(lambda: len(begun(shop, run)) == 2, 90, "a second beginning")
    shop.control(run, Set(changes=Changes(speed=0)))
    done = shop.until_status(run, "finished", 120)
    assert done.identity["devices"] == 2
    assert not done.inexact
    assert shop.weights(run) == shop.replayed(run, {})
    until(lambda: not others(shop), 30, "the end of the second process")


def test_a_process_lost_at_rest_costs_no_other_run_a_step(shop: Workshop) -> None:
    document = digits(epochs=30)
    document["train"]["devices"] = 2
    run, beside = shop.create(document), shop.create(toy())
    shop.until_step(beside, 1)
    until(lambda: others(shop), 90, "a second process")
    shop.control(run, Pause())
    shop.until_status(run, "paused")
    (other,) = others(shop)
    other.kill()
    edit = WeightEdit(name="conv2d_1.weight", index=[0, 0, 0, 0], value=0.5)
    shop.control(run, Set(changes=Changes(weights=[edit])))
    shop.control(run, Play())
    until(lambda: len(begun(shop, run)) == 2, 90, "a second beginning")
    assert len(begun(shop, beside)) == 1, "it was never given back"
    for each in (run, beside):
        shop.control(each, Stop())
        shop.until_status(each, "stopped")
