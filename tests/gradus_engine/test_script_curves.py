"""Exported scripts, trained: step by step their losses are the service's, whatever trains them."""

import json
from pathlib import Path

import pytest
import torch
from ruamel.yaml import YAML

from gradus.export.pytorch import pytorch
from gradus.plan import plan
from gradus.presets import PRESETS
from gradus.transforms import RANDOM
from gradus_engine.opening import open_session
from gradus_engine.session import Session
from gradus_engine.train import Finished, train
from tests.gradus.alternations import conditional_gan, digits_asked_for, gan
from tests.gradus_engine.documents import document, toy
from tests.gradus_engine.script import curves, keep, load

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
STEPS = 40  # of each curve that is compared


def assert_equal_curves(planned, folder, steps=STEPS):
    """The script's losses, step by step, against those of the engine."""
    script = load(pytorch(planned), folder)
    found = curves(script, steps)
    session = open_session(planned)
    session.activate()
    for _ in range(max(len(losses) for losses in found.values())):
        session.advance()
    expected = session.take_record()
    for name, losses in found.items():
        assert losses == pytest.approx(expected[name].tolist(), rel=2e-4, abs=1e-6), name
    assert max(len(losses) for losses in found.values()) == steps or session.finished


DRAWING = ("dropout", "dropout2d", "transformer_encoder", "transformer_decoder")


def quiet(written):
    """A document whose dropout drops nothing: what it draws is the one thing that differs."""
    if isinstance(written, list):
        return [quiet(each) for each in written]
    if not isinstance(written, dict):
        return written
    rate = {"rate": 0.0} if written.get("type") in DRAWING else {}
    return {name: quiet(value) for name, value in written.items()} | rate


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_learns_by_the_same_curve(name, tmp_path):
    assert_equal_curves(plan(quiet(PRESETS[name].document)), tmp_path)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_learns_by_the_same_curve(path, tmp_path):
    written = YAML(typ="safe").load(path.read_text())
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
    "weight decay": {"weight_decay": 0.2, "optimizer": {"type": "sgd", "momentum": 0.5}},
    "plateau": {
        "schedule": {"type": "plateau", "patience": 1, "factor": 0.3, "cooldown": 1},
        "optimizer": {"type": "sgd", "learning_rate": 0.9},
        "epochs": 8,
    },
    "early end": {
        "early_stopping": {"patience": 2, "measure": "train_eval/accuracy"},
        "optimizer": {"type": "sgd", "learning_rate": 0.8},
        "epochs": 30,
    },
    "halves": {"precision": "bfloat16"},
    "doubles": {"precision": "float64", "weight_decay": 0.1},
    "average": {"ensemble": {"members": 3}},
    "votes": {"ensemble": {"members": 2, "method": "vote"}},
    "bags": {"ensemble": {"members": 2, "method": "bagging"}},
    "snapshots": {"ensemble": {"members": 3, "method": "snapshot"}},
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


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_a_layer_shrinks_by_a_decay_of_its_own(optimizer, decay, tmp_path):
    own = {"type": "linear", "units": 4, "activation": "tanh", "weight_decay": decay}
    general = {"weight_decay": 0.1} if optimizer == "sgd" else {}
    rule = {"type": optimizer, "learning_rate": 0.1}
    written = document([own, "linear"], epochs=3, batch_size=20, optimizer=rule, **general)
    assert_equal_curves(plan(written), tmp_path)


RULES = {
    "clusters": {"type": "kmeans", "learning_rate": 0.7},
    "sampled clusters": {"type": "kmeans", "start": "sampled"},
    "perceptron": {"type": "perceptron", "learning_rate": 0.1},
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_of_its_own_gives_the_same_curve(name, tmp_path):
    data = {"name": "gauss", "options": {"classes": 3, "points": 90}}
    layers = [{"type": "linear", "units": 5, "activation": "tanh"}, "linear"]
    settings = {"epochs": 4, "batch_size": 8, "optimizer": RULES[name]}
    assert_equal_curves(plan(document(layers, data, **settings)), tmp_path)


TRANSFORMS = [
    "standardize",
    "mean_image",
    {"type": "resize", "size": 12},
    {"type": "resize", "size": [5, 9], "mode": "nearest"},
    {"type": "center_crop", "size": [4, 6]},
    {"type": "random_crop", "size": [6, 8], "padding": 2},
    {"type": "flip", "horizontal": 0.5, "vertical": 0.5},
    {"type": "flip", "horizontal": 0.0, "vertical": 1.0},
    {"type": "scale", "low": 0.5},
    "color",
    "noise",
    "standardize",
]


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_transformed_pictures_are_those_of_the_service(precision, tmp_path):
    data = {"name": "digits", "transforms": TRANSFORMS}
    planned = plan(document(["flatten", "linear"], data, epochs=1, precision=precision))
    parts, session = load(pytorch(planned), tmp_path).load(), Session(planned)
    for part, (x, _) in parts.items():
        torch.testing.assert_close(x, session.parts[part].inputs)
    assert_equal_curves(planned, tmp_path)
    assert {each if isinstance(each, str) else each["type"] for each in TRANSFORMS} >= RANDOM


def test_a_column_of_kinds_is_told_apart_as_by_the_service(tmp_path):
    points = [[x, y, (x + y) % 2] for x in range(3) for y in range(3)]
    drawn = {"name": "drawn", "options": {"points": points}}
    drawn |= {"split": {"train": 1, "validation": 0, "test": 0}}
    transforms = ["standardize", {"type": "one_hot", "column": 1, "values": 3}]
    assert_equal_curves(plan(document(["linear"], {**drawn, "transforms": transforms})), tmp_path)


def test_the_best_weights_are_taken_at_an_early_end(tmp_path):
    early = {"early_stopping": {"patience": 3, "measure": "validation/accuracy"}}
    written = toy(optimizer={"type": "sgd", "learning_rate": 0.5}, **{**early, "epochs": 40})
    planned, session = plan(written), Session(plan(written))
    *_, end = train(planned, session=session)
    assert isinstance(end, Finished)
    assert end.reason == "early_stopped"
    script = load(pytorch(planned), tmp_path)
    model = script.network()
    epochs = len(list(script.train(model, script.load())))
    assert epochs == session.samples // len(session.parts["train"])
    own = session.network.layers.own_state()
    for name, values in model.named_parameters():
        torch.testing.assert_close(values.detach(), own[script.layer_name(name)], atol=1e-4, rtol=0)


@pytest.mark.parametrize("method", ["average", "vote", "bagging", "snapshot"])
def test_members_are_heard_together_as_by_the_service(method, tmp_path):
    for classes, losses in ((2, None), (3, None), (2, [{"type": "mse"}])):
        data = {"name": "spiral", "options": {"classes": classes, "points": 90, "noise": 0.2}}
        own = {} if losses is None else {"losses": losses}
        settings = {"epochs": 6, "ensemble": {"members": 3, "method": method}, **own}
        planned = plan(
            document([{"type": "linear", "units": 8}, "tanh", "linear"], data, **settings)
        )
        *_, end = train(planned)
        script = load(pytorch(planned), tmp_path)
        models, parts = script.members(), script.load()
        list(script.train(models, parts))
        loss, accuracy = script.evaluate(models, *parts["test"])
        assert loss == pytest.approx(end.results["test/loss"], rel=1e-3)
        assert accuracy == pytest.approx(end.results["test/accuracy"])


def changed(document, **step):
    """The document whose second step is made in another way."""
    document["train"]["steps"][1].update(step)
    return document


ALTERNATIONS = {
    "a conditional one": conditional_gan(),
    "doubles": gan(precision="float64"),
    "halves": gan(precision="bfloat16"),
    "every second time": changed(gan(), every=2),
    "several times": changed(gan(), repeat=3),
    "a rate of its own": changed(gan(), optimizer={"type": "sgd", "learning_rate": 0.3}),
    "a falling rate": gan(schedule="cosine"),
    "held gradients": gan(clip={"norm": 0.1}, l1=0.01, l2=0.02),
    "bounded numbers": gan(clip={"value": 0.01}, weight_decay=0.1),
    "decay of its own": changed(
        gan(), optimizer={"type": "adamw", "learning_rate": 0.02, "weight_decay": 0.3}
    ),
    "both at once": changed(gan(), update=["g", "d"]),
    "sorted": gan(order="sorted"),
}


@pytest.mark.parametrize("name", ALTERNATIONS)
def test_networks_that_are_trained_by_turns_have_the_same_curves(name, tmp_path):
    assert_equal_curves(plan(ALTERNATIONS[name]), tmp_path)


def test_pictures_are_drawn_anew_for_each_of_several_updates(tmp_path):
    written = quiet(digits_asked_for())
    written["data"] = {"name": "digits", "transforms": ["flip", "noise"]}
    written["train"]["steps"][0]["repeat"] = 2
    assert_equal_curves(plan(written), tmp_path, steps=12)


def test_networks_are_measured_as_by_the_service(tmp_path):
    planned = plan(gan())
    *_, end = train(planned)
    script = load(pytorch(planned), tmp_path)
    model, parts = script.network(), script.load()
    list(script.train(model, parts))
    for name, loss in script.evaluate(model, *parts["test"]).items():
        assert loss == pytest.approx(end.results[f"test/{name}/loss"], rel=1e-3)


@pytest.mark.parametrize("name", ["f", "path", "networks", "type", "x", "class", "model", "step"])
def test_networks_and_calls_may_have_any_name(name, tmp_path):
    text = json.dumps(gan()).replace('"g"', f'"{name}"').replace('"fake"', '"normal"')
    written = json.loads(text.replace('"score"', '"model"').replace('"real_score"', '"count"'))
    assert_equal_curves(plan(written), tmp_path, steps=5)


DESCENTS = {
    "a valley": ("2*x**2 - x", [1.5]),
    "two variables": ("-(x - 3)**2 * -1 + 10*(y - x**2)**2 / 2", [0.5, -0.5]),
    "powers from the right": ("2**x**-1 - (-2)**2 * (2**x)**0.5", [2.0]),
    "signs": ("-x**2 - -(x / (2 * x)) / 3 + x - (x - 1)", [0.7]),
    "all functions": (
        "sin(x) * cos(y) + exp(-x) + tanh(x*y) + sqrt(y) + log(x + 3) + pi*x*1e-3", [0.3, 2.0],
    ),
}  # fmt: skip
GENTLE = {"type": "sgd", "learning_rate": 0.01}


@pytest.mark.parametrize("name", DESCENTS)
def test_a_function_goes_down_as_in_the_service(name, tmp_path):
    expression, start = DESCENTS[name]
    function = {"expression": expression, "start": start}
    written = {"spec": "nn/1", "function": function, "train": {"epochs": 30, "optimizer": GENTLE}}
    assert_equal_curves(plan(written), tmp_path)


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": {"type": "adamw", "learning_rate": 0.1}, "schedule": "cosine"},
        {"optimizer": GENTLE, "clip": {"norm": 0.5}, "weight_decay": 0.2},
        {"optimizer": GENTLE, "precision": "float64"},
    ],
)
def test_a_function_goes_down_by_every_rule(settings, tmp_path):
    function = {"expression": "x**4/4 - x**2 + x/4 + y**2", "start": [2.2, 0.5]}
    written = {"spec": "nn/1", "function": function, "train": {"epochs": 40, **settings}}
    assert_equal_curves(plan(written), tmp_path)


def test_a_script_goes_on_from_the_weights_of_a_run(tmp_path):
    planned, session = plan(gan()), open_session(plan(gan()))
    for _ in range(5):
        session.advance()
    keep(session.network, tmp_path)
    script = load(pytorch(planned), tmp_path)
    own = session.network.layers.own_state()
    for name, values in script.network().named_parameters():
        assert torch.equal(values.detach(), own[script.layer_name(name)])
