"""Several networks trained in alternation: what each step computes, moves and counts."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.controls import Changes, WeightEdit
from gradus.plan import plan
from gradus.probes import PROBE
from gradus.seeds import derive
from gradus_engine.opening import open_session
from gradus_engine.probes import probe
from gradus_engine.session import Session
from gradus_engine.train import Finished, Metrics, NonFinite, train
from tests.gradus.alternations import conditional_gan, gan, linear, one_network

pytestmark = pytest.mark.proves("C11")


def everything() -> dict[str, Any]:
    """Normalization and dropout in both networks, updates in a row, a rate of one step's own."""
    document = gan(l1=1e-5, l2=1e-4, clip={"norm": 1.0}, gradient_noise={"eta": 1e-4})
    for network in document["networks"].values():
        network["layers"][1:1] = ["batch_norm", {"type": "dropout", "rate": 0.2}]
    d, g = document["train"]["steps"]
    d |= {"repeat": 2, "optimizer": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9}}
    g |= {"every": 3}
    return document


GAN, CONDITIONAL, EVERYTHING = plan(gan()), plan(conditional_gan()), plan(everything())


def advance(session: Any, steps: int) -> Any:
    for _ in range(steps):
        session.advance()
    return session


def resumed(session: Any) -> Any:
    tensors, meta = session.state()
    return open_session(session.plan, state=(tensors, json.loads(json.dumps(meta))))


def assert_same(one: Any, two: Any) -> None:
    (tensors, meta), (others, other_meta) = one.state(), two.state()
    assert tensors.keys() == others.keys()
    assert all(torch.equal(tensors[name], others[name]) for name in tensors)
    assert {**meta, "elapsed": 0} == {**other_meta, "elapsed": 0}


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([GAN, CONDITIONAL, EVERYTHING]), st.integers(0, 20), st.integers(1, 20))
def test_going_on_from_a_state_equals_never_stopping(planned: Any, before: int, after: int) -> None:
    stopped = resumed(advance(open_session(planned), before))
    assert_same(advance(stopped, after), advance(open_session(planned), before + after))


@pytest.mark.parametrize(
    "lost",
    [
        "network/g/linear_1.weight",
        "network/d/batch_norm_1.running_var",
        "optimizer/d/momentum/d/linear_1.weight",
        "optimizer/g/second/g/linear_2.bias",
    ],
)
def test_no_tensor_of_a_state_could_be_left_out(lost: str) -> None:
    session = advance(open_session(EVERYTHING), 10)
    tensors, meta = session.state()
    tensors[lost] = torch.zeros_like(tensors[lost])
    damaged = open_session(EVERYTHING, state=(tensors, meta))
    with pytest.raises(AssertionError):
        assert_same(advance(damaged, 5), advance(session, 5))


@pytest.mark.proves("C11.turns")
@pytest.mark.parametrize("step", ["d", "g"])
def test_a_step_leaves_the_gradients_and_weights_of_the_others_alone(step: str) -> None:
    """Also where a loss passes through them on its way."""
    session = advance(open_session(GAN), 3)
    other = "g" if step == "d" else "d"
    for flat in session.flats.values():
        flat.gradients.fill_(7.0)
    kept = session.flats[other].values.clone()
    updates = next(each for each in session.steps if each.step.name == step)
    updates.make(4, 32, 0.01, 0.0, 0.0)
    assert torch.equal(session.flats[other].gradients, torch.full_like(kept, 7.0))
    assert torch.equal(session.flats[other].values, kept)
    assert not torch.equal(
        session.flats[step].gradients, torch.full_like(session.flats[step].gradients, 7.0)
    )


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


@pytest.mark.proves("C11.turns")
def test_two_updates_by_hand_are_the_same() -> None:
    """A GAN of two linear maps: D(x) = u·x + c on a logit, G(z) = A z + b, both by plain descent."""
    document = gan(optimizer={"type": "sgd", "learning_rate": 0.1}, batch_size=16)
    document["networks"]["g"]["layers"] = [linear(2)]
    document["networks"]["d"]["layers"] = [linear(1)]
    session = open_session(plan(document))
    weights = {
        name: each.double().numpy() for name, each in session.network.layers.own_state().items()
    }
    a, b = weights["g/linear_1.weight"], weights["g/linear_1.bias"]
    u, c = weights["d/linear_1.weight"], weights["d/linear_1.bias"]
    order = torch.randperm(140, generator=torch.Generator().manual_seed(derive(0, "order", step=0)))
    x = session.parts["train"].inputs[order[:16]].double().numpy()

    def noise(place: str) -> Any:
        generator = torch.Generator().manual_seed(derive(0, "noise", place, 1))
        return torch.empty(16, 2).normal_(generator=generator).double().numpy()

    fake = noise("d/0/fake/input") @ a.T + b
    # −log σ(D(x)) on real points, −log(1 − σ(D(G(z)))) on fake ones; each a mean over the batch.
    real_slope = (sigmoid(x @ u.T + c) - 1) / 16
    fake_slope = sigmoid(fake @ u.T + c) / 16
    u = u - 0.1 * (real_slope.T @ x + fake_slope.T @ fake)
    c = c - 0.1 * (real_slope.sum(0) + fake_slope.sum(0))
    # Then G, against the D of now: −log σ(D(G(z))).
    z = noise("g/0/fake/input")
    slope = (sigmoid((z @ a.T + b) @ u.T + c) - 1) / 16 @ u
    a, b = a - 0.1 * slope.T @ z, b - 0.1 * slope.sum(0)

    session.advance()
    found = session.network.layers.own_state()
    for name, wanted in {"g/linear_1.weight": a, "g/linear_1.bias": b, "d/linear_1.weight": u,
                         "d/linear_1.bias": c}.items():  # fmt: skip
        np.testing.assert_allclose(found[name].numpy(), wanted, atol=1e-6)


def test_one_network_with_one_step_trains_bitwise_like_a_network() -> None:
    """The two draw different first values, since seeds go by full names; these are copied."""
    layers = [linear(4, "tanh"), "batch_norm", linear(1)]
    several = open_session(plan(one_network({"layers": layers}, l2=1e-3)))
    alone = {**one_network({"layers": layers}, l2=1e-3), "network": {"layers": layers}}
    del alone["networks"], alone["train"]["steps"]
    single = open_session(plan(alone))
    assert isinstance(single, Session)
    with torch.no_grad():
        for name, value in single.network.layers.own_state().items():
            value.copy_(several.network.layers.own_state()[f"net/{name}"])
    advance(several, 40), advance(single, 40)
    found = several.network.layers.own_state()
    for name, value in single.network.layers.own_state().items():
        assert torch.equal(found[f"net/{name}"], value)
    assert several.samples == single.samples


def test_every_counts_steps_and_each_repeat_draws_a_batch_of_its_own() -> None:
    session = open_session(EVERYTHING)
    advance(session, 2)
    assert [each.optimizers[each.step.name].count for each in session.steps] == [4, 0]
    assert session.samples == 4 * 32
    advance(session, 1)
    assert [each.optimizers[each.step.name].count for each in session.steps] == [6, 1]
    record = session.take_record()
    assert {name: len(values) for name, values in record.items()} == {
        "train/d/loss": 3,
        "train/d/penalty": 3,
        "train/g/loss": 1,
        "train/g/penalty": 1,
    }


def test_an_epoch_is_a_training_part_drawn_by_the_first_step_that_reads_batch() -> None:
    """140 points in batches of 32, two in a row: the last of an epoch is short."""
    session = open_session(EVERYTHING)
    ends = []
    while not session.finished:
        session.advance()
        ends.append((session.samples, session.epoch_ended))
    assert ends == [(64, False), (128, False), (172, True), (236, False), (280, True)]


def test_a_run_has_a_series_for_each_step_and_for_each_score() -> None:
    events = list(train(GAN))
    names = {name for event in events if isinstance(event, Metrics) for name in event.series}
    assert {"train/d/loss", "train/g/loss", "validation/d/loss", "validation/d/real_score",
            "train_eval/d/fake_score", "validation/g/score"} <= names  # fmt: skip
    assert "train/loss" not in names
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert 0 < finished.results["test/d/real_score"] < 1


def test_a_score_is_the_mean_probability_that_a_logit_stands_for() -> None:
    session = advance(open_session(GAN), 5)
    inputs = session.parts["validation"].inputs
    with torch.no_grad():
        logits = session.network.each["d"](inputs)
    values = session.evaluate("validation")
    assert values["validation/d/real_score"] == pytest.approx(float(logits.sigmoid().mean()))


def test_a_loss_that_is_no_number_is_told_with_the_series_of_its_step() -> None:
    planned = plan(gan(optimizer={"type": "sgd", "learning_rate": 1e30}, epochs=40))
    broken = next(event for event in train(planned) if isinstance(event, NonFinite))
    assert broken.series in {"train/d/loss", "train/g/loss"}


def test_every_call_of_a_network_in_train_mode_moves_its_running_statistics() -> None:
    document = gan()
    for network in document["networks"].values():
        network["layers"].insert(1, "batch_norm")
    session = advance(open_session(plan(document)), 1)
    counted = {
        name: int(session.network.layers[f"{name}/batch_norm_1"].num_batches_tracked)
        for name in ("g", "d")
    }
    # G is called by both steps; D twice by its own and once by that of G.
    assert counted == {"g": 2, "d": 3}


def test_a_change_of_the_rate_keeps_the_proportions_of_steps() -> None:
    session = open_session(EVERYTHING)
    session.apply(Changes(learning_rate=0.02))
    rates = []
    for each in session.steps:
        for optimizer in each.optimizers.values():
            optimizer.update = rates.append
    advance(session, 3)
    assert rates == pytest.approx([*[0.1] * 2, *[0.1] * 2, *[0.1] * 2, 0.02])


def test_weights_of_any_network_are_set_by_hand() -> None:
    session = open_session(GAN)
    session.apply(Changes(weights=[WeightEdit(name="d/linear_2.weight", index=[0, 3], value=2.5)]))
    assert float(session.network.layers.own_state()["d/linear_2.weight"][0, 3]) == 2.5


ASKED = [
    {"kind": "field", "resolution": 8},
    {"kind": "field", "network": "g", "resolution": 8},
    {"kind": "unit_fields", "network": "d", "resolution": 8},
    {"kind": "units", "network": "g"},
    {"kind": "weights"},
    {"kind": "norms"},
    {"kind": "samples"},
    {"kind": "generated"},
]


def test_a_watched_run_ends_bitwise_like_an_unwatched_one() -> None:
    watched = open_session(EVERYTHING)
    for _ in range(8):
        watched.advance()
        for asked in ASKED:
            probe(watched, PROBE.validate_python(asked))
        watched.evaluate("validation")
    assert_same(watched, advance(open_session(EVERYTHING), 8))


def ask(session: Any, **asked: Any) -> Any:
    return probe(session, PROBE.validate_python(asked))


def test_the_field_is_that_of_the_network_that_reads_the_data() -> None:
    session = advance(open_session(GAN), 3)
    picture = ask(session, kind="field", resolution=4, extent=4)
    assert picture.meta["network"] == "d"
    with torch.no_grad():
        corner = session.network.each["d"](torch.tensor([[-3.0, 3.0]]))
    expected = 2 * torch.sigmoid(corner) - 1
    assert picture.arrays["field"][0, 0, 0] == pytest.approx(float(expected), abs=1e-6)


def test_generated_points_come_of_the_same_noise_at_every_step() -> None:
    session = open_session(GAN)
    first = ask(session, kind="generated").arrays
    assert first["generated"].shape == first["real"].shape == first["pull"].shape == (64, 2)
    again = ask(open_session(GAN), kind="generated").arrays
    np.testing.assert_array_equal(first["generated"], again["generated"])
    moved = ask(advance(session, 3), kind="generated").arrays
    assert not np.array_equal(first["generated"], moved["generated"])


def test_a_pull_raises_the_score_of_the_point_that_follows_it() -> None:
    session = advance(open_session(GAN), 20)
    arrays = ask(session, kind="generated").arrays
    points = torch.from_numpy(arrays["generated"] + 1e-2 * arrays["pull"])
    with torch.no_grad():
        followed = session.network.each["d"](points).sigmoid()[:, 0].numpy()
    assert (followed >= arrays["scores"]).all()
    assert (followed > arrays["scores"]).mean() > 0.9


def test_a_conditional_network_is_asked_for_a_class() -> None:
    session = advance(open_session(CONDITIONAL), 3)
    every = ask(session, kind="generated", count=16).arrays
    assert every["targets"].tolist() == [*range(8), *range(8)]
    one = ask(session, kind="generated", count=16, label=3).arrays
    np.testing.assert_array_equal(one["generated"][3], every["generated"][3])
    with pytest.raises(ValueError, match="8 classes"):
        ask(session, kind="generated", label=8)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "confusion"}, "a picture of one network"),
        ({"kind": "field", "network": "e"}, "no step calls a network 'e'"),
        ({"kind": "units", "layer": "d/nothing"}, "no layer 'd/nothing'"),
        ({"kind": "generated", "call": "nothing"}, "is named 'nothing'"),
        ({"kind": "samples", "judged": True}, "only the samples of one network"),
    ],
)
def test_what_has_no_picture_says_why(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ask(open_session(GAN), **asked)


def test_one_network_has_no_picture_of_several() -> None:
    document = {"spec": "nn/1", "data": "circle", "network": {"layers": ["linear"]}}
    session = open_session(plan(document))
    with pytest.raises(ValueError, match="this run has one"):
        ask(session, kind="generated")
    with pytest.raises(ValueError, match="one network"):
        ask(session, kind="field", network="d")


def test_batches_of_several_networks_are_drawn_like_those_of_one() -> None:
    data = {"name": "digits", "transforms": [{"type": "noise", "std": 0.5}, "flip"]}
    layers = ["flatten", linear(4, "tanh"), linear(10)]
    alone = {"spec": "nn/1", "data": data, "network": {"layers": layers}}
    call = {"name": "said", "network": "net", "from": "batch"}
    loss = {"type": "cross_entropy", "input": "said", "target": "target"}
    step = {"name": "only", "update": ["net"], "calls": [call], "losses": [loss]}
    networks = {"net": {"input": [1, 8, 8], "layers": layers}}
    several = open_session(
        plan({"spec": "nn/1", "data": data, "networks": networks, "train": {"steps": [step]}})
    )
    single = open_session(plan(alone))
    assert isinstance(single, Session)
    with torch.no_grad():
        for name, value in single.network.layers.own_state().items():
            value.copy_(several.network.layers.own_state()[f"net/{name}"])
    advance(several, 5), advance(single, 5)
    found = several.network.layers.own_state()
    for name, value in single.network.layers.own_state().items():
        assert torch.equal(found[f"net/{name}"], value), name
