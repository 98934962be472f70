"""The compiled loop against PyTorch's own steps: the same losses, weights and optimizer's vectors."""

import copy
from typing import Any

import numpy as np
import pytest
import torch

from gradus.controls import Changes, WeightEdit
from gradus.plan import plan
from gradus_engine.session import Session

STEPS = 40


def hidden(activation: str = "tanh", **fields: Any) -> dict[str, Any]:
    return {"type": "linear", "units": 8, "activation": activation, **fields}


FEATURES = {"type": "features", "terms": ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]}
NET = [FEATURES, hidden(), hidden(), "linear"]


def document(layers: list[Any], data: str = "spiral", **train: Any) -> dict[str, Any]:
    return {
        "spec": "nn/1",
        "data": {"name": data},
        "network": {"layers": layers},
        "train": {"epochs": 1000, "batch_size": 10, **train},
    }


def fast(written: dict[str, Any]) -> Session:
    session = Session(plan(written), threads=1)
    assert session.identity()["tier"] == "dense"
    return session


def plain(written: dict[str, Any]) -> Session:
    eager = copy.deepcopy(written)
    eager["train"]["tier"] = "eager"
    session = Session(plan(eager), threads=1)
    assert session.identity()["tier"] == "eager"
    return session


def to(session: Session, step: int) -> Session:
    while session.step < step:
        session.advance(step - session.step)
    return session


def assert_alike(written: dict[str, Any], tolerance: float = 2e-5) -> None:
    ours, theirs = to(fast(written), STEPS), to(plain(written), STEPS)
    torch.testing.assert_close(ours.flat.values, theirs.flat.values, rtol=0, atol=tolerance)
    torch.testing.assert_close(
        ours.optimizer.last_update(), theirs.optimizer.last_update(), rtol=0, atol=tolerance
    )
    for name, vector in theirs.optimizer.vectors.items():
        # Quotients by small spreads magnify what is rounded differently.
        near = max(tolerance, 2e-4 * float(vector.abs().max()))
        torch.testing.assert_close(ours.optimizer.vectors[name], vector, rtol=1e-3, atol=near)
    ours_said, theirs_said = ours.take_record(), theirs.take_record()
    assert ours_said.keys() == theirs_said.keys()
    for name, values in theirs_said.items():
        np.testing.assert_allclose(ours_said[name], values, rtol=1e-4, atol=1e-5)
    assert_measured_alike(ours, theirs)


def assert_measured_alike(ours: Session, theirs: Session) -> None:
    for name in ("train_eval", "validation", "test"):
        expected = theirs.evaluate(name)
        assert ours.evaluate(name) == pytest.approx(expected, rel=1e-4, abs=1e-4)


@pytest.mark.proves("A2", "A3")
@pytest.mark.parametrize(
    "name",
    [
        "identity",
        "step",
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "elu",
        "gelu",
        "silu",
        "softmax",
        "log_softmax",
    ],
)
def test_every_activation(name):
    assert_alike(document([FEATURES, hidden(name), hidden(), "linear"]))


@pytest.mark.proves("D3")
@pytest.mark.parametrize(
    "optimizer",
    [
        {"type": "sgd", "learning_rate": 0.05},
        {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
        {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
        {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "dampening": 0.9},
        {"type": "adam"},
        {"type": "adamw", "weight_decay": 0.1},
        {"type": "adagrad", "lr_decay": 0.01},
        {"type": "adadelta"},
        {"type": "rmsprop"},
        {"type": "rmsprop", "centered": True, "momentum": 0.5},
    ],
    ids=str,
)
def test_every_optimizer(optimizer):
    assert_alike(document(NET, optimizer=optimizer), 1e-4)


@pytest.mark.proves("D1")
@pytest.mark.parametrize(
    ("data", "units", "loss"),
    [
        *(
            ("iris", 3, {"type": name})
            for name in ("mse", "mae", "huber", "cross_entropy", "hinge")
        ),
        *(("spiral", 1, {"type": name}) for name in ("mse", "mae", "hinge")),
        ("spiral", 1, {"type": "binary_cross_entropy", "weight": 0.3}),
        ("spiral", 1, {"type": "mse", "half": True, "weight": 2}),
        ("spiral", 1, {"type": "huber", "delta": 0.2}),
        ("plane", 1, {"type": "mse"}),
    ],
    ids=str,
)
def test_every_loss(data, units, loss):
    layers = [hidden(), {"type": "linear", "units": units}]
    assert_alike(document(layers, data, losses=[loss]))


def test_metrics_of_a_part():
    names = ["error", "top5", "accuracy"]
    layers = [hidden(), {"type": "linear", "units": 10}]
    written = document(["flatten", *layers], "digits", metrics=names)
    ours, theirs = to(fast(written), 10), to(plain(written), 10)
    assert_measured_alike(ours, theirs)
    assert [*ours.evaluate("test")] == ["test/loss", *(f"test/{name}" for name in names)]


def test_losses_of_answers_that_are_nearly_certain():
    points = [[0.5, 0.5, 1], [-0.5, -0.5, 0]] * 20
    data = {"name": "drawn", "options": {"points": points}}
    written = {**document(["linear"]), "data": data}
    session = fast(written)
    for size in (0.2, 1.0, 7.0, 21.0):
        edits = [WeightEdit(name="linear_1.weight", index=[0, n], value=size) for n in (0, 1)]
        edits += [WeightEdit(name="linear_1.bias", index=[0], value=0.0)]
        session.apply(Changes(weights=edits))
        expected = np.log1p(np.exp(-size))
        assert session.evaluate("train_eval")["train_eval/loss"] == pytest.approx(
            expected, rel=1e-6
        )


@pytest.mark.parametrize(
    "layer",
    [
        {"type": "dropout", "rate": 0.3},
        {"type": "dropout", "rate": 0},
        {"type": "gaussian_noise", "std": 0.2},
        "rrelu",
        "prelu",
        {"type": "prelu", "slopes": "channel"},
        {"type": "maxout", "pieces": 2},
        {"type": "gelu", "approximate": "tanh"},
        {"type": "leaky_relu", "negative_slope": 0.3},
        {"type": "elu", "alpha": 2},
        "softmax",
        "flatten",
    ],
    ids=str,
)
def test_every_layer_between(layer):
    assert_alike(document([hidden(), layer, hidden("identity"), layer, "linear"]))


@pytest.mark.proves("E2")
@pytest.mark.parametrize(
    "train",
    [
        {"l1": 0.01, "l2": 0.02},
        {"clip": {"norm": 0.1}},
        {"clip": {"value": 0.01}},
        {"gradient_noise": {"eta": 0.1}},
        {"schedule": {"type": "cosine"}, "epochs": 30},
        {"order": "sorted"},
        {"order": "stratified"},
        {"batch_size": "all"},
        {"batch_size": 7},
        {"weight_decay": 0.1},
        {"early_stopping": {"patience": 3}},
    ],
    ids=str,
)
def test_everything_else_that_changes_a_step(train):
    assert_alike(document(NET, **train))


def test_layers_without_bias_and_with_a_decay_of_their_own():
    assert_alike(document([hidden(bias=False), hidden(weight_decay=0.3), "linear"]))


@pytest.mark.proves("A2")
@pytest.mark.parametrize(("units", "batch"), [(1, 1), (5, 16), (17, 33), (33, 2), (64, 48)])
def test_sizes_that_leave_lanes_and_tiles_over(units, batch):
    layers = [hidden(units=units), hidden(units=units + 3), "linear"]
    assert_alike(document([FEATURES, *layers], batch_size=batch))


def test_pictures_are_read_flat():
    layers = ["flatten", {"type": "linear", "units": 32, "activation": "relu"}, "linear"]
    assert_alike(document(layers, "digits", batch_size=32))


DRAWING = document(
    [FEATURES, hidden(), {"type": "dropout", "rate": 0.2}, "linear"],
    l2=0.001,
    gradient_noise={},
    schedule={"type": "exponential"},
)


def test_step_by_step_or_many_at_once_is_the_same_to_the_bit():
    many, single = to(fast(DRAWING), 300), fast(DRAWING)
    while single.step < 300:
        single.advance()
    assert torch.equal(many.flat.values, single.flat.values)
    for name, values in single.take_record().items():
        assert np.array_equal(many.take_record().get(name, values), values)


def test_a_lane_alone_is_the_same_to_the_bit_as_among_64():
    written = [{**DRAWING, "train": {**DRAWING["train"], "seed": seed}} for seed in range(64)]
    beside = [fast(each) for each in written]
    while any(session.step < 60 for session in beside):
        for session in beside:
            session.advance(min(7, max(1, 60 - session.step)))
    for seed in (0, 17, 63):
        alone = to(fast(written[seed]), beside[seed].step)
        assert torch.equal(alone.flat.values, beside[seed].flat.values)


def test_going_on_from_a_checkpoint_is_the_same_to_the_bit():
    straight, first = to(fast(DRAWING), 100), to(fast(DRAWING), 37)
    second = to(Session(plan(DRAWING), threads=1, state=first.state()), 100)
    assert second.identity()["tier"] == "dense"
    assert torch.equal(straight.flat.values, second.flat.values)


def test_a_run_that_began_by_plain_steps_goes_on_by_them():
    begun = plain(document(NET))
    begun.advance()
    resumed = Session(plan(document(NET)), threads=1, state=begun.state())
    assert resumed.identity()["tier"] == "eager"


def test_changes_by_hand_hold_from_the_next_step_on():
    ours, theirs = fast(document(NET)), plain(document(NET))
    edit = WeightEdit(name="linear_1.weight", index=[2, 0], value=1.5)
    for session in (ours, theirs):
        to(session, 10)
        session.apply(Changes(learning_rate=0.1, batch_size=3, l1=0.01, weights=[edit]))
        to(session, 20)
    torch.testing.assert_close(ours.flat.values, theirs.flat.values, rtol=0, atol=1e-5)
    assert ours.samples == theirs.samples == 130


def test_what_is_not_finite_stays_so():
    layers = [FEATURES, hidden("identity"), {"type": "linear", "units": 1}]
    optimizer = {"type": "sgd", "learning_rate": 1e30}
    written = document(layers, losses=["mse"], optimizer=optimizer)
    for session in (fast(written), plain(written)):
        losses = to(session, STEPS).take_record()["train/loss"]
        assert np.isnan(losses[-1])
        assert session.flat.values.isnan().any()


def test_no_step_begins_at_the_samples_that_end_a_call():
    session = fast(document(NET))
    for _ in range(3):
        session.advance(5)
    size = len(session.parts["train"])
    while session.samples < size:
        session.advance(1000, size)
    assert session.samples == size


def test_ends_of_epochs_are_told_where_they_were():
    session = fast(document(NET))
    over: list[int] = []
    while session.step < 200:
        over += session.advance(200 - session.step, 10**9)
    steps = -(-len(session.parts["train"]) // 10)
    assert over == list(range(steps, 201, steps))


@pytest.mark.parametrize(
    "written",
    [
        document([hidden(), {"type": "linear", "units": 3}], "iris", losses=["mse", "hinge"]),
        document([hidden(), "batch_norm", "linear"]),
        document([{"type": "linear", "units": 1}], optimizer="perceptron"),
        document(NET, precision="float64"),
        document([hidden(trainable=False), "linear"]),
        document([{"type": "conv2d", "filters": 2}, "flatten", "linear"], "digits"),
        document(
            ["flatten", {"type": "linear", "units": 4000}, "linear"], "digits", batch_size=512
        ),
        document([hidden(), {"type": "residual", "body": [hidden()]}, "linear"]),
    ],
    ids=[
        "two losses",
        "norm",
        "perceptron",
        "float64",
        "frozen",
        "convolution",
        "wide",
        "residual",
    ],
)
def test_what_the_loop_does_not_know_trains_by_plain_steps(written):
    session = Session(plan(written), threads=1)
    assert session.identity()["tier"] == "eager"
    session.advance()
    assert session.step == 1
