"""A run at rest is kept where it stands when somebody takes it away."""

import pytest

from gradus.controls import Pause, Play
from tests.gradus_worker.documents import toy
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def test_a_paused_run_is_kept_once_when_asked(shop: Workshop) -> None:
    run = shop.create(toy())
    shop.until_step(run, 50)
    shop.control(run, Pause())
    step = shop.until_status(run, "paused").step

    def kept() -> int:
        kinds = ("checkpoint", "snapshot")
        here = [event for event in shop.log(run) if event.body.get("step") == step]
        return len([event for event in here if event.type in kinds])

    holder = shop.job(run).holder
    assert holder is not None
    for _ in range(3):
        shop.live.wake_child(holder, {"keep": run})
    until(lambda: shop.newest_checkpoint(run) == step, 60, "a checkpoint of the paused step")
    assert kept() == 1
    assert shop.run(run).status == "paused"
    shop.control(run, Play())
    shop.until_step(run, step + 20)
