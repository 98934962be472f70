"""The recurrent decoder: every step by hand, with and without attention."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus.seeds import derive
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


def decoded(x, p, cell, attention, told=None):
    """The decoder of one sample after the other, its memory its own input.

    `told` [N, L] says which steps are read as they are given; all of them unless it is there.
    """
    outputs = []
    told = np.ones(x.shape[:2]) if told is None else told
    for sample, reads in zip(x, told, strict=True):
        h, c, rows = np.zeros((1, UNITS)), np.zeros((1, UNITS)), []
        for step, read in zip(sample, reads, strict=True):
            step = step if read or not rows else p["dec.feedback_weight"] @ rows[-1]
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


def reading_itself(cell, attention, **fields):
    layer = {"type": "decoder_rnn", "name": "dec", "units": UNITS, "cell": cell, **fields}
    if attention != "none":
        layer |= {"attention": attention, "from": {"input": "input", "memory": "input"}}
    return network_of([layer], (STEPS, FEATURES))


@pytest.mark.proves("C6")
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("attention", ["none", "additive", "dot"])
def test_every_step_equals_the_formula_by_hand(cell, attention):
    network = reading_itself(cell, attention)
    assert_equals(network, lambda x, p: decoded(x, p, cell, attention), draw(2, STEPS, FEATURES))


def drawn_steps(share, step, samples):
    """Which steps of the decoder above are read as given in a step of training, by its seed."""
    generator = torch.Generator().manual_seed(derive(1, "teacher", "dec", step))
    told = torch.empty(samples, STEPS, dtype=torch.float64)
    return told.bernoulli_(share, generator=generator).numpy()


NOTHING = np.zeros((3, STEPS))
SOME = drawn_steps(0.5, 2, 3)


@pytest.mark.proves("C6")
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("attention", ["none", "additive", "dot"])
@pytest.mark.parametrize(
    ("share", "training", "told"),
    [(0, True, NOTHING), (0, False, NOTHING), (0.5, False, NOTHING), (0.5, True, SOME)],
    ids=["trained free", "free", "free after some", "trained on some"],
)
def test_a_step_that_is_not_told_reads_what_the_step_before_gave(
    share, training, told, cell, attention
):
    network = reading_itself(cell, attention, teacher_forcing=share).train(training)
    network.moment.step = 2
    x = draw(3, STEPS, FEATURES)
    assert_equals(network, lambda x, p: decoded(x, p, cell, attention, told), x)


def test_the_draws_above_tell_some_steps_and_not_others():
    assert 0 < SOME[:, 1:].mean() < 1


def test_a_share_of_1_is_the_decoder_without_one_bit_by_bit():
    x = torch.from_numpy(draw(2, STEPS, FEATURES))
    plain, told = (reading_itself("gru", "dot", **each) for each in ({}, {"teacher_forcing": 1}))
    assert plain.layers["dec"].state_dict().keys() == told.layers["dec"].state_dict().keys()
    assert torch.equal(plain(x), told(x))
    # Another parameter leaves the first values of the others as they were.
    fed = reading_itself("gru", "dot", teacher_forcing=0.5).layers["dec"].state_dict()
    assert all(torch.equal(v, fed[name]) for name, v in plain.layers["dec"].state_dict().items())


def test_what_is_told_follows_from_seed_layer_and_step_alone():
    told = {"type": "decoder_rnn", "units": UNITS, "teacher_forcing": 0.5, "from": "input"}
    layers = [{**told, "name": "a"}, {**told, "name": "b"}]
    network = network_of(layers, (30, FEATURES)).train()
    x = torch.from_numpy(draw(4, 30, FEATURES))
    network.layers["b"].load_state_dict(network.layers["a"].state_dict())

    def answers(step):
        network.moment.step = step
        return network.outputs(x)

    first = answers(7)
    assert torch.equal(answers(7)["a"], first["a"])
    assert not torch.equal(answers(8)["a"], first["a"])
    assert not torch.equal(first["b"], first["a"])
    network.eval()
    assert torch.equal(answers(7)["a"], answers(8)["b"])


def test_one_step_alone_is_always_given():
    network = reading_itself("gru", "none", teacher_forcing=0)
    x = torch.from_numpy(draw(2, 1, FEATURES))
    assert torch.equal(network.train()(x), network.eval()(x))


def decoder(attention, cell="gru", teacher_forcing=1):
    layer = {"type": "decoder_rnn", "name": "dec", "units": UNITS, "cell": cell}
    layer |= {"attention": attention, "from": ALL, "teacher_forcing": teacher_forcing}
    document = {"spec": "nn/1", "network": {"inputs": INPUTS, "layers": [layer]}}
    return build(plan(document), seed=4).double()


def given(steps=STEPS, read=3):
    x, state = draw(2, steps, FEATURES, seed=1), draw(2, UNITS, seed=2)
    memory = draw(2, read, UNITS, seed=3)
    named = {"x": x, "state": state, "memory": memory, "mask": np.ones((2, read))}
    return {name: torch.from_numpy(value) for name, value in named.items()}


@pytest.mark.proves("B6.masks")
@pytest.mark.parametrize("teacher_forcing", [1, 0])
@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_a_padded_memory_under_a_mask_equals_the_unpadded(attention, teacher_forcing):
    network, inputs = decoder(attention, teacher_forcing=teacher_forcing), given()
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
