"""A recurrent layer of convolutions: every step by hand, with the sums written out."""

import numpy as np
import pytest
import torch

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of
from tests.gradus_engine.layers.test_recurrent import sigmoid

T, C, FILTERS, SIDE = 2, 1, 1, 3


def convolved(x, kernels, bias):
    """[C, H, W] under kernels [F, C, k, m], zeros around it, one more behind if even: [F, H, W]."""
    k, m = kernels.shape[2:]
    wide = np.pad(x, ((0, 0), ((k - 1) // 2, k // 2), ((m - 1) // 2, m // 2)))
    y = np.zeros((len(kernels), *x.shape[1:]))
    for f, i, j in np.ndindex(y.shape):
        y[f, i, j] = (kernels[f] * wide[:, i : i + k, j : j + m]).sum() + bias[f]
    return y


def rnn(a, b, h, c):
    return np.tanh(a + b), c


def gru(a, b, h, c):
    (a_r, a_z, a_n), (b_r, b_z, b_n) = np.split(a, 3), np.split(b, 3)
    z = sigmoid(a_z + b_z)
    return (1 - z) * np.tanh(a_n + sigmoid(a_r + b_r) * b_n) + z * h, c


def lstm(a, b, h, c):
    i, f, g, o = np.split(a + b, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


@pytest.mark.proves("B5.pictures")
@pytest.mark.parametrize("cell", [rnn, gru, lstm], ids=lambda cell: cell.__name__)
@pytest.mark.parametrize("returns", ["sequence", "last"])
@pytest.mark.parametrize("kernel", [3, [2, 1]], ids=["odd", "even"])
def test_every_picture_equals_the_cell_by_hand(cell, returns, kernel):
    layer = {"type": "conv_rnn", "name": "r", "cell": cell.__name__, "filters": FILTERS}
    layer |= {"kernel": kernel}
    network = network_of([{**layer, "returns": returns}], (T, C, SIDE, SIDE))

    def formula(x, p):
        films = []
        for film in x:
            h = c = np.zeros((FILTERS, SIDE, SIDE))
            states = []
            for picture in film:
                a = convolved(picture, p["r.weight_ih"], p["r.bias_ih"])
                h, c = cell(a, convolved(h, p["r.weight_hh"], p["r.bias_hh"]), h, c)
                states.append(h)
            films.append(states if returns == "sequence" else h)
        return np.array(films)

    assert_equals(network, formula, draw(1, T, C, SIDE, SIDE))


@pytest.mark.proves("B5.pictures")
def test_a_film_goes_on_from_the_state_where_another_ended():
    first = {"type": "conv_rnn", "name": "a", "filters": 2, "cell": "gru"}
    then = {"type": "conv_rnn", "name": "b", "filters": 2, "cell": "gru"}
    network = network_of([first, {**then, "from": ["input", "a.state"]}], (T, C, SIDE, SIDE))
    network.layers["b"].load_state_dict(network.layers["a"].state_dict())
    x = torch.from_numpy(draw(1, T, C, SIDE, SIDE))
    twice = network_of([first], (2 * T, C, SIDE, SIDE))
    twice.layers["a"].load_state_dict(network.layers["a"].state_dict())
    torch.testing.assert_close(network(x), twice(torch.cat([x, x], 1))[:, T:])
