"""What goes on inside a layer: what is told of it makes the output that the layer gives."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from gradus_engine.evaluation import evaluating
from gradus_engine.insides import CROWD, SAMPLE, Look
from gradus_engine.session import Session
from tests.gradus_engine.documents import digits_cnn, document, everything
from tests.gradus_engine.test_probes import ask, trained

HALF = 2e-3  # numbers travel in half precision
ROWS = {"type": "reshape", "shape": [8, 8]}


def sequence(*layers):
    return document([ROWS, *layers, "flatten", "linear"], "digits", batch_size=32)


def looked(session, layer, **asked):
    """The parts of one layer's inside by name, in double precision."""
    arrays = ask(session, kind="inside", layers=[layer], **asked).arrays
    return {
        name.removeprefix(f"{layer}."): array.astype(np.float64) for name, array in arrays.items()
    }


def given(session, layer):
    """What the layer answers to the first validation sample."""
    return ask(session, kind="units", layer=layer).arrays[layer].astype(np.float64)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def before(seen, place=0, state=0, backwards=False):
    """The state before each step: [L, H]."""
    start, states = seen["starts"][place, state][None], seen["states"][place, state]
    return np.concatenate([states[1:], start] if backwards else [start, states[:-1]])


@pytest.mark.proves("B5.gates", "F3")
def test_the_gates_of_each_step_of_an_lstm_make_its_state():
    session = trained(sequence({"type": "lstm", "units": 5}))
    seen = looked(session, "lstm_1")
    i, f, g, o = seen["gates"][0]
    hidden, memory = seen["states"][0]
    np.testing.assert_allclose(f * before(seen, state=1) + i * g, memory, atol=HALF)
    np.testing.assert_allclose(o * np.tanh(memory), hidden, atol=HALF)
    np.testing.assert_allclose(hidden, given(session, "lstm_1"), atol=HALF)
    told = seen["sums"][0].sum(0)
    np.testing.assert_allclose(sigmoid(told[[0, 1, 3]]), [i, f, o], atol=HALF)
    np.testing.assert_allclose(np.tanh(told[2]), g, atol=HALF)


@pytest.mark.proves("B5.gates")
@pytest.mark.parametrize(("update", "reset"), [("torch", "after"), ("notes", "before")])
def test_the_gates_of_a_gru_make_its_state_in_every_variant(update, reset):
    layer = {"type": "gru", "units": 5, "update": update, "reset": reset}
    session = trained(sequence(layer))
    seen = looked(session, "gru_1")
    r, z, n = seen["gates"][0]
    x, h = seen["sums"][0]
    kept = z if update == "torch" else 1 - z
    expected = kept * before(seen) + (1 - kept) * n
    np.testing.assert_allclose(expected, seen["states"][0, 0], atol=HALF)
    np.testing.assert_allclose(expected, given(session, "gru_1"), atol=HALF)
    told = x[2] + (h[2] if reset == "before" else r * h[2])
    np.testing.assert_allclose(np.tanh(told), n, atol=HALF)


@pytest.mark.proves("B5.gates")
def test_every_cell_of_a_stack_that_reads_both_ways_is_watched():
    layer = {"type": "rnn", "units": 3, "layers": 2, "bidirectional": True}
    session = trained(sequence(layer))
    seen = looked(session, "rnn_1")
    assert seen["gates"].shape == (4, 1, 8, 3)
    top = np.concatenate([seen["states"][2, 0], seen["states"][3, 0]], axis=1)
    np.testing.assert_allclose(top, given(session, "rnn_1"), atol=HALF)
    backwards = seen["sums"][3, :, 0].sum(0)
    np.testing.assert_allclose(np.tanh(backwards), seen["states"][3, 0], atol=HALF)
    assert not np.allclose(before(seen, 3, backwards=True), before(seen, 3))


def test_a_convolutional_cell_shows_a_map_a_step():
    film = {"type": "reshape", "shape": [4, 1, 4, 4]}
    cell = {"type": "conv_rnn", "cell": "lstm", "filters": 2, "kernel": 3}
    session = trained(document([film, cell, "flatten", "linear"], "digits"))
    maps = looked(session, "conv_rnn_1")["maps"]
    assert maps.shape == (6, 4, 4, 4)  # i, f, g, o, h, c
    np.testing.assert_allclose(maps[4], given(session, "conv_rnn_1").mean(1), atol=HALF)


@pytest.mark.proves("B6.drawn", "F3")
def test_the_weights_of_attention_are_the_softmax_of_its_scores_and_make_its_answer():
    layer = {"type": "attention", "name": "a", "heads": 2, "causal": True}
    session = trained(sequence(layer))
    seen = looked(session, "a")
    hidden = np.triu(np.ones((8, 8), bool), 1)
    assert (seen["scores"][:, hidden] < -60_000).all()
    powers = np.where(hidden, 0, np.exp(seen["scores"]))
    np.testing.assert_allclose(powers / powers.sum(2, keepdims=True), seen["weights"], atol=HALF)
    of = {k: v.detach().numpy() for k, v in session.network.layers["a"].named_parameters()}
    rows = session.dataset.validation.inputs[0, 0].numpy()
    values = (rows @ of["value_weight"].T + of["value_bias"]).reshape(8, 2, 4)
    # The sum over the keys, written out for each query and head.
    read = np.array(
        [
            [sum(seen["weights"][h, q, k] * values[k, h] for k in range(8)) for h in range(2)]
            for q in range(8)
        ]
    ).reshape(8, 8)
    expected = read @ of["output_weight"].T + of["output_bias"]
    np.testing.assert_allclose(expected, given(session, "a"), atol=5 * HALF)


def test_places_are_what_is_added_to_each_step():
    session = trained(sequence({"type": "positional_encoding", "kind": "learned", "longest": 8}))
    name = "positional_encoding_1"
    rows = session.dataset.validation.inputs[0, 0].numpy()
    np.testing.assert_allclose(
        rows + looked(session, name)["places"], given(session, name), atol=HALF
    )


def look(layers, inputs, x):
    """The inside of the last layer of a network that no data fit: one sample, untrained."""
    written = {"spec": "nn/1", "network": {"inputs": inputs, "layers": layers}}
    network = build(plan(written), seed=2)
    layer = network.plan.layers[-1]
    with evaluating(network):
        values = network.outputs(x)
        read = tuple(values[name] for name in layer.inputs)
        seen = {**SAMPLE, **CROWD}[layer.type](
            Look(layer, network.layers[layer.name], read, values, 1)
        )
    return network, values, seen


def test_a_table_shows_its_rows_their_norms_and_which_are_read():
    words = {"shape": [3], "dtype": "int64"}
    ids = torch.tensor([[4, 0, 4]])
    entry = {"type": "embedding", "name": "e", "words": 5, "units": 2, "from": "words"}
    network, values, seen = look([entry], {"words": words}, {"words": ids})
    assert seen["ids"].tolist() == [4, 0, 4]
    torch.testing.assert_close(seen["table"][seen["ids"]], values["e"][0])
    torch.testing.assert_close(seen["norms"], network.layers["e"].weight.square().sum(1).sqrt())


@pytest.mark.parametrize("kind", ["episodic_memory", "entity_memory"])
def test_a_memory_shows_how_far_each_fact_was_let_in(kind):
    entry = {"type": kind, "name": "m", "from": ["facts", "question"]}
    entry |= {"passes": 2} if kind == "episodic_memory" else {"slots": 6}
    inputs = {"facts": [4, 3], "question": [3]}
    x = {"facts": torch.randn(1, 4, 3), "question": torch.randn(1, 3)}
    _, values, seen = look([entry], inputs, x)
    gates = values["m.gates"][0]
    assert seen["gates"].shape == ((2, 4) if kind == "episodic_memory" else (6, 4))
    torch.testing.assert_close(seen["gates"], gates if kind == "episodic_memory" else gates.T)
    if kind == "entity_memory":
        assert float(seen["weights"].sum()) == pytest.approx(1)


def test_normalization_shows_each_channel_before_and_after():
    session = trained(everything())
    seen = looked(session, "batch_norm_1")
    layer = session.network.layers["batch_norm_1"]
    with evaluating(session.network):
        x = session.network.layers["conv2d_1"](session.parts["train"].inputs[:128])
    moments = torch.stack([x.mean((0, 2, 3)), x.std((0, 2, 3), unbiased=False)], 1)
    np.testing.assert_allclose(seen["before"], moments.numpy(), atol=HALF)
    slope = layer.weight / (layer.running_var + layer.eps).sqrt()
    mean = (moments[:, 0] - layer.running_mean) * slope + layer.bias
    np.testing.assert_allclose(seen["after"][:, 0], mean.detach().numpy(), atol=HALF)
    np.testing.assert_allclose(seen["scale"][:, 0], layer.weight.detach().numpy(), atol=HALF)


def test_a_mask_is_the_one_that_the_last_step_drew():
    session = trained(everything(), steps=0)
    drawn = {}

    def note(_module, inputs, output):
        drawn["on"] = (output != 0)[0]
        drawn["off"] = (output == 0)[0] & (inputs[0] != 0)[0]

    handle = session.network.layers["dropout_1"].register_forward_hook(note)
    session.advance()
    handle.remove()
    seen = looked(session, "dropout_1")
    mask = seen["mask"].astype(bool)
    assert drawn["off"].sum() > 0
    assert not mask[drawn["off"].numpy()].any()
    assert mask[drawn["on"].numpy()].all()
    assert seen["kept"][0] == pytest.approx(0.8, abs=0.03)


def test_ways_are_as_large_as_what_comes_in():
    body = {"type": "residual", "body": [{"type": "linear", "units": 2, "activation": "tanh"}]}
    session = trained(document([body, "linear"]))
    seen = looked(session, "residual_1/add_1")
    x = session.parts["train"].inputs[:128]
    size = float(x.square().mean().sqrt())
    assert min(abs(way - size) for way in seen["ways"]) < 1e-2 * size
    assert len(seen["ways"]) == 2
    assert seen["sum"][0] <= seen["ways"].sum() + HALF


@pytest.mark.proves("A3.curve")
def test_the_inputs_of_a_function_are_counted_between_both_ends():
    session = trained(digits_cnn(), steps=3)
    seen = looked(session, "conv2d_1")
    layer = session.network.layers["conv2d_1"]
    with torch.no_grad():
        x = torch.conv2d(session.parts["train"].inputs[:128], layer.weight, layer.bias, padding=1)
    reach = seen["reach"][0]
    expected, _ = np.histogram(x.clamp(-reach, reach).numpy(), 48, (-reach, reach))
    assert seen["histogram"].sum() == pytest.approx(1, abs=0.01)
    np.testing.assert_allclose(seen["histogram"], expected / x.numel(), atol=HALF)
    assert seen["above"][0] == pytest.approx(float((x > 0).float().mean()), abs=HALF)


def test_what_has_no_inside_is_refused_by_name():
    session = Session(plan(digits_cnn()))
    with pytest.raises(ValueError, match="no layer 'conv'"):
        ask(session, kind="inside", layers=["conv"])
    with pytest.raises(ValueError, match=r"linear_1 .* shows nothing beside its output"):
        ask(session, kind="inside", layers=["conv2d_1", "linear_1"])


def test_at_most_64_layers_are_asked_for():
    with pytest.raises(ValueError, match="64"):
        ask(Session(plan(digits_cnn())), kind="inside", layers=["conv2d_1"] * 65)


def test_training_goes_on_as_if_nobody_had_looked():
    asked, left = trained(everything()), trained(everything())
    ask(asked, kind="inside", layers=["dropout_1", "batch_norm_1"])
    for session in (asked, left):
        session.advance()
    tensors, expected = asked.state()[0], left.state()[0]
    assert all(torch.equal(tensors[name], expected[name]) for name in expected)


def test_a_recurrent_layer_can_be_silenced():
    session = trained(sequence({"type": "lstm", "units": 5}))
    picture = ask(session, kind="ablation", layer="lstm_1")
    assert picture.arrays["without"][0] != pytest.approx(picture.arrays["whole"][0], rel=1e-5)
