"""Members of sweeps on a real worker: grouped, each by itself, killed, diverging, pruned."""

import os
import signal
from typing import Any

import pytest

from gradus.controls import Pause, Play, Stop
from gradus.sweeps.groups import groups
from gradus.sweeps.members import plan_sweep
from gradus.sweeps.request import SweepRequest
from gradus_runs import members, sweeps
from gradus_runs.database import reading, writing
from gradus_runs.members import Member
from tests.gradus_worker.documents import toy
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service

RATE = "/train/optimizer/learning_rate"


def sweep(shop: Workshop, document: dict[str, Any], rates: list[float], **asked: Any) -> str:
    """A grid over learning rates, all small members in one job unless `at_once` is said."""
    vary = [{"path": RATE, "values": rates}]
    request = SweepRequest.model_validate({"document": document, "vary": vary, **asked})
    planned = plan_sweep(request)
    alone = request.at_once is not None
    sizes = groups(planned.members, 1, 1) if alone else [len(planned.members)]
    with writing(shop.engine) as conn:
        made = sweeps.create(conn, shop.actor, request, planned, sizes, name="rates", scratch=False)
    shop.wake()
    return made.id


def standing(shop: Workshop, made: str) -> list[Member]:
    with reading(shop.engine) as conn:
        return members.of_sweep(conn, made)


def ended(shop: Workshop, made: str, seconds: float = 120) -> list[Member]:
    def over() -> list[Member] | None:
        found = standing(shop, made)
        return found if all(each.ended for each in found) else None

    found: list[Member] = until(over, seconds, "the end of every member")
    return found


def test_a_group_trains_each_member_as_if_it_were_alone(shop: Workshop) -> None:
    found = ended(shop, sweep(shop, toy(epochs=6), [0.01, 0.02, 0.04]))
    assert [each.state for each in found] == ["finished"] * 3
    alone = shop.create(toy(epochs=6, rate=0.02))
    shop.until_status(alone, "finished")
    assert shop.weights(found[1].run_id) == shop.weights(alone)
    until(lambda: shop.job(found[0].run_id).holder is None, 60, "the job given back")


def test_one_member_is_paused_and_stopped_and_the_others_go_on(shop: Workshop) -> None:
    first, second, third = standing(shop, sweep(shop, toy(epochs=40_000), [0.01, 0.02, 0.04]))
    shop.until_status(first.run_id, "running")
    shop.control(first.run_id, Pause())
    shop.until_status(first.run_id, "paused")
    shop.until_step(second.run_id, 1000)
    shop.control(second.run_id, Stop())
    shop.until_status(second.run_id, "stopped")
    shop.until_step(third.run_id, 1000)
    assert shop.run(first.run_id).status == "paused"
    shop.control(first.run_id, Play())
    shop.control(third.run_id, Stop())
    shop.until_step(first.run_id, shop.run(first.run_id).step + 1000)
    shop.control(first.run_id, Stop())
    shop.until_status(first.run_id, "stopped")


def test_of_a_group_only_those_that_had_a_turn_say_that_they_run(shop: Workshop) -> None:
    first, second, third = standing(shop, sweep(shop, toy(epochs=400_000), [0.01, 0.02, 0.04]))
    shop.until_step(first.run_id, 1000)
    assert shop.run(second.run_id).status == "queued"
    shop.control(first.run_id, Pause())
    shop.until_status(second.run_id, "running")
    assert shop.run(third.run_id).status == "queued"
    shop.control(first.run_id, Play())  # its number is the least: it trains before the others
    shop.until_status(first.run_id, "running")
    shop.until_status(second.run_id, "queued")
    shop.control(third.run_id, Stop())  # one that waits is steered too
    shop.until_status(third.run_id, "stopped")
    for run_id in (first.run_id, second.run_id):
        shop.control(run_id, Stop())
        shop.until_status(run_id, "stopped")


def test_members_that_diverge_fail_and_the_rest_finish(shop: Workshop) -> None:
    wild = toy(epochs=6)
    wild["network"]["layers"][0]["activation"] = "identity"
    wild["network"]["layers"][1]["activation"] = "identity"
    wild["train"] |= {"optimizer": {"type": "sgd"}, "losses": ["mse"]}
    found = ended(shop, sweep(shop, wild, [0.01, 1e6, 0.02]))
    assert [each.state for each in found] == ["finished", "failed", "finished"]
    assert found[1].reason == "diverged"


@pytest.mark.parametrize("rule", ["median", "halving"])
def test_losers_end_early_by_what_was_recorded(shop: Workshop, rule: str) -> None:
    rates = [0.02, 0.03, 0.01, 0.04, 1e-7, 0.05]
    asked = {"prune": {"rule": rule, "after": 4, "every": 4}}
    found = ended(shop, sweep(shop, toy(epochs=20), rates, **asked))
    loser = found[4]
    assert loser.state == "pruned"
    (said,) = shop.log(loser.run_id, "pruned")
    assert said.body["epochs"] == 4
    assert said.body["value"] > said.body["bar"]
    assert loser.samples == 4 * loser.train_size  # by epochs, never by the clock
    assert found[0].state == "finished"  # those before it were too few to be worse than half


def test_a_killed_child_changes_no_number_of_a_sweep(siblings: Workshop) -> None:
    shop, rates = siblings, [0.005, 0.01, 0.02, 0.03]
    asked = {"prune": {"after": 20, "every": 20}}
    calm = ended(shop, sweep(shop, toy(epochs=50), rates, **asked))
    shop.await_children(2)
    made = sweep(shop, toy(epochs=50), rates, **asked)
    first = standing(shop, made)[0]
    shop.until_step(first.run_id, 300)
    os.kill(shop.holder_pid(first.run_id), signal.SIGKILL)
    found = ended(shop, made)
    assert [each.state for each in found] == [each.state for each in calm]
    assert [shop.weights(e.run_id) for e in found] == [shop.weights(e.run_id) for e in calm]
    jobs = {shop.job(each.run_id).id for each in found}
    assert len(jobs) == len(found), "each answers for itself from then on"
