"""Masks that follow from the numbers of words: a padded text says what it says without padding."""

import pytest
import torch

from gradus.export.pytorch import pytorch
from gradus.plan import plan, plan_resolved
from gradus.problems import SpecError
from gradus_engine.build import build
from gradus_engine.opening import open_session
from tests.gradus_engine import onnx_run
from tests.gradus_engine.script import keep, load, said

WORDS = {"type": "embedding", "name": "words", "words": 9, "units": 6, "padding": 0}
READ = {"input": "words", "mask": "words.mask"}
SELF = {"query": "words", "mask": "words.mask"}
OVER_TIME = {"type": "permute", "axes": [1, 0]}
# What turns words into one vector, each under the mask of the words.
READERS = {
    "rnn": [{"type": "rnn", "units": 4, "returns": "last", "from": READ}],
    "lstm": [{"type": "lstm", "units": 4, "layers": 2, "returns": "last", "from": READ}],
    "gru": [{"type": "gru", "units": 4, "bidirectional": True, "returns": "last", "from": READ}],
    "gru of the notes": [
        {"type": "gru", "units": 4, "update": "notes", "reset": "before", "returns": "last",
         "from": READ},
    ],
    "attention": [
        {"type": "attention", "heads": 2, "from": SELF},
        OVER_TIME,
        {"type": "global_avg_pool", "from": {"input": "permute_1", "mask": "words.mask"}},
    ],
    "additive attention": [
        {"type": "attention", "score": "additive", "mode": "hard", "from": SELF},
        OVER_TIME,
        {"type": "global_max_pool", "from": {"input": "permute_1", "mask": "words.mask"}},
    ],
    "Transformer": [
        {"type": "transformer_encoder", "layers": 2, "heads": 2, "hidden": 8, "from": READ},
        {**OVER_TIME, "name": "over_time"},
        {"type": "global_avg_pool", "from": {"input": "over_time", "mask": "words.mask"}},
    ],
    "decoder": [
        {"type": "gru", "name": "encoder", "units": 4, "from": READ},
        {"type": "decoder_rnn", "units": 4, "attention": "additive", "from": {
            "input": "start", "state": "encoder.state", "memory": "encoder", "mask": "words.mask"}},
        {"type": "select", "axis": 0, "index": -1},
    ],
}  # fmt: skip
SHORT = torch.tensor([[3, 1, 4], [2, 7, 1]])
START = torch.ones(2, 2, 3)


def reading(name):
    inputs = {"text": {"shape": ["*"], "dtype": "int64"}}
    if name == "decoder":
        inputs["start"] = ["*", 3]
    layers = [WORDS, *READERS[name], {"type": "linear", "units": 3}]
    return plan({"spec": "nn/1", "network": {"inputs": inputs, "layers": layers}})


def given(planned, text):
    named = {"text": text, "start": START}
    return {name: named[name] for name in planned.network.inputs}


def padded(side):
    zeros = torch.zeros(2, 2, dtype=torch.int64)
    return torch.cat([SHORT, zeros] if side == "end" else [zeros, SHORT], 1)


@pytest.mark.proves("B5.masked")
@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("side", ["end", "start"])
def test_a_padded_text_with_its_mask_equals_the_text_alone(name, side, tmp_path):
    planned = reading(name)
    network = build(planned, seed=3).eval()
    alone = network(given(planned, SHORT))
    torch.testing.assert_close(network(given(planned, padded(side))), alone)

    keep(network, tmp_path)
    model = load(pytorch(planned), tmp_path).network()
    torch.testing.assert_close(said(model, list(given(planned, padded(side)).values())), alone)

    session = onnx_run.session(onnx_run.exported(planned, network))
    asked = {name: each.numpy() for name, each in given(planned, padded(side)).items()}
    (answer,) = session.run(None, asked)
    torch.testing.assert_close(torch.from_numpy(answer), alone, atol=1e-5, rtol=1e-5)


def test_a_mask_alone_changes_the_answer():
    planned = reading("lstm")
    network = build(planned, seed=3).eval()
    blind = {**READERS["lstm"][0], "from": "words"}
    layers = [WORDS, blind, {"type": "linear", "units": 3}]
    inputs = {"text": {"shape": ["*"], "dtype": "int64"}}
    other = build(plan({"spec": "nn/1", "network": {"inputs": inputs, "layers": layers}}), seed=3)
    text = {"text": padded("end")}
    assert not torch.allclose(network(text), other.eval()(text), atol=1e-4)


def test_a_text_of_padding_alone_gives_no_numbers_that_are_none():
    for name in READERS:
        planned = reading(name)
        network = build(planned, seed=3)
        answer = network(given(planned, torch.zeros(2, 4, dtype=torch.int64)))
        answer.square().sum().backward()
        assert answer.isfinite().all()
        assert all(each.grad is None or each.grad.isfinite().all() for each in network.parameters())


@pytest.mark.proves("B5.masked")
def test_training_on_padded_phrases_leaves_the_row_of_the_padding():
    transforms = [{"type": "tokenize", "words": 40}, {"type": "pad", "length": 12}]
    words = {"type": "embedding", "name": "words", "words": 40, "units": 8, "padding": 0}
    read = {"type": "lstm", "units": 8, "returns": "last", "from": READ}
    document = {
        "spec": "nn/1",
        "data": {"name": "phrases", "transforms": transforms},
        "network": {"layers": [words, read, "linear"]},
    }
    planned = plan(document)
    assert plan_resolved(planned.resolved).hash == planned.hash
    session = open_session(planned)
    filler = session.network.layers["words"].weight[0].clone()
    session.advance(20)
    assert torch.tensor(session.take_record()["train/loss"]).isfinite().all()
    assert torch.equal(session.network.layers["words"].weight[0], filler)


@pytest.mark.proves("B5.masked")
def test_sentences_of_unequal_length_are_read_each_under_its_own_mask():
    words = {"type": "embedding", "name": "words", "words": 9, "units": 6, "padding": 0}
    body = [words, {"type": "gru", "units": 4, "returns": "last", "from": READ}]
    network = {
        "input": {"shape": [2, "*"], "dtype": "int64"},
        "layers": [{"type": "each", "body": body}, "flatten"],
    }
    planned = plan({"spec": "nn/1", "network": network})
    built = build(planned, seed=3)
    short = built(SHORT[None])
    torch.testing.assert_close(built(padded("end")[None]), short)


def test_an_embedding_without_padding_has_no_mask():
    words = {name: each for name, each in WORDS.items() if name != "padding"}
    network = {
        "input": {"shape": ["*"], "dtype": "int64"},
        "layers": [words, {"type": "gru", "units": 4, "from": READ}],
    }
    with pytest.raises(SpecError) as refused:
        plan({"spec": "nn/1", "network": network})
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == ("reference.mask", "/network/layers/1/from/mask")
    assert problem.fix == [{"op": "add", "path": "/network/layers/0/padding", "value": 0}]
