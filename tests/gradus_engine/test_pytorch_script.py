"""Exported scripts, run: their weights, outputs and losses are the service's."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from gradus.composites import COMPOSITES
from gradus.export.names import TAKEN
from gradus.export.pytorch import pytorch
from gradus.layers import LAYERS
from gradus.plan import plan
from gradus.worked import worked
from gradus_engine.build import build
from gradus_engine.train import Finished, train
from tests.gradus_engine.documents import toy
from tests.gradus_engine.script import (
    answers,
    assert_equal_first_values,
    keep,
    load,
    said,
    samples,
)

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
KINDS = LAYERS | COMPOSITES
# Layers and composites that no script says.
UNSAID: set[str] = set()
STEPS = 40  # of each curve that is compared


@pytest.mark.parametrize("type", sorted(KINDS.keys() - UNSAID))
def test_every_layer_says_the_same_in_a_script(type, tmp_path):
    planned = plan(worked(KINDS[type]).document)
    script = load(pytorch(planned), tmp_path)
    assert_equal_first_values(script, planned)
    network, inputs = build(planned, seed=7), samples(planned)
    keep(network, tmp_path)
    model = script.network()  # from the weights that now lie beside it
    assert torch.allclose(said(model, inputs), answers(network, inputs), atol=1e-6)


# What the worked examples leave out: fields that are written in another way.
FURTHER = {
    "asymmetric padding": ([3, 9, 8], [{"type": "conv2d", "filters": 4, "stride": 2}, "flatten"]),
    "flipped kernels": ([3, 9], [{"type": "conv1d", "filters": 4, "flip": True, "groups": 1}]),
    "cut maps": (
        [2, 5, 4],
        [{"type": "conv_transpose2d", "filters": 2, "kernel": 4, "stride": 3, "padding": "same"}],
    ),
    "cells behind": (
        [2, 5],
        [{"type": "conv_transpose1d", "filters": 2, "stride": 2, "output_padding": 3}],
    ),
    "hollow maximum": ([1, 4, 4], [{"type": "max_pool2d", "size": 2, "padding": 2}]),
    "maximum with a border": ([1, 5, 5], [{"type": "max_pool2d", "size": 2, "padding": "same"}]),
    "hollow mean": ([1, 4, 4], [{"type": "avg_pool2d", "size": 2, "padding": 2}]),
    "mean with a border": ([1, 5], [{"type": "avg_pool1d", "size": 2, "padding": "same"}]),
    "neighbours in channels": ([6, 4], [{"type": "local_response_norm", "size": 3}]),
    "neighbours within": (
        [2, 6, 6],
        [{"type": "local_response_norm", "across": "within", "size": 3}],
    ),
    "one norm for all axes": ([2, 6, 6], [{"type": "layer_norm", "activation": "step"}]),
    "frozen": ([4], [{"type": "linear", "units": 3, "trainable": False}, "relu"]),
    "cho's cell": (
        [7, 3],
        [{"type": "gru", "units": 4, "reset": "before", "update": "notes", "layers": 2}],
    ),
    "forget bias": ([7, 3], [{"type": "lstm", "units": 4, "forget_bias": 1.0, "init": "he"}]),
    "last of relu": (
        [7, 3],
        [
            {
                "type": "rnn",
                "units": 4,
                "activation": "relu",
                "bidirectional": True,
                "returns": "last",
            }
        ],
    ),
    "hard and causal": (
        [7, 6],
        [{"type": "attention", "heads": 2, "score": "additive", "causal": True, "mode": "hard"}],
    ),
    "bilinear": ([7, 6], [{"type": "attention", "heads": 3, "score": "bilinear", "units": 9}]),
    "no matrices": ([7, 6], [{"type": "attention", "projected": False, "heads": 1}]),
    "sums of features": (
        [7, 6],
        [{"type": "attention", "score": "dot", "mode": "sampled", "heads": 2}],
    ),
    "learned places": ([7, 6], [{"type": "positional_encoding", "kind": "learned"}]),
    "learned everywhere": (
        [7, 8],
        [{"type": "transformer_encoder", "heads": 2, "hidden": 8, "layers": 3, "norm": "before"}],
    ),
    "names that python needs": (
        [4],
        [
            {"type": "linear", "name": "class", "units": 3},
            {"type": "linear", "name": "type", "units": 3},
            {"type": "linear", "name": "x", "units": 2},
            {
                "type": "residual",
                "name": "f",
                "body": ["tanh", {"type": "linear", "units": 2}, "step"],
            },
            {
                "type": "residual",
                "name": "path",
                "body": ["relu", {"type": "linear", "units": 2}, "elu"],
            },
            {
                "type": "branches",
                "branches": [["relu"], [{"type": "linear", "units": 2}]],
                "merge": "add",
            },
        ],
    ),
    "starts of all kinds": (
        [4],
        [
            {"type": "linear", "units": 4, "init": kind}
            for kind in (
                "torch",
                "zeros",
                "orthogonal",
                {"type": "constant", "value": 0.1},
                {"type": "normal", "std": 0.2},
                {"type": "uniform", "low": -0.1, "high": 0.3},
                {"type": "xavier", "distribution": "normal"},
                "he",
            )
        ],
    ),
}


@pytest.mark.parametrize("name", FURTHER)
def test_what_torch_has_no_word_for_is_written_out(name, tmp_path):
    shape, layers = FURTHER[name]
    planned = plan({"spec": "nn/1", "network": {"input": shape, "layers": layers}})
    script = load(pytorch(planned), tmp_path)
    model = assert_equal_first_values(script, planned)
    inputs = samples(planned)
    assert torch.allclose(said(model, inputs), answers(build(planned), inputs), atol=1e-6)


def test_ports_masks_and_ties_are_kept(tmp_path):
    words = {"shape": ["*"], "dtype": "int64"}
    planned = plan(
        {
            "spec": "nn/1",
            "tie": {"head.weight": "embed.weight"},
            "network": {
                "inputs": {"words": words, "mask": ["*"]},
                "layers": [
                    {"type": "embedding", "name": "embed", "words": 9, "units": 6, "padding": 0},
                    {
                        "type": "lstm",
                        "name": "enc",
                        "units": 6,
                        "from": {"input": "embed", "mask": "mask"},
                    },
                    {
                        "type": "decoder_rnn",
                        "name": "dec",
                        "units": 6,
                        "cell": "lstm",
                        "attention": "dot",
                        "from": {
                            "input": "embed",
                            "state": "enc.state",
                            "memory": "enc",
                            "mask": "mask",
                        },
                    },
                    {"type": "linear", "name": "head", "units": 9},
                ],
            },
        }
    )
    script = load(pytorch(planned), tmp_path)
    model = assert_equal_first_values(script, planned)
    assert model.head.weight is model.embed.weight
    inputs = samples(planned)
    inputs[1] = (inputs[1] > 0.3).float()
    assert torch.allclose(said(model, inputs), answers(build(planned), inputs), atol=1e-6)


@pytest.mark.parametrize("mode", ["hard", "sampled"])
def test_attention_that_chooses_reads_nothing_where_all_is_hidden(mode, tmp_path):
    layer = {"type": "attention", "mode": mode, "from": {"query": "x", "mask": "mask"}}
    network = {"inputs": {"x": [3, 4], "mask": [3]}, "layers": [layer]}
    planned = plan({"spec": "nn/1", "network": network})
    model = assert_equal_first_values(load(pytorch(planned), tmp_path), planned)
    inputs = [torch.rand(2, 3, 4), torch.tensor([[0.0, 0.0, 0.0], [1.0, 0.0, 1.0]])]
    assert torch.allclose(said(model, inputs), answers(build(planned), inputs), atol=1e-6)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("attention", ["none", "additive", "dot"])
def test_a_decoder_that_reads_itself_says_the_same(attention, cell, tmp_path):
    layer = {"type": "decoder_rnn", "name": "dec", "units": 3, "cell": cell, "attention": attention}
    if attention != "none":
        layer["from"] = {"input": "input", "memory": "input"}

    def made(share):
        layers = [{**layer, "teacher_forcing": share}]
        return plan({"spec": "nn/1", "network": {"input": [2, 3], "layers": layers}})

    x, planned = torch.rand(400, 2, 3), made(0.5)
    model = assert_equal_first_values(load(pytorch(planned), tmp_path), planned)
    free = answers(build(planned), [x])
    assert torch.allclose(said(model, [x]), free, atol=1e-6)
    given = answers(build(made(1.0)), [x])
    output = model.train()(x)
    output = output[0] if isinstance(output, tuple) else output
    # While it trains, a sample's second step reads the one or the other.
    own, told = (torch.isclose(output, each, atol=1e-6).all(2).all(1) for each in (free, given))
    assert bool((own ^ told).all())
    assert told.float().mean().item() == pytest.approx(0.5, abs=0.15)


def test_no_layer_can_take_a_name_of_torch():
    taken = {*dir(torch.nn.Module()), *dir(torch.nn.Sequential())}
    assert {name for name in taken if not name.startswith("_")} <= TAKEN


def test_python_trains_it_and_prints_the_results_of_the_service(tmp_path):
    planned = plan(toy(epochs=30))
    (tmp_path / "model.py").write_text(pytorch(planned, title='a "circle"\n'))
    ran = subprocess.run(
        [sys.executable, "-I", "model.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    *_, last = (event for event in train(planned) if isinstance(event, Finished))
    expected = (
        f"test loss {last.results['test/loss']:.4f}, accuracy {last.results['test/accuracy']:.4f}"
    )
    assert ran.stdout.splitlines()[-1] == expected
    assert len(ran.stdout.splitlines()) == 31
