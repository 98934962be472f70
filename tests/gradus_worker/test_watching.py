"""Pictures of held runs, and answers about nets that nobody holds."""

import pytest
from sqlalchemy import delete

from gradus.controls import Changes, Pause, Play, Set, Step, Stop
from gradus.plan import plan
from gradus.probes import FieldProbe, KernelsProbe, UnitFieldsProbe, WeightsProbe, probe_hash
from gradus_engine.probes import probe
from gradus_engine.session import Session
from gradus_runs import runs
from gradus_runs.database import writing
from gradus_runs.frames import encode
from gradus_runs.tables import controls
from gradus_worker.pictures import frame
from tests.gradus_worker.documents import digits, toy
from tests.gradus_worker.viewer import ask_holder, ask_inspector, ask_to_verify, frames_of, head
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service

NOTHING = encode({"step": None}, {})
FIELD = FieldProbe(resolution=16)
UNITS = UnitFieldsProbe(resolution=8)


def test_a_watched_run_shows_each_of_its_pictures_again_and_again(shop: Workshop) -> None:
    run = shop.create(toy())
    with frames_of(shop, run) as frames:
        wanted = {shop.watch(run, FIELD), shop.watch(run, UNITS)}
        heads = frames.take(20)
    assert {h["probe"] for h in heads} == wanted
    steps = [h["step"] for h in heads if h["kind"] == "field"]
    assert steps == sorted(set(steps))
    others = {h["step"] for h in heads if h["kind"] != "field"}
    assert len(others.intersection(steps)) > 3, "what is looked at together shows one step"
    assert {h["run"] for h in heads} == {run}
    shop.control(run, Stop())
    shop.until_status(run, "stopped")


def test_a_run_played_with_a_ramp_begins_slowly_and_then_goes_as_fast_as_it_can(
    shop: Workshop,
) -> None:
    run = shop.create(toy(), start="paused")
    shop.watch(run, FIELD)
    with frames_of(shop, run) as frames:
        shop.control(run, Play(ramp=True))
        steps = [head["step"] for head in frames.take(6)]
    assert steps == sorted(set(steps))
    assert steps[-1] < 600, "without a ramp it is at ten thousand by then"
    shop.until_step(run, 3000)
    shop.control(run, Pause())
    shop.until_status(run, "paused")
    shop.control(run, Play())
    shop.until_status(run, "running")
    shop.control(run, Stop())
    shop.until_status(run, "stopped")


def test_the_first_picture_of_a_run_that_trains_is_of_its_first_step(shop: Workshop) -> None:
    with writing(shop.engine) as conn:
        made = runs.create(conn, shop.actor, plan(toy()), toy(), name="seen", scratch=False)
    shop.live.watch(made.id, FIELD)  # before any child could claim it
    with frames_of(shop, made.id) as frames:
        shop.wake()
        assert head(frames.next())["step"] >= 1
    shop.control(made.id, Stop())
    shop.until_status(made.id, "stopped")


def test_nothing_is_drawn_for_nobody(shop: Workshop) -> None:
    run = shop.create(toy())
    shop.until_step(run, 100)
    shop.control(run, Stop())
    shop.until_status(run, "stopped")
    assert shop.live.latest_frame(run, probe_hash(FIELD)) is None


def test_a_paused_run_is_drawn_once_when_somebody_comes_and_once_a_step(shop: Workshop) -> None:
    run = shop.create(toy())
    shop.until_step(run, 10)
    shop.control(run, Pause())
    at = shop.until_status(run, "paused").step
    with frames_of(shop, run) as frames:
        shop.watch(run, FIELD)
        assert head(frames.next())["step"] == at
        shop.control(run, Step())
        assert head(frames.next())["step"] == at + 1
    shop.control(run, Stop())
    shop.until_status(run, "stopped")


def test_a_finished_run_leaves_its_last_picture(shop: Workshop) -> None:
    run = shop.create(toy(epochs=50), start="paused")
    name = shop.watch(run, FIELD)
    shop.control(run, Play())
    step = shop.until_status(run, "finished").step
    until(lambda: head(shop.live.latest_frame(run, name) or NOTHING)["step"] == step, 60, "it")


def test_a_watched_run_ends_bitwise_like_an_unwatched_one(shop: Workshop) -> None:
    quiet = shop.create(digits(epochs=2))
    shop.until_status(quiet, "finished")
    seen = shop.create(digits(epochs=2), start="paused")
    for question in (KernelsProbe(layer="conv2d_1"), WeightsProbe()):
        shop.watch(seen, question)
    shop.control(seen, Play())
    shop.until_status(seen, "finished")
    assert shop.live.latest_frame(seen, probe_hash(WeightsProbe())) is not None
    assert shop.weights(seen) == shop.weights(quiet)


def test_the_holder_answers_a_question_with_the_weights_of_now(shop: Workshop) -> None:
    run = shop.create(toy())
    shop.until_step(run, 10)
    shop.control(run, Pause())
    step = shop.until_status(run, "paused").step
    found = head(ask_holder(shop, run, FIELD))
    assert (found["kind"], found["step"], found["run"]) == ("field", step, run)
    shop.control(run, Stop())
    shop.until_status(run, "stopped")


def test_a_probe_that_does_not_fit_is_answered_with_the_reason(shop: Workshop) -> None:
    found = head(ask_inspector(shop, KernelsProbe(layer="linear_1"), document=toy()))
    assert found["kind"] == "problem"
    assert "linear_1" in found["meta"]["message"]


def test_the_answer_about_a_draft_is_step_0_of_the_run_that_play_creates(shop: Workshop) -> None:
    drafted = ask_inspector(shop, WeightsProbe(), document=toy(seed=3))
    session = Session(plan(toy(seed=3)), threads=1)
    expected = frame("", probe_hash(WeightsProbe()), 0, probe(session, WeightsProbe()))
    assert drafted == expected
    other = ask_inspector(shop, WeightsProbe(), document=toy(seed=3), seed=4)
    assert other != drafted


def test_a_past_moment_is_the_newest_checkpoint_before_it(shop: Workshop) -> None:
    run = shop.create(toy(epochs=40))
    last = shop.until_status(run, "finished").step
    assert head(ask_inspector(shop, FIELD, run=run))["step"] == last
    past = head(ask_inspector(shop, FIELD, run=run, step=20))["step"]
    kept = [event.body["step"] for event in shop.log(run, "snapshot")]
    assert past == max(step for step in kept if step <= 20)


def test_a_run_that_was_changed_on_its_way_is_verified_by_training_it_again(shop: Workshop) -> None:
    run = shop.create(toy(epochs=20), start="paused")
    shop.control(run, Step(count=20))
    until(lambda: shop.run(run).step == 20 and shop.run(run).status == "paused", 60, "step 20")
    shop.control(run, Set(changes=Changes(learning_rate=0.03)))
    shop.control(run, Play())
    shop.until_status(run, "finished")
    answered = head(ask_to_verify(shop, run))["meta"]
    assert answered["same"]
    assert answered["kept"] == shop.weights(run)
    late = head(ask_to_verify(shop, run, seconds=0))
    assert (late["kind"], late["meta"]["code"]) == ("problem", "probe")
    forget_controls(shop, run)
    assert not head(ask_to_verify(shop, run))["meta"]["same"]


def forget_controls(shop: Workshop, run: str) -> None:
    """A log that does not say all that steered the run."""
    with writing(shop.engine) as conn:
        conn.execute(delete(controls).where(controls.c.run_id == run))
