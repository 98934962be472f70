"""The shares of dead, active and saturated units are those that a look at every answer finds."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus.probes import ActivityProbe
from gradus_engine import activity
from gradus_engine.probes import probe
from gradus_engine.session import Session
from tests.gradus_engine.documents import document

NET = document(
    [
        {"type": "conv2d", "filters": 6, "activation": "relu"},
        {"type": "conv2d", "filters": 4},
        "leaky_relu",
        "flatten",
        {"type": "linear", "units": 9, "activation": "tanh"},
        {"type": "linear", "units": 5, "activation": "sigmoid"},
        "linear",
    ],
    "digits",
)


def answers(session, count):
    session.network.eval()
    with torch.no_grad():
        return session.network.outputs(session.parts["train"].inputs[:count])


@pytest.mark.proves("A4.shares")
def test_shares_are_counted_over_a_fixed_part_of_the_training_data():
    session = Session(plan(NET))
    with torch.no_grad():
        biases = dict(session.network.layers.named_parameters())
        biases["conv2d_1.bias"][:2] = -100.0
        biases["linear_1.weight"].mul_(40)
    shown = probe(session, ActivityProbe())
    assert shown.meta["layers"] == ["conv2d_1", "leaky_relu_1", "linear_1", "linear_2"]
    outputs = answers(session, shown.meta["samples"])
    np.testing.assert_allclose(shown.arrays["dead"], [2 / 6, np.nan, np.nan, np.nan], atol=1e-6)
    active = [float((outputs[name] > 0).double().mean()) for name in ("conv2d_1", "leaky_relu_1")]
    np.testing.assert_allclose(shown.arrays["active"], [*active, np.nan, np.nan], atol=1e-6)
    # Where less than a tenth of the slope is left: 1 − y² of tanh, 4 y (1 − y) of sigmoid.
    tanh, sigmoid = outputs["linear_1"], outputs["linear_2"]
    flat = [float((1 - tanh**2 < 0.1).double().mean())]
    flat += [float((4 * sigmoid * (1 - sigmoid) < 0.1).double().mean())]
    assert flat[0] > 0.3
    np.testing.assert_allclose(shown.arrays["saturated"][2:], flat, atol=0.01)


def test_a_network_with_many_outputs_is_looked_at_in_parts(monkeypatch):
    session = Session(plan(NET))
    whole = probe(session, ActivityProbe())
    monkeypatch.setattr(activity, "CHUNK_BYTES", 7 * session.plan.totals.activation_bytes)
    parted = probe(session, ActivityProbe())
    for name, shares in whole.arrays.items():
        np.testing.assert_allclose(parted.arrays[name], shares, atol=1e-6)
    monkeypatch.setattr(activity, "WHOLE_BYTES", 1)
    assert probe(session, ActivityProbe()).meta["samples"] == activity.FEWEST_SAMPLES
