"""Memories for questions: the published formulas, fact by fact and sentence by sentence."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from tests.gradus_engine.layers.reference import assert_equals, draw
from tests.gradus_engine.layers.test_attention import softmax
from tests.gradus_engine.layers.test_graph import Given
from tests.gradus_engine.layers.test_recurrent import gru, sigmoid

D, FACTS = 2, 3
INPUTS = {"x": ["*", D], "question": [D], "mask": ["*"]}
QUESTION = draw(2, D, seed=5)


def network(*, masked=False, **layer):
    ports = {"input": "x", "question": "question"} | ({"mask": "mask"} if masked else {})
    layers = [{**layer, "name": "m", "from": ports}]
    document = {"spec": "nn/1", "network": {"inputs": INPUTS, "layers": layers}}
    return build(plan(document), seed=1).double()


def cell(p, name, x, h):
    parts = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return gru()(x[None], h[None], None, *[p[f"m.{name}_{part}"] for part in parts])[0][0]


def episodic(x, p, passes=2):
    answers = []
    for facts, q in zip(x, QUESTION, strict=True):
        m, w = q, p["m.compare_weight"]
        for _ in range(passes):
            h = np.zeros(D)
            for c in facts:
                parts = [c, m, q, c * q, c * m, abs(c - q), abs(c - m), [c @ w @ q], [c @ w @ m]]
                z = np.concatenate(parts)
                inner = np.tanh(p["m.hidden_weight"] @ z + p["m.hidden_bias"])
                g = sigmoid(p["m.gate_weight"] @ inner + p["m.gate_bias"])
                h = g * cell(p, "fact", c, h) + (1 - g) * h
            m = cell(p, "memory", h, m)
        answers.append(m)
    return np.array(answers)


@pytest.mark.proves("C9")
def test_an_episodic_memory_reads_the_facts_pass_by_pass():
    given = Given(network(type="episodic_memory", passes=2, hidden=3), question=QUESTION)
    assert_equals(given, episodic, draw(2, FACTS, D))


def entity(x, p, slots=2):
    def phi(v):
        return np.where(v > 0, v, p["m.slope"] * v)

    answers = []
    for sentences, q in zip(x, QUESTION, strict=True):
        keys = p["m.keys"]
        contents = [key.copy() for key in keys]
        for s in sentences:
            for j, w in enumerate(keys):
                h = contents[j]
                g = sigmoid(s @ h + s @ w)
                h = h + g * phi(
                    p["m.content_weight"] @ h + p["m.key_weight"] @ w + p["m.sentence_weight"] @ s
                )
                contents[j] = h / np.linalg.norm(h)
        weights = softmax(np.array([q @ h for h in contents]))
        u = sum(weight * h for weight, h in zip(weights, contents, strict=True))
        answers.append(phi(q + p["m.answer_weight"] @ u))
    return np.array(answers)


@pytest.mark.proves("C9")
def test_an_entity_memory_writes_each_sentence_where_it_is_named():
    given = Given(network(type="entity_memory", slots=2), question=QUESTION)
    with torch.no_grad():  # a slope of 1 would be no bend at all
        given.layers["m"].slope.copy_(torch.tensor([0.3, -0.4]))
    assert_equals(given, entity, draw(2, FACTS, D))


@pytest.mark.proves("C9")
def test_the_slopes_start_at_one():
    assert network(type="entity_memory", slots=2).layers["m"].slope.tolist() == [1.0, 1.0]


@pytest.mark.proves("C9")
@pytest.mark.parametrize("type", ["episodic_memory", "entity_memory"])
def test_padded_facts_under_a_mask_are_passed_over(type):
    memory = network(type=type, masked=True)
    x, question = torch.from_numpy(draw(2, FACTS, D)), torch.from_numpy(QUESTION)
    padded = torch.cat([x, torch.full((2, 2, D), 5.0, dtype=torch.float64)], 1)
    short = memory.outputs({"x": x, "question": question, "mask": torch.ones(2, FACTS)})
    mask = torch.tensor([[1, 1, 1, 0, 0]] * 2)
    long = memory.outputs({"x": padded, "question": question, "mask": mask})
    torch.testing.assert_close(long["m"], short["m"])
    assert not long["m.gates"].movedim(2 if type == "episodic_memory" else 1, 0)[FACTS:].any()
