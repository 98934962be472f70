"""Embeddings and places in a sequence against their formulas."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from tests.gradus_engine.layers.reference import assert_equals, draw, network_of

WORDS = np.array([[3, 1, 0, 3], [2, 2, 4, 0]])


def of_words(layers, shape=(4,)):
    network = {"input": {"shape": list(shape), "dtype": "int64"}, "layers": layers}
    return build(plan({"spec": "nn/1", "network": network}), seed=1).double()


def table(network, name):
    return network.layers[name].weight.detach().numpy()


@pytest.mark.proves("B7.embedding")
def test_an_embedding_looks_rows_up():
    network = of_words([{"type": "embedding", "words": 5, "units": 3}])
    y = network(torch.from_numpy(WORDS))
    assert np.array_equal(y.detach().numpy(), table(network, "embedding_1")[WORDS])


@pytest.mark.proves("B7.embedding")
def test_padding_is_zero_and_learns_nothing():
    network = of_words([{"type": "embedding", "words": 5, "units": 3, "padding": 0}])
    y = network(torch.from_numpy(WORDS))
    assert not y[torch.from_numpy(WORDS == 0)].any()
    y.sum().backward()
    slopes = network.layers["embedding_1"].weight.grad
    assert not slopes[0].any()
    assert slopes[3].tolist() == [2, 2, 2]


@pytest.mark.proves("C8.flat")
@pytest.mark.parametrize("mode", ["mean", "sum"])
def test_a_bag_of_words_forgets_their_order_and_its_padding(mode):
    layer = {"type": "embedding_bag", "words": 5, "units": 3, "mode": mode, "padding": 0}
    network = of_words([layer])
    y = network(torch.from_numpy(WORDS)).detach().numpy()
    rows = table(network, "embedding_bag_1")
    for sample, answer in zip(WORDS, y, strict=True):
        kept = rows[sample[sample != 0]]
        np.testing.assert_allclose(answer, kept.mean(0) if mode == "mean" else kept.sum(0))
    turned = network(torch.from_numpy(WORDS[:, ::-1].copy())).detach().numpy()
    np.testing.assert_allclose(turned, y)


@pytest.mark.proves("C8.flat")
def test_runs_of_two_words_tell_their_order():
    layer = {"type": "embedding_bag", "words": 5, "units": 3, "ngrams": 2, "buckets": 101}
    network = of_words([layer])
    y = network(torch.from_numpy(WORDS)).detach().numpy()
    turned = network(torch.from_numpy(WORDS[:, ::-1].copy())).detach().numpy()
    assert not np.allclose(turned, y)


@pytest.mark.proves("B7.positions")
def test_places_are_waves_of_falling_frequency():
    network = network_of(["positional_encoding"], (6, 5))
    waves = np.zeros((6, 5))
    for t in range(6):
        for i in range(5):
            angle = t / 10_000 ** (2 * (i // 2) / 5)
            waves[t, i] = np.sin(angle) if i % 2 == 0 else np.cos(angle)
    assert_equals(network, lambda x, p: x + waves, draw(2, 6, 5))


@pytest.mark.proves("B7.positions")
def test_learned_places_are_a_table():
    layer = {"type": "positional_encoding", "kind": "learned", "longest": 7, "scale": True}
    network = network_of([layer], (6, 4))

    def formula(x, p):
        return 2 * x + p["positional_encoding_1.weight"][:6]

    assert_equals(network, formula, draw(2, 6, 4))


def test_several_inputs_are_given_by_name():
    layers = [
        {"type": "linear", "name": "a", "units": 2, "bias": False},
        {"type": "linear", "name": "b", "units": 2, "bias": False, "from": "right"},
        {"type": "add", "from": ["a", "b"]},
    ]
    inputs = {"left": [3], "right": [2]}
    document = {"spec": "nn/1", "network": {"inputs": inputs, "layers": layers}}
    network = build(plan(document), seed=1)
    left, right = torch.ones(4, 3), torch.full((4, 2), 0.5)
    expected = left @ network.layers["a"].weight.T + right @ network.layers["b"].weight.T
    torch.testing.assert_close(network({"left": left, "right": right}), expected)
