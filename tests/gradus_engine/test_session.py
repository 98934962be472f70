"""Stopping and going on: bitwise as if nothing had happened."""

import json

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.controls import Changes
from gradus.plan import plan
from gradus.probes import PROBE
from gradus_engine.probes import probe
from gradus_engine.session import Session
from tests.gradus_engine.documents import digits_cnn, document, everything, spiral, toy

EVERYTHING = plan(everything())
MOMENTUM = plan(
    toy(optimizer={"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True})
)


def advance(session, steps):
    for _ in range(steps):
        session.advance()
    return session


def assert_same(one, two):
    """Both sessions hold the same bits and the same numbers, but for the time they took."""
    (tensors, meta), (others, other_meta) = one.state(), two.state()
    assert tensors.keys() == others.keys()
    assert all(torch.equal(tensors[name], others[name]) for name in tensors)
    assert {**meta, "elapsed": 0} == {**other_meta, "elapsed": 0}


def resumed(session):
    """A fresh session from the state as it would come back from disk."""
    tensors, meta = session.state()
    return Session(session.plan, state=(tensors, json.loads(json.dumps(meta))))


@settings(max_examples=12, deadline=None)
@given(st.sampled_from([EVERYTHING, MOMENTUM]), st.integers(0, 40), st.integers(1, 40))
def test_going_on_from_a_state_equals_never_stopping(planned, before, after):
    stopped = resumed(advance(Session(planned), before))
    assert_same(advance(stopped, after), advance(Session(planned), before + after))


def test_going_on_keeps_what_was_changed_while_it_ran():
    def changed(session):
        session.apply(Changes(learning_rate=0.3, batch_size=7, l1=0.01, l2=0.02))
        return session

    straight = advance(changed(advance(Session(EVERYTHING), 5)), 20)
    stopped = resumed(advance(changed(advance(Session(EVERYTHING), 5)), 9))
    assert_same(advance(stopped, 11), straight)


@pytest.mark.parametrize(
    "lost",
    [
        "network/conv2d_1.weight",
        "network/batch_norm_1.running_var",
        "optimizer/second/linear_1.bias",
    ],
)
def test_nothing_in_a_state_could_be_left_out(lost):
    session = advance(Session(EVERYTHING), 10)
    tensors, meta = session.state()
    tensors[lost] = torch.zeros_like(tensors[lost])
    damaged = Session(EVERYTHING, state=(tensors, meta))
    with pytest.raises(AssertionError):
        assert_same(advance(damaged, 5), advance(session, 5))


@pytest.mark.parametrize(
    "lost",
    [
        {"samples": 0},
        {"step": 0},
        {"optimizer": {"type": "adam", "count": 0}},
        {"learning_rate": 0.02},
        {"batch_size": 10},
        {"l1": 0.0},
        {"l2": 0.0},
    ],
)
def test_no_number_of_a_state_could_be_left_out(lost):
    session = advance(Session(EVERYTHING), 10)
    tensors, meta = session.state()
    damaged = Session(EVERYTHING, state=(tensors, {**meta, **lost}))
    weights, others = advance(damaged, 5).flat.values, advance(session, 5).flat.values
    assert not torch.equal(weights, others)


def test_a_state_is_a_copy():
    session = advance(Session(EVERYTHING), 3)
    tensors, _ = session.state()
    kept = {name: value.clone() for name, value in tensors.items()}
    advance(session, 3)
    assert all(torch.equal(tensors[name], kept[name]) for name in kept)


def test_a_state_of_another_network_is_refused_by_the_parameter_that_does_not_fit():
    state = Session(plan(document([{"type": "linear", "units": 3}, "linear"]))).state()
    with pytest.raises(ValueError, match=r"\[3, 2\] for linear_1.weight, expected \[4, 2\]"):
        Session(plan(document([{"type": "linear", "units": 4}, "linear"])), state=state)
    with pytest.raises(ValueError, match=r"nothing for a\.weight"):
        Session(
            plan(document([{"type": "linear", "units": 3, "name": "a"}, "linear"])), state=state
        )


def test_a_state_of_another_format_is_refused():
    tensors, meta = Session(EVERYTHING).state()
    with pytest.raises(ValueError, match="format 99"):
        Session(EVERYTHING, state=(tensors, {**meta, "format": 99}))


def test_two_runs_of_one_plan_are_the_same_and_another_seed_is_not():
    assert_same(advance(Session(EVERYTHING), 20), advance(Session(EVERYTHING), 20))
    other = advance(Session(plan(everything(seed=1))), 20)
    assert not torch.equal(other.flat.values, advance(Session(EVERYTHING), 20).flat.values)


def test_the_global_generator_has_no_say():
    one = advance(Session(EVERYTHING), 10)
    torch.rand(1000)
    assert_same(one, advance(Session(EVERYTHING), 10))


ASKED = [
    {"kind": "units"},
    {"kind": "maps"},
    {"kind": "kernels", "layer": "conv2d_1"},
    {"kind": "weights"},
    {"kind": "norms"},
    {"kind": "confusion"},
    {"kind": "samples"},
]


def test_a_watched_run_ends_bitwise_like_an_unwatched_one():
    watched, alone = Session(EVERYTHING), advance(Session(EVERYTHING), 24)
    for _ in range(24):
        watched.advance()
        for asked in ASKED:
            probe(watched, PROBE.validate_python(asked))
        watched.evaluate("validation")
    assert_same(watched, alone)


def test_a_watched_plane_ends_bitwise_like_an_unwatched_one():
    planned = plan(spiral())
    watched, alone = Session(planned), advance(Session(planned), 30)
    for _ in range(30):
        watched.advance()
        for kind in ("field", "unit_fields"):
            probe(watched, PROBE.validate_python({"kind": kind}))
    assert_same(watched, alone)


def test_identity_says_what_the_numbers_depend_on_and_comes_back_with_the_state():
    session = Session(plan(digits_cnn()), threads=2)
    assert session.identity() == {
        "torch": torch.__version__,
        "device": "cpu",
        "threads": 2,
        "dtype": "float32",
        "memory_format": "contiguous",
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "tier": "eager",
        "update": "fused",
    }
    back = Session(session.plan, threads=1, state=session.state())
    assert back.identity() == session.identity()


def test_sessions_of_one_process_each_train_with_their_own_threads():
    one, two = Session(plan(toy()), threads=1), Session(plan(toy()), threads=2)
    two.activate()
    assert torch.get_num_threads() == 2
    one.activate()
    assert torch.get_num_threads() == 1


def test_a_frozen_network_stays_as_it_is():
    session = Session(plan(document([{"type": "linear", "trainable": False}])))
    before = session.network.layers["linear_1"].weight.clone()
    advance(session, 3)
    assert torch.equal(session.network.layers["linear_1"].weight, before)
    assert_same(advance(resumed(session), 2), advance(session, 2))
