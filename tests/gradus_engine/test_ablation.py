"""What a network is worth without some of its units."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.session import Session
from tests.gradus_engine.documents import digits_cnn, everything
from tests.gradus_engine.test_probes import ask, trained


@pytest.fixture(scope="module")
def session():
    return trained(digits_cnn(), steps=30)


def test_without_its_last_layer_a_classifier_answers_the_first_class(session):
    picture = ask(session, kind="ablation", layer="linear_1")
    assert picture.meta["metrics"][:2] == ["loss", "accuracy"]
    targets = session.dataset.validation.targets
    assert picture.arrays["without"][0] == pytest.approx(np.log(10), rel=1e-5)
    assert picture.arrays["without"][1] == pytest.approx(float((targets == 0).double().mean()))
    assert picture.arrays["whole"][1] == pytest.approx(
        session.evaluate("validation")["validation/accuracy"]
    )


def test_a_silent_map_is_a_kernel_of_zeros(session):
    units = [1, 4]
    picture = ask(session, kind="ablation", layer="conv2d_1", units=units)
    other = Session(session.plan, state=session.state())
    layer = other.network.layers["conv2d_1"]
    with torch.no_grad():
        layer.weight[units] = 0
        layer.bias[units] = 0
    expected = other.evaluate("validation")
    assert picture.arrays["without"][0] == pytest.approx(expected["validation/loss"], rel=1e-5)
    assert picture.arrays["without"][0] != pytest.approx(picture.arrays["whole"][0], rel=1e-5)


def test_training_goes_on_as_if_nobody_had_asked():
    asked, left = trained(everything()), trained(everything())
    ask(asked, kind="ablation", layer="conv2d_1", units=[0])
    ask(asked, kind="samples", order="loss")
    for session in (asked, left):
        session.advance()
    tensors, expected = asked.state()[0], left.state()[0]
    assert all(torch.equal(tensors[name], expected[name]) for name in expected)


def test_what_is_not_there_cannot_be_silenced():
    session = Session(plan(digits_cnn()))
    with pytest.raises(ValueError, match="no layer 'conv'"):
        ask(session, kind="ablation", layer="conv")
    with pytest.raises(ValueError, match="conv2d_1 has 16 units, 0 to 15; there is no 16"):
        ask(session, kind="ablation", layer="conv2d_1", units=[3, 16])


def test_gradients_of_kernels_are_those_of_the_last_step(session):
    gradients = ask(session, kind="kernels", layer="conv2d_1", of="gradients").arrays["kernels"]
    expected = session.network.layers["conv2d_1"].weight.grad.numpy()
    assert np.abs(expected).max() > 0
    np.testing.assert_array_equal(gradients, expected)
    untrained = ask(Session(plan(digits_cnn())), kind="kernels", layer="conv2d_1", of="gradients")
    assert not untrained.arrays["kernels"].any()
