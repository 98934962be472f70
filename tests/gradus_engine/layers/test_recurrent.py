"""Recurrent layers: cells stepped by hand, masks, torch's and the notes' GRU."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from tests.gradus_engine.layers.reference import assert_equals, draw, network_of

STEPS, FEATURES, UNITS = 4, 3, 2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def rnn(x, h, c, w, u, b, a):
    return np.tanh(x @ w.T + b + h @ u.T + a), c


def lstm(x, h, c, w, u, b, a):
    i, f, g, o = np.split(x @ w.T + b + h @ u.T + a, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def gru(update="torch", reset="after"):
    def cell(x, h, c, w, u, b, a):
        (xr, xz, xn), (hr, hz, hn) = np.split(x @ w.T + b, 3, 1), np.split(h @ u.T + a, 3, 1)
        r, z = sigmoid(xr + hr), sigmoid(xz + hz)
        if reset == "before":
            hn, r = (r * h) @ u[2 * UNITS :].T + a[2 * UNITS :], 1
        n = np.tanh(xn + r * hn)
        return ((1 - z) * n + z * h if update == "torch" else z * n + (1 - z) * h), c

    return cell


def walked(cell, x, p, name, *, backwards=False):
    """One layer, one way, step by step: outputs [N, L, H] and the last state [N, H]."""
    suffix = "_l0_reverse" if backwards else "_l0"
    own = [p[f"{name}.{each}{suffix}"] for each in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    h, c = np.zeros((len(x), UNITS)), np.zeros((len(x), UNITS))
    outputs = [None] * x.shape[1]
    for step in reversed(range(x.shape[1])) if backwards else range(x.shape[1]):
        h, c = cell(x[:, step], h, c, *own)
        outputs[step] = h
    return np.stack(outputs, 1), h


CELLS = {
    "rnn": ({"type": "rnn"}, rnn),
    "lstm": ({"type": "lstm"}, lstm),
    "gru": ({"type": "gru"}, gru()),
    "gru as in the notes": ({"type": "gru", "update": "notes"}, gru("notes")),
    "gru, reset before": ({"type": "gru", "reset": "before"}, gru("torch", "before")),
}


@pytest.mark.proves("B5.cells")
@pytest.mark.parametrize("case", CELLS)
def test_every_step_equals_the_cell_by_hand(case):
    layer, cell = CELLS[case]
    network = network_of([{**layer, "units": UNITS}], (STEPS, FEATURES))
    name = f"{layer['type']}_1"
    assert_equals(network, lambda x, p: walked(cell, x, p, name)[0], draw(2, STEPS, FEATURES))


@pytest.mark.proves("B5.stacked")
@pytest.mark.parametrize("case", CELLS)
def test_the_last_state_of_both_ways_is_one_behind_the_other(case):
    layer, cell = CELLS[case]
    fields = {"units": UNITS, "bidirectional": True, "returns": "last"}
    network = network_of([{**layer, **fields}], (STEPS, FEATURES))
    name = f"{layer['type']}_1"

    def formula(x, p):
        ways = [walked(cell, x, p, name, backwards=way)[1] for way in (False, True)]
        return np.concatenate(ways, 1)

    assert_equals(network, formula, draw(2, STEPS, FEATURES))


@pytest.mark.proves("B5.masked")
@pytest.mark.parametrize("case", CELLS)
@pytest.mark.parametrize("ways", [False, True])
def test_a_padded_batch_with_a_mask_equals_the_unpadded(case, ways):
    layer, _ = CELLS[case]
    fields = {"units": UNITS, "layers": 2, "bidirectional": ways}
    entry = {**layer, **fields, "name": "r", "from": {"input": "words", "mask": "mask"}}
    layers = [entry, {"type": "concat", "from": ["r.state", "r.state"]}]
    inputs = {"words": ["*", FEATURES], "mask": ["*"]}
    document = {"spec": "nn/1", "network": {"inputs": inputs, "layers": layers}}
    network = build(plan(document), seed=3).double()
    x = torch.from_numpy(draw(1, 3, FEATURES))
    padded = torch.cat([x, torch.full((1, 2, FEATURES), 9.0, dtype=torch.float64)], 1)
    short = network.outputs({"words": x, "mask": torch.ones(1, 3)})
    long = network.outputs({"words": padded, "mask": torch.tensor([[1.0, 1, 1, 0, 0]])})
    torch.testing.assert_close(long["r"][:, :3], short["r"])
    assert not long["r"][:, 3:].any()
    torch.testing.assert_close(long["r.state"], short["r.state"])


@pytest.mark.proves("B5.stacked")
def test_stacked_cells_read_the_outputs_of_those_below():
    network = network_of([{"type": "gru", "units": UNITS, "layers": 2}], (STEPS, FEATURES))

    def formula(x, p):
        first, _ = walked(gru(), x, p, "gru_1")
        above = {name.replace("_l1", "_l0"): value for name, value in p.items() if "_l1" in name}
        return walked(gru(), first, above, "gru_1")[0]

    assert_equals(network, formula, draw(2, STEPS, FEATURES))


@pytest.mark.proves("B5.forget")
@pytest.mark.parametrize("bias", [0.0, 1.0, 2.0])
def test_the_forget_gate_starts_with_the_bias_that_is_said(bias):
    network = network_of([{"type": "lstm", "units": 5, "forget_bias": bias}], (STEPS, FEATURES))
    layer = network.layers["lstm_1"]
    total = (layer.bias_ih_l0 + layer.bias_hh_l0)[5:10]
    assert total.tolist() == [bias] * 5


@pytest.mark.proves("C6")
def test_a_decoder_may_start_from_the_state_of_an_encoder():
    layers = [
        {"type": "gru", "name": "enc", "units": UNITS},
        {
            "type": "gru",
            "name": "dec",
            "units": UNITS,
            "from": {"input": "input", "state": "enc.state"},
        },
    ]
    network = network_of(layers, (STEPS, FEATURES))
    x = torch.from_numpy(draw(2, STEPS, FEATURES))
    values = network.outputs(x)
    assert torch.equal(values["enc.state"], values["enc"][:, -1])
    alone = network_of([layers[0] | {"name": "dec"}], (STEPS, FEATURES))
    alone.layers["dec"].load_state_dict(network.layers["dec"].state_dict())
    assert not torch.allclose(values["dec"], alone(x))
