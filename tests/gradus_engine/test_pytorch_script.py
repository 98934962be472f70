"""Exported scripts, run: their weights, outputs and losses are the service's."""

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from ruamel.yaml import YAML

from gradus.composites import COMPOSITES
from gradus.export.names import TAKEN
from gradus.export.pytorch import pytorch
from gradus.layers import LAYERS
from gradus.plan import plan
from gradus.presets import PRESETS
from gradus.problems import SpecError
from gradus.worked import worked
from gradus_engine.build import build
from gradus_engine.session import Session
from gradus_engine.train import Finished, train
from tests.gradus.specs import sound_documents
from tests.gradus_engine.documents import document, toy
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
# Refused by name so far: the example files whose words a script does not say, and one composite.
UNSAID = {"each", "ensemble", "kmeans", "perceptron"}
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


def test_no_layer_can_take_a_name_of_torch():
    taken = {*dir(torch.nn.Module()), *dir(torch.nn.Sequential())}
    assert {name for name in taken if not name.startswith("_")} <= TAKEN


def assert_equal_curves(planned, folder, steps=STEPS):
    """The script's losses, step by step, against those of the engine."""
    script = load(pytorch(planned), folder)
    epochs = script.train(script.network(), *script.load()["train"])
    found = list(islice((loss for losses in epochs for loss in losses), steps))
    session = Session(planned)
    session.activate()
    for _ in found:
        session.advance()
    losses = session.take_record()["train/loss"]
    assert found == pytest.approx(losses.tolist(), rel=2e-4, abs=1e-6)
    assert len(found) == steps or session.finished


DRAWING = ("dropout", "dropout2d", "transformer_encoder", "transformer_decoder")


def quiet(written):
    """A document whose dropout drops nothing: what it draws is the one thing that differs."""
    if isinstance(written, list):
        return [quiet(each) for each in written]
    if not isinstance(written, dict):
        return written
    rate = {"rate": 0.0} if written.get("type") in DRAWING else {}
    return {name: quiet(value) for name, value in written.items()} | rate


NETWORKS = [name for name, preset in PRESETS.items() if "network" in preset.document]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_preset_learns_by_the_same_curve(name, tmp_path):
    assert_equal_curves(plan(quiet(PRESETS[name].document)), tmp_path)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_learns_by_the_same_curve(path, tmp_path):
    written = YAML(typ="safe").load(path.read_text())
    if path.stem in UNSAID:
        with pytest.raises(SpecError, match="cannot say"):
            pytorch(plan(written))
        return
    assert_equal_curves(plan(quiet(written)), tmp_path, steps=12)


LEARNING = {
    "momentum": {"optimizer": {"type": "sgd", "momentum": 0.9, "nesterov": True}},
    "adagrad": {"optimizer": {"type": "adagrad", "lr_decay": 0.1, "start": 0.1}},
    "adadelta": {"optimizer": {"type": "adadelta", "rho": 0.8}},
    "rmsprop": {"optimizer": {"type": "rmsprop", "momentum": 0.5, "centered": True}},
    "adamw": {"optimizer": {"type": "adamw", "weight_decay": 0.1}},
    "l1 and l2": {"l1": 0.01, "l2": 0.02},
    "clipped norm": {"clip": {"norm": 0.05}},
    "clipped values": {"clip": {"value": 0.01}},
    "falling": {"schedule": {"type": "step", "every": 1, "gamma": 0.5}},
    "exponential": {"schedule": "exponential"},
    "cosine": {"schedule": {"type": "cosine", "floor": 0.1}},
    "one cycle": {"schedule": "one_cycle"},
    "warm-up": {"schedule": {"type": "warmup", "epochs": 2, "after": "inverse_sqrt"}},
    "sorted": {"order": "sorted"},
    "stratified": {"order": "stratified"},
    "all at once": {"batch_size": "all"},
    "single samples": {"batch_size": 1},
    "squared error": {"losses": [{"type": "mse", "half": True}]},
    "hinge": {"losses": [{"type": "hinge"}]},
    "absolute error": {"losses": [{"type": "mae"}, {"type": "huber", "delta": 0.3}]},
    "pairs": {"losses": [{"type": "contrastive", "margin": 0.7}]},
    "two losses": {
        "losses": [
            {"type": "binary_cross_entropy"},
            {"type": "mse", "input": "linear_1", "weight": 0.3},
        ]
    },
}


@pytest.mark.parametrize("name", LEARNING)
def test_every_way_of_learning_gives_the_same_curve(name, tmp_path):
    layers = [
        {"type": "linear", "units": 1},
        "tanh",
        {"type": "batch_norm", "momentum": 0.2},
        "linear",
    ]
    data = {"name": "circle", "options": {"points": 60}}
    written = document(layers, data, **{"epochs": 3, "batch_size": 10, **LEARNING[name]})
    assert_equal_curves(plan(written), tmp_path)


SETS = {
    "circle": {"classes": 3, "noise": 0.1},
    "gauss": {"classes": 6},
    "xor": {"noise": 0.2},
    "moons": {},
    "spiral": {"classes": 3},
    "plane": {"noise": 0.1},
    "hills": {},
    "iris": {},
    "drawn": {"task": "regression", "points": [[x, -x / 2, x / 9] for x in range(-4, 5)]},
}


@pytest.mark.parametrize("name", SETS)
def test_a_script_has_the_very_samples_of_the_service(name, tmp_path):
    written = document(["linear"], {"name": name, "options": SETS[name]})
    planned = plan(written)
    parts, session = load(pytorch(planned), tmp_path).load(), Session(planned)
    for part, (x, y) in parts.items():
        assert torch.equal(x, session.parts[part].inputs)
        assert torch.equal(y.reshape(len(y), -1), y_of(session, part))


def y_of(session, part):
    """Targets before a loss reads them in a form of its own."""
    targets = getattr(session.dataset, part).targets
    return targets.reshape(len(targets), -1)


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


def script_of(planned):
    """The script; None where it is refused by the names of words that none can say."""
    try:
        return pytorch(planned)
    except SpecError as refused:
        if {each.code.partition(".")[0] for each in refused.problems} != {"export"}:
            raise
        return None


def assert_exported(written, folder):
    planned = plan(written)
    text = script_of(planned)
    if text is None:
        return
    script = load(text, folder)
    model = assert_equal_first_values(script, planned)
    inputs = samples(planned)
    expected = answers(build(planned), [each.to(model_type(model)) for each in inputs])
    assert torch.allclose(said(model, inputs), expected, atol=1e-5)


def model_type(model):
    return next((each.dtype for each in model.parameters()), torch.float32)


@settings(max_examples=300)
@given(sound_documents())
def test_a_sound_document_is_a_script_of_the_same_network(tmp_path_factory, written):
    assert_exported(written, tmp_path_factory.mktemp("script"))


@pytest.mark.soak
@settings(max_examples=10_000)
@given(sound_documents())
def test_ten_thousand_sound_documents_are_scripts_of_the_same_network(tmp_path_factory, written):
    assert_exported(written, tmp_path_factory.mktemp("script"))
