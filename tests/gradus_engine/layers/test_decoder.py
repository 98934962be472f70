"""The recurrent decoder: every step by hand, with and without attention."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from tests.gradus_engine.layers.reference import assert_equals, draw, network_of
from tests.gradus_engine.layers.test_attention import softmax
from tests.gradus_engine.layers.test_recurrent import gru, lstm

STEPS, FEATURES, UNITS = 4, 2, 2
CELLS = {"gru": gru(), "lstm": lstm}
INPUTS = {"x": ["*", FEATURES], "state": [UNITS], "memory": ["*", UNITS], "mask": ["*"]}
ALL = {"input": "x", "state": "state", "memory": "memory", "mask": "mask"}


def weights_of(p):
    return [p[f"dec.{name}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]


def decoded(x, p, cell, attention):
    """The decoder of one sample after the other, its memory its own input."""
    outputs = []
    for sample in x:
        h, c, rows = np.zeros((1, UNITS)), np.zeros((1, UNITS)), []
        for step in sample:
            inputs = step
            if attention == "additive":
                asked = p["dec.score_query"] @ h[0]
                scores = [
                    p["dec.score_weight"][0] @ np.tanh(asked + p["dec.score_key"] @ m)
                    for m in sample
                ]
                inputs = np.concatenate([step, softmax(np.array(scores)) @ sample])
            h, c = CELLS[cell](inputs[None], h, c, *weights_of(p))
            y = h[0]
            if attention == "dot":
                context = softmax(np.array([h[0] @ m for m in sample])) @ sample
                y = np.tanh(p["dec.combine_weight"] @ np.concatenate([context, h[0]]))
            rows.append(y)
        outputs.append(rows)
    return np.array(outputs)


@pytest.mark.proves("C6")
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("attention", ["none", "additive", "dot"])
def test_every_step_equals_the_formula_by_hand(cell, attention):
    layer = {"type": "decoder_rnn", "name": "dec", "units": UNITS, "cell": cell}
    if attention != "none":
        layer |= {"attention": attention, "from": {"input": "input", "memory": "input"}}
    network = network_of([layer], (STEPS, FEATURES))
    assert_equals(network, lambda x, p: decoded(x, p, cell, attention), draw(2, STEPS, FEATURES))


def decoder(attention, cell="gru"):
    layer = {"type": "decoder_rnn", "name": "dec", "units": UNITS, "cell": cell}
    layer |= {"attention": attention, "from": ALL}
    document = {"spec": "nn/1", "network": {"inputs": INPUTS, "layers": [layer]}}
    return build(plan(document), seed=4).double()


def given(steps=STEPS, read=3):
    x, state = draw(2, steps, FEATURES, seed=1), draw(2, UNITS, seed=2)
    memory = draw(2, read, UNITS, seed=3)
    named = {"x": x, "state": state, "memory": memory, "mask": np.ones((2, read))}
    return {name: torch.from_numpy(value) for name, value in named.items()}


@pytest.mark.proves("B6.masks")
@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_a_padded_memory_under_a_mask_equals_the_unpadded(attention):
    network, inputs = decoder(attention), given()
    padding = torch.full((2, 2, UNITS), 9.0, dtype=torch.float64)
    longer = {
        "memory": torch.cat([inputs["memory"], padding], 1),
        "mask": torch.tensor([[1, 1, 1, 0, 0]] * 2),
    }
    short, long = network.outputs(inputs), network.outputs({**inputs, **longer})
    torch.testing.assert_close(long["dec"], short["dec"])
    assert not long["dec.weights"][:, :, 3:].any()
    torch.testing.assert_close(long["dec.weights"].sum(2), torch.ones(2, STEPS).double())


@pytest.mark.proves("B6.masks")
def test_a_memory_that_is_all_hidden_gives_nothing():
    network, inputs = decoder("additive"), given()
    values = network.outputs({**inputs, "mask": torch.zeros(2, 3)})
    assert not values["dec.weights"].any()
    assert values["dec"].isfinite().all()


@pytest.mark.proves("C6")
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_one_step_after_the_other_gives_what_all_at_once_give(cell, attention):
    network, inputs = decoder(attention, cell), given()
    values = network.outputs(inputs)
    layer = network.layers["dec"]
    memory = layer.remember(inputs["memory"], inputs["mask"])
    state = layer.begin(inputs["x"], inputs["state"])
    for step in range(STEPS):
        y, state, weights = layer.step(inputs["x"][:, step], state, memory)
        torch.testing.assert_close(y, values["dec"][:, step])
        torch.testing.assert_close(weights, values["dec.weights"][:, step])
    torch.testing.assert_close(state[0], values["dec.state"])


@pytest.mark.proves("C6")
def test_it_starts_from_the_state_that_it_is_given():
    network, inputs = decoder("additive"), given()
    other = network({**inputs, "state": inputs["state"] + 1})
    assert not torch.allclose(network(inputs)[:, 0], other[:, 0])
