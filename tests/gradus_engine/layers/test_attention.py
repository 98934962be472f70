"""Attention: sums written out, the matrix form, masks, hard attention."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from tests.gradus_engine.layers.reference import assert_equals, draw, network_of

L, D = 4, 6


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def attend(q, k, v, score):
    """One head, each output its own sum: q [L, D], k [M, E], v [M, F] → [L, F]."""
    answers = []
    for query in q:
        weights = softmax(np.array([score(query, key) for key in k]))
        answers.append(sum(weight * value for weight, value in zip(weights, v, strict=True)))
    return np.array(answers)


@pytest.mark.proves("B6.sum")
def test_self_attention_equals_the_sum_written_out():
    network = network_of([{"type": "attention", "projected": False}], (L, D))

    def formula(x, p):
        return np.stack([attend(s, s, s, lambda q, k: q @ k / np.sqrt(D)) for s in x])

    assert_equals(network, formula, draw(2, L, D))


@pytest.mark.proves("B6.matrix")
def test_it_is_the_matrix_form_with_keys_in_columns():
    # V softmax(Kᵀ Q / √D), softmax over the keys, which are the rows of Kᵀ Q.
    network = network_of([{"type": "attention", "projected": False}], (L, D))

    def formula(x, p):
        turned = []
        for sample in x:
            q = k = v = sample.T
            weights = softmax((k.T @ q / np.sqrt(D)).T).T
            turned.append((v @ weights).T)
        return np.stack(turned)

    assert_equals(network, formula, draw(2, L, D))


SCORES = {
    "dot": lambda p: lambda q, k: q @ k,
    "scaled_dot": lambda p: lambda q, k: q @ k / np.sqrt(D),
    "bilinear": lambda p: lambda q, k: q @ p["attention_1.score_weight"][0] @ k,
    "additive": lambda p: (
        lambda q, k: (
            np.tanh(p["attention_1.score_query"][0] @ q + p["attention_1.score_key"][0] @ k)
            @ p["attention_1.score_weight"][0]
        )
    ),
}


@pytest.mark.proves("B6.scores")
@pytest.mark.parametrize("score", SCORES)
def test_each_score_compares_by_its_formula(score):
    network = network_of([{"type": "attention", "projected": False, "score": score}], (L, D))

    def formula(x, p):
        return np.stack([attend(s, s, s, SCORES[score](p)) for s in x])

    assert_equals(network, formula, draw(2, L, D) / 2)


@pytest.mark.proves("B6.heads")
@pytest.mark.parametrize("score", ["scaled_dot", "additive", "bilinear"])
def test_heads_attend_side_by_side_each_on_its_part(score):
    network = network_of([{"type": "attention", "heads": 2, "score": score}], (L, D))

    def formula(x, p):
        def project(name, s):
            return s @ p[f"attention_1.{name}_weight"].T + p[f"attention_1.{name}_bias"]

        answers = []
        for s in x:
            q, k, v = (project(name, s) for name in ("query", "key", "value"))
            heads = []
            for head, part in enumerate((slice(0, 3), slice(3, 6))):
                own = {n: w[head : head + 1] for n, w in p.items() if "score" in n}
                compare = SCORES[score](own) if "score_weight" in str(own) else None
                compare = compare or (lambda a, b: a @ b / np.sqrt(3))
                heads.append(attend(q[:, part], k[:, part], v[:, part], compare))
            answers.append(project("output", np.concatenate(heads, 1)))
        return np.stack(answers)

    assert_equals(network, formula, draw(2, L, D) / 2)


def several(layer, **shapes):
    network = {"inputs": {name: list(shape) for name, shape in shapes.items()}, "layers": [layer]}
    return build(plan({"spec": "nn/1", "network": network}), seed=2).double()


@pytest.mark.proves("B6.sum")
def test_a_sequence_is_read_by_queries_from_elsewhere():
    layer = {"type": "attention", "name": "a", "units": 4, "from": {"query": "q", "key": "k"}}
    network = several(layer, q=(2, 5), k=(3, 7))
    q, k = torch.from_numpy(draw(1, 2, 5)), torch.from_numpy(draw(1, 3, 7))
    values = network.outputs({"q": q, "k": k})
    assert values["a"].shape == (1, 2, 5)
    assert values["a.weights"].shape == (1, 1, 2, 3)
    torch.testing.assert_close(values["a.weights"].sum(3), torch.ones(1, 1, 2, dtype=torch.float64))


@pytest.mark.proves("B6.masks")
def test_a_causal_step_does_not_see_what_comes_after():
    network = network_of([{"type": "attention", "heads": 2, "causal": True}], (L, D))
    x = torch.from_numpy(draw(1, L, D))
    changed = x.clone()
    changed[:, 2:] += 1
    torch.testing.assert_close(network(x)[:, :2], network(changed)[:, :2], rtol=0, atol=0)
    assert not torch.allclose(network(x)[:, 2:], network(changed)[:, 2:])
    weights = network.outputs(x)["attention_1.weights"]
    assert not weights.triu(1).any()


@pytest.mark.proves("B6.masks")
def test_a_padded_sequence_with_a_mask_equals_the_unpadded():
    layer = {"type": "attention", "name": "a", "from": {"query": "x", "mask": "mask"}}
    network = several(layer, x=("*", D), mask=("*",))
    x = torch.from_numpy(draw(1, 3, D))
    padded = torch.cat([x, torch.full((1, 2, D), 7.0, dtype=torch.float64)], 1)
    short = network({"x": x, "mask": torch.ones(1, 3)})
    long = network({"x": padded, "mask": torch.tensor([[1, 1, 1, 0, 0]])})
    torch.testing.assert_close(long[:, :3], short)


@pytest.mark.proves("B6.masks")
@pytest.mark.parametrize("mode", ["soft", "hard", "sampled"])
def test_a_query_that_may_see_nothing_reads_nothing(mode):
    layer = {
        "type": "attention",
        "name": "a",
        "projected": False,
        "mode": mode,
        "from": {"query": "x", "mask": "mask"},
    }
    network = several(layer, x=(3, D), mask=(3,))
    y = network({"x": torch.from_numpy(draw(1, 3, D)), "mask": torch.zeros(1, 3)})
    assert not y.any()


@pytest.mark.proves("B6.hard")
def test_hard_attention_reads_the_best_key_with_the_gradient_of_the_soft():
    soft, hard = (
        network_of([{"type": "attention", "projected": False, "mode": mode}], (L, D))
        for mode in ("soft", "hard")
    )
    x = torch.from_numpy(draw(1, L, D)).requires_grad_()
    weights = soft.outputs(x)["attention_1.weights"]
    chosen = hard.outputs(x)["attention_1.weights"]
    assert torch.equal(chosen.argmax(3), weights.argmax(3))
    assert sorted(chosen.detach().flatten().round().unique().tolist()) == [0, 1]
    told = torch.autograd.grad(chosen[0, 0, 0, 1], x)[0]
    expected = torch.autograd.grad(soft.outputs(x)["attention_1.weights"][0, 0, 0, 1], x)[0]
    torch.testing.assert_close(told, expected)


@pytest.mark.proves("B6.hard")
def test_sampled_attention_draws_keys_by_their_weights():
    layers = [{"type": "attention", "projected": False, "mode": "sampled"}]
    network = network_of(layers, (3, 2)).train()
    x = torch.from_numpy(draw(1, 3, 2) / 2).repeat(4000, 1, 1)
    drawn = network.outputs(x)["attention_1.weights"].round()
    soft = network_of([{**layers[0], "mode": "soft"}], (3, 2)).outputs(x)["attention_1.weights"]
    torch.testing.assert_close(drawn.mean(0), soft[0], rtol=0, atol=0.04)


@pytest.mark.proves("B7.order")
def test_without_positions_a_permuted_input_gives_the_permuted_output():
    network = network_of([{"type": "attention", "heads": 3}], (L, D))
    x, order = torch.from_numpy(draw(2, L, D)), torch.tensor([2, 0, 3, 1])
    torch.testing.assert_close(network(x[:, order]), network(x)[:, order])
