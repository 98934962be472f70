"""A process of a run that is lost while nobody trains is missed by that run alone."""

import pytest

from gradus.controls import Changes, Pause, Play, Set, Stop, WeightEdit
from tests.gradus_worker.documents import digits, toy
from tests.gradus_worker.test_ranks import begun, others
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def test_a_process_lost_at_rest_costs_no_other_run_a_step(shop: Workshop) -> None:
    document = digits(epochs=1000)
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
