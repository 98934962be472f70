"""A fork begins where its parent's checkpoint ends."""

import pytest

from gradus.controls import Stop
from gradus.probes import WeightsProbe
from tests.gradus_worker.documents import toy
from tests.gradus_worker.viewer import ask_inspector
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def test_a_fork_without_a_change_ends_bitwise_like_its_parent(shop: Workshop) -> None:
    parent = shop.create(toy(epochs=20))
    shop.until_status(parent, "finished")
    step = shop.log(parent, "snapshot")[0].body["step"]
    fork = shop.create(toy(epochs=20), parent=parent, parent_step=step)
    shop.until_status(fork, "finished")
    assert shop.weights(fork) == shop.weights(parent)
    assert shop.curve(fork).first_step[0] == step + 1


def test_a_fork_starts_from_its_parents_weights_with_its_own_learning_rate(shop: Workshop) -> None:
    parent = shop.create(toy(epochs=20))
    last = shop.until_status(parent, "finished").step
    fork = shop.create(toy(epochs=40, rate=0.2), parent=parent, parent_step=last, start="paused")
    assert shown(shop, fork) == shown(shop, parent)
    same = shop.create(toy(epochs=40), parent=parent, parent_step=last)
    until(lambda: shop.run(same).status == "finished", 60, "the fork without a change")
    other = shop.create(toy(epochs=40, rate=0.2), parent=parent, parent_step=last)
    until(lambda: shop.run(other).status == "finished", 60, "the fork with one")
    assert shop.weights(other) != shop.weights(same)
    shop.control(fork, Stop())


def shown(shop: Workshop, run: str) -> bytes:
    """The weights of a run that nobody holds, without the name of the run."""
    found = ask_inspector(shop, WeightsProbe(), run=run)
    return found[4 + int.from_bytes(found[:4], "little") :]
