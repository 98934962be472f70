"""Pictures of a network: what is asked is what the arithmetic says."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix

from gradus.plan import plan
from gradus.probes import PROBE
from gradus_engine.probes import probe
from gradus_engine.session import Session
from tests.gradus_engine.documents import digits_cnn, document, everything, spiral, toy


def ask(session, **asked):
    return probe(session, PROBE.validate_python(asked))


def trained(written, steps=5):
    session = Session(plan(written))
    for _ in range(steps):
        session.advance()
    return session


def line(data="circle", slope=(1.0, 0.0), bias=0.0, **train):
    """A session whose network is the one line `slope · (x, y) + bias`."""
    session = Session(plan(document(["linear"], data, **train)))
    layer = session.network.layers["linear_1"]
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([slope]))
        layer.bias.fill_(bias)
    return session


def test_a_field_has_its_first_row_on_top_and_its_first_column_left():
    rightwards = ask(line("plane"), kind="field", resolution=4, extent=2).arrays["field"]
    assert rightwards.shape == (1, 4, 4)
    assert rightwards[0].tolist() == [[-1.5, -0.5, 0.5, 1.5]] * 4
    upwards = ask(line("plane", (0.0, 1.0)), kind="field", resolution=4, extent=2).arrays["field"]
    assert upwards[0, :, 0].tolist() == [1.5, 0.5, -0.5, -1.5]


def test_a_logit_is_shown_between_minus_and_plus_1():
    given = ask(line(slope=(2.0, 0.0), bias=0.3), kind="field", resolution=4, extent=2).arrays[
        "field"
    ]
    logits = 2 * np.array([-1.5, -0.5, 0.5, 1.5]) + 0.3
    np.testing.assert_allclose(given[0, 0], 2 / (1 + np.exp(-logits)) - 1, rtol=1e-5)


def test_squared_error_is_shown_as_it_comes():
    given = ask(line(slope=(2.0, 0.0), losses=["mse"]), kind="field", resolution=4, extent=2)
    np.testing.assert_allclose(given.arrays["field"][0, 0], [-3, -1, 1, 3], rtol=1e-6)


def test_several_classes_are_shown_as_their_shares():
    data = {"name": "gauss", "options": {"classes": 3}}
    field = ask(trained(document(["linear"], data)), kind="field", resolution=8).arrays["field"]
    assert field.shape == (3, 8, 8)
    np.testing.assert_allclose(field.sum(axis=0), 1, rtol=1e-5)


def test_unit_fields_hold_every_unit_of_every_layer():
    session = trained(spiral())
    picture = ask(session, kind="unit_fields", resolution=6, extent=6)
    assert {name: a.shape for name, a in picture.arrays.items()} == {
        "input": (2, 6, 6),
        "features_1": (7, 6, 6),
        "linear_1": (8, 6, 6),
        "linear_2": (8, 6, 6),
        "linear_3": (1, 6, 6),
    }
    assert picture.arrays["input"][:, 0, 0].tolist() == [-5, 5]
    x, y = picture.arrays["input"]
    np.testing.assert_allclose(picture.arrays["features_1"][4], x * y, rtol=1e-5)
    point = torch.tensor([[x[2, 3], y[2, 3]]])
    expected = session.network.outputs(point)["linear_2"][0].detach().numpy()
    np.testing.assert_allclose(picture.arrays["linear_2"][:, 2, 3], expected, rtol=1e-5)


@pytest.mark.parametrize("kind", ["field", "unit_fields"])
def test_a_field_needs_a_plane(kind):
    with pytest.raises(ValueError, match=r"two numbers; these have shape \[1, 8, 8\]"):
        ask(Session(plan(digits_cnn())), kind=kind)


def test_units_are_each_layer_s_output_for_a_sample_in_eval_mode():
    session = trained(everything())
    picture = ask(session, kind="units", sample={"part": "test", "index": 3})
    sample = session.dataset.test.inputs[3:4]
    expected = session.network.eval().outputs(sample)
    assert picture.arrays.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(picture.arrays[name], values[0].detach().numpy(), rtol=1e-6)
    assert picture.meta["target"] == session.dataset.test.targets[3].item()
    assert picture.meta["classes"] == list("0123456789")
    assert picture.step == 5


def test_maps_are_the_outputs_that_are_pictures():
    session = trained(digits_cnn())
    shapes = {name: a.shape for name, a in ask(session, kind="maps").arrays.items()}
    assert shapes == {
        "input": (1, 8, 8),
        "conv2d_1": (16, 8, 8),
        "max_pool2d_1": (16, 4, 4),
        "conv2d_2": (32, 4, 4),
        "max_pool2d_2": (32, 2, 2),
    }
    one = ask(session, kind="maps", layer="conv2d_2").arrays
    np.testing.assert_array_equal(one["conv2d_2"], ask(session, kind="units").arrays["conv2d_2"])
    assert list(one) == ["conv2d_2"]


def test_what_is_not_there_is_refused_by_name():
    session = Session(plan(digits_cnn()))
    with pytest.raises(ValueError, match="no layer 'conv'"):
        ask(session, kind="units", layer="conv")
    with pytest.raises(ValueError, match="linear_1 has no maps"):
        ask(session, kind="maps", layer="linear_1")
    with pytest.raises(ValueError, match="'linear_1' is not a convolution"):
        ask(session, kind="kernels", layer="linear_1")
    with pytest.raises(ValueError, match="test has 269 samples; there is no number 269"):
        ask(session, kind="units", sample={"part": "test", "index": 269})


def test_kernels_are_the_weights_of_a_convolution():
    session = trained(digits_cnn())
    kernels = ask(session, kind="kernels", layer="conv2d_2").arrays["kernels"]
    np.testing.assert_array_equal(
        kernels, session.network.layers["conv2d_2"].weight.detach().numpy()
    )


def test_weights_are_every_parameter_and_buffer_in_float16():
    session = trained(everything())
    weights = ask(session, kind="weights").arrays
    state = session.network.layers.state_dict()
    assert weights.keys() == state.keys()
    for name, value in state.items():
        assert weights[name].dtype == np.float16
        np.testing.assert_allclose(weights[name], value.numpy(), rtol=1e-3, atol=1e-7)


def test_what_float16_cannot_hold_is_clipped():
    weights = ask(line(slope=(1e9, -1e9)), kind="weights").arrays["linear_1.weight"]
    assert weights.tolist() == [[65504, -65504]]


def test_the_weights_of_a_large_network_do_not_travel():
    session = Session(plan(document([{"type": "linear", "units": 60_000}, "linear"])))
    with pytest.raises(ValueError, match="up to 50,000 parameters; this network has 240,001"):
        ask(session, kind="weights")


@pytest.mark.proves("E4.norms")
def test_norms_are_root_mean_squares_of_weights_gradients_and_updates():
    sgd = {"type": "sgd", "learning_rate": 0.1}
    session = trained(toy(optimizer=sgd, batch_size="all"))
    before = session.network.layers["linear_1"].weight.detach().clone()
    bias_before = session.network.layers["linear_1"].bias.detach().clone()
    session.advance()
    layer = session.network.layers["linear_1"]
    picture = ask(session, kind="norms")
    assert picture.meta["layers"] == ["linear_1", "linear_2"]

    def rms(*tensors):
        flat = np.concatenate([t.detach().numpy().ravel() for t in tensors])
        return math.sqrt((flat**2).mean())

    moved = rms(layer.weight - before, layer.bias - bias_before)
    assert picture.arrays["weights"][0] == pytest.approx(rms(layer.weight, layer.bias), rel=1e-5)
    assert picture.arrays["updates"][0] == pytest.approx(moved, rel=1e-3)
    assert picture.arrays["gradients"][0] == pytest.approx(moved / 0.1, rel=1e-3)


@pytest.mark.proves("E4.norms")
def test_before_the_first_step_nothing_has_moved():
    arrays = ask(Session(plan(toy())), kind="norms").arrays
    assert arrays["updates"].tolist() == [0, 0]
    assert arrays["gradients"].tolist() == [0, 0]


@pytest.mark.proves("D1.confusion")
@pytest.mark.parametrize("written", [toy(), digits_cnn(), toy(losses=["mse"])])
def test_confusion_counts_truth_by_row_and_answer_by_column(written):
    session = trained(written, steps=30)
    picture = ask(session, kind="confusion", part="test")
    outputs = session.network.eval()(session.dataset.test.inputs)
    answers = (outputs[:, 0] > 0).long() if outputs.shape[1] == 1 else outputs.argmax(1)
    expected = confusion_matrix(session.dataset.test.targets, answers.numpy())
    np.testing.assert_array_equal(picture.arrays["counts"], expected)


def test_a_regression_has_no_confusion():
    with pytest.raises(ValueError, match="needs a classification"):
        ask(line("plane"), kind="confusion")


def test_samples_are_the_data_with_their_targets():
    session = Session(plan(digits_cnn()))
    picture = ask(session, kind="samples", part="validation", start=260, count=50)
    part = session.dataset.validation
    np.testing.assert_array_equal(picture.arrays["inputs"], part.inputs[260:].numpy())
    assert picture.arrays["targets"].tolist() == part.targets[260:].tolist()
    assert picture.meta["total"] == 270


def test_samples_of_a_regression_carry_values():
    picture = ask(line("plane"), kind="samples", count=7)
    assert picture.arrays["targets"].shape == (7, 1)
    assert picture.arrays["targets"].dtype == np.float32


@pytest.mark.parametrize(
    "asked", [{"kind": "units"}, {"kind": "confusion"}, {"kind": "weights"}, {"kind": "norms"}]
)
def test_a_probe_leaves_the_network_training(asked):
    session = trained(everything())
    ask(session, **asked)
    assert session.network.training
    assert torch.is_grad_enabled()
