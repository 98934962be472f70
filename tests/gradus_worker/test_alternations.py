"""Several networks in alternation live the life of any run."""

import pytest
from safetensors.numpy import load

from gradus.controls import Changes, Set, Step
from gradus.probes import FieldProbe, GeneratedProbe
from gradus_runs import artifacts
from gradus_runs.database import reading
from gradus_runs.store import Store
from tests.gradus.alternations import gan
from tests.gradus_worker.viewer import ask_inspector, frames_of, head
from tests.gradus_worker.workshop import Workshop, until

pytestmark = [pytest.mark.service, pytest.mark.proves("C11")]


def test_it_trains_steps_changes_and_ends_as_it_would_alone(shop: Workshop) -> None:
    run = shop.create(gan(epochs=8), start="paused")
    shop.until_status(run, "paused")
    shop.control(run, Step(count=3))
    until(lambda: shop.run(run).step == 3 and shop.run(run).status == "paused", 60, "three steps")
    shop.control(run, Set(changes=Changes(learning_rate=0.003, batch_size=20)))
    shop.control(run, Step(unit="epoch", count=8))
    ended = shop.until_status(run, "finished")
    changed = Changes(learning_rate=0.003, batch_size=20)
    assert shop.weights(run) == shop.replayed(run, {3: changed})
    assert {"train/d/loss", "train/g/loss", "validation/d/real_score"} <= ended.latest.keys()
    assert 0 < (ended.results or {})["test/d/fake_score"] < 1
    assert shop.curve(run, "train/g/loss").last_step[-1] == ended.step


def test_a_fork_without_a_change_ends_bitwise_like_its_parent(shop: Workshop) -> None:
    parent = shop.create(gan(epochs=20))
    shop.until_status(parent, "finished")
    step = shop.log(parent, "snapshot")[0].body["step"]
    fork = shop.create(gan(epochs=20), parent=parent, parent_step=step)
    shop.until_status(fork, "finished")
    assert shop.weights(fork) == shop.weights(parent)


def test_its_weights_are_kept_by_full_names(shop: Workshop) -> None:
    run = shop.create(gan())
    shop.until_status(run, "finished")
    with reading(shop.engine) as conn:
        (kept,) = [
            each for each in artifacts.of_run(conn, shop.actor, run) if each.kind == "weights"
        ]
        body = artifacts.get(conn, Store(shop.folder / "artifacts"), kept.hash)
    names = load(body).keys()
    assert {"g/linear_1.weight", "d/linear_2.bias"} <= names


def test_what_it_makes_of_noise_is_drawn_while_it_trains(shop: Workshop) -> None:
    run = shop.create(gan(epochs=100_000))
    shop.until_step(run, 1)
    with frames_of(shop, run) as frames:
        shop.watch(run, GeneratedProbe())
        drawn = frames.take(2)
    assert {frame["kind"] for frame in drawn} == {"generated"}
    assert drawn[0]["step"] < drawn[1]["step"]
    shop.control(run, Step(count=1))
    shop.until_status(run, "paused")


def test_a_draft_of_several_networks_is_looked_at(shop: Workshop) -> None:
    for probe in (GeneratedProbe(), FieldProbe(resolution=8)):
        assert head(ask_inspector(shop, probe, document=gan()))["kind"] == probe.kind
