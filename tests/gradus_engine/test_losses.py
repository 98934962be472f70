"""Losses and the targets that they read, against their formulas."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.session import Session
from tests.gradus_engine.documents import document

OUTPUTS = np.random.default_rng(0).normal(size=(6, 3))


def loss_of(data, layers, loss, outputs):
    """The loss that a session computes when its network gives `outputs` for the first training samples."""
    session = Session(plan(document(layers, data, losses=[loss])))
    targets = session.parts["train"].targets[: len(outputs)]
    truth = session.dataset.train.targets[: len(outputs)].numpy()

    def stub(inputs):
        return torch.from_numpy(outputs).float()

    _, value = session.objective(stub, session.parts["train"].inputs[: len(outputs)], targets)
    return value.item(), truth


@pytest.mark.proves("D1.cross_entropy")
def test_cross_entropy_is_minus_the_log_of_the_share_of_the_truth():
    value, truth = loss_of("iris", ["linear"], "cross_entropy", OUTPUTS)
    shares = np.exp(OUTPUTS) / np.exp(OUTPUTS).sum(axis=1, keepdims=True)
    assert value == pytest.approx(-np.log(shares[np.arange(6), truth]).mean(), rel=1e-5)


@pytest.mark.proves("D1.cross_entropy")
def test_binary_cross_entropy_reads_a_logit_with_class_1_positive():
    z = OUTPUTS[:, :1]
    value, truth = loss_of("circle", ["linear"], "binary_cross_entropy", z)
    chance = 1 / (1 + np.exp(-z[:, 0]))
    assert value == pytest.approx(
        -np.log(np.where(truth == 1, chance, 1 - chance)).mean(), rel=1e-5
    )


@pytest.mark.proves("D1.squared")
@pytest.mark.parametrize(("half", "factor"), [(False, 1.0), (True, 0.5)])
def test_squared_error_of_two_classes_and_one_unit_aims_at_minus_and_plus_1(half, factor):
    z = OUTPUTS[:, :1]
    loss = {"type": "mse", "half": half}
    value, truth = loss_of("circle", ["linear"], loss, z)
    assert value == pytest.approx(factor * ((z[:, 0] - (2 * truth - 1)) ** 2).mean(), rel=1e-5)


@pytest.mark.proves("D1.squared")
def test_squared_error_of_several_classes_aims_at_one_hot_rows():
    value, truth = loss_of("iris", [{"type": "linear", "units": 3}], "mse", OUTPUTS)
    assert value == pytest.approx(((OUTPUTS - np.eye(3)[truth]) ** 2).mean(), rel=1e-5)


@pytest.mark.proves("D1.squared")
def test_squared_error_of_a_regression_reads_the_values():
    z = OUTPUTS[:, :1]
    value, truth = loss_of("plane", ["linear"], "mse", z)
    assert value == pytest.approx(((z - truth) ** 2).mean(), rel=1e-5)


@pytest.mark.proves("D1.squared")
def test_absolute_error_of_a_regression():
    z = OUTPUTS[:, :1]
    value, truth = loss_of("plane", ["linear"], "mae", z)
    assert value == pytest.approx(np.abs(z - truth).mean(), rel=1e-5)


@pytest.mark.proves("D1.huber")
@pytest.mark.parametrize("delta", [0.4, 2.0])
def test_huber_is_a_parabola_within_delta_and_a_line_beyond(delta):
    z = OUTPUTS[:, :1]
    value, truth = loss_of("plane", ["linear"], {"type": "huber", "delta": delta}, z)
    far = np.abs(z - truth)
    bent = np.where(far <= delta, far**2 / 2, delta * (far - delta / 2))
    assert value == pytest.approx(bent.mean(), rel=1e-5)


@pytest.mark.proves("D1.hinge")
def test_hinge_of_one_unit_is_what_is_missing_to_a_margin_of_1():
    z = OUTPUTS[:, :1]
    value, truth = loss_of("circle", ["linear"], "hinge", z)
    assert value == pytest.approx(np.maximum(0, 1 - (2 * truth - 1) * z[:, 0]).mean(), rel=1e-5)


@pytest.mark.proves("D1.hinge")
def test_hinge_of_several_classes_compares_the_truth_with_each_other_class():
    value, truth = loss_of("iris", ["linear"], "hinge", OUTPUTS)
    rows = np.arange(6)
    missing = np.maximum(0, 1 - OUTPUTS[rows, truth][:, None] + OUTPUTS)
    missing[rows, truth] = 0
    assert value == pytest.approx(missing.sum(axis=1).mean(), rel=1e-5)


def test_losses_that_read_the_classes_in_different_forms_stand_side_by_side():
    layers = [{"type": "linear", "units": 1, "name": "aux"}, {"type": "linear", "units": 2}]
    aux = {"type": "mse", "input": "aux"}
    session = Session(plan(document(layers, "circle", losses=["cross_entropy", aux])))
    part = session.parts["train"]
    output, value = session.objective(session.network, part.inputs, part.targets)
    signs = session.network.outputs(part.inputs)["aux"]
    shares = torch.softmax(output.double(), 1)
    entropy = -shares[torch.arange(len(part)), part.targets].log().mean()
    distance = ((signs[:, 0] - (2 * part.targets - 1)) ** 2).mean()
    assert value.item() == pytest.approx((entropy + distance).item(), rel=1e-5)
    session.advance()
    assert set(session.evaluate("validation")) == {"validation/loss", "validation/accuracy"}


def test_a_weight_scales_its_loss():
    plain, _ = loss_of("iris", ["linear"], "cross_entropy", OUTPUTS)
    heavy, _ = loss_of("iris", ["linear"], {"type": "cross_entropy", "weight": 2.5}, OUTPUTS)
    assert heavy == pytest.approx(2.5 * plain, rel=1e-6)


def test_several_losses_add_up_with_their_weights():
    layers = [{"type": "linear", "units": 3, "name": "aux"}, "tanh", "linear"]
    losses = ["cross_entropy", {"type": "cross_entropy", "input": "aux", "weight": 0.3}]
    session = Session(plan(document(layers, "iris", losses=losses)))
    part = session.parts["train"]
    output, value = session.objective(session.network, part.inputs, part.targets)
    aux = session.network.outputs(part.inputs)["aux"]

    def cross_entropy(z):
        shares = torch.softmax(z.double(), 1)
        return -shares[torch.arange(len(z)), part.targets].log().mean()

    expected = cross_entropy(output) + 0.3 * cross_entropy(aux)
    assert value.item() == pytest.approx(expected.item(), rel=1e-5)
