"""What small networks learn: the presets a newcomer sees first, the toys and the digits."""

from itertools import product

import pytest
import torch

from gradus.plan import plan
from gradus.presets import DEFAULT, PRESETS
from gradus_engine.evaluation import outputs
from gradus_engine.session import Session
from gradus_engine.train import Finished, train
from tests.gradus_engine.documents import FEATURES, digits_cnn, document

HELD_OUT = {"train": 0.5, "validation": 0.25, "test": 0.25}


def preset(name, **train):
    """A preset's document with some of its training settings replaced."""
    written = dict(PRESETS[name].document)
    return {**written, "train": {**written["train"], **train}}


def results(written):
    """The measures of the test part at the end of a run."""
    *_, last = train(plan(written))
    assert isinstance(last, Finished)
    return last.results


def steps_to(accuracy, written, limit):
    """The first multiple of 100 steps at which the validation part is that right; None within `limit`."""
    session = Session(plan(written))
    for _ in range(limit // 100):
        for _ in range(100):
            session.advance()
        session.take_record()
        if session.evaluate("validation")["validation/accuracy"] >= accuracy:
            return session.step
    return None


def test_the_first_preset_reaches_97_percent_held_out_within_5000_steps():
    assert all(steps_to(0.97, preset(DEFAULT, seed=seed), 5000) for seed in range(6))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_the_first_preset_learns_from_every_seed(seed):
    assert steps_to(0.97, preset(DEFAULT, seed=seed), 5000)


@pytest.mark.proves("C1.digits")
def test_the_digits_preset_reaches_98_percent_held_out():
    assert results(preset("digits_cnn"))["test/accuracy"] >= 0.98


@pytest.mark.proves("C1.digits")
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(8))
def test_the_digits_preset_reaches_98_percent_from_every_seed(seed):
    assert results(preset("digits_cnn", seed=seed))["test/accuracy"] >= 0.98


def test_an_lstm_reads_digits_row_by_row():
    assert steps_to(0.95, preset("digits_lstm"), 800)


def test_attention_between_its_rows_tells_a_digit():
    assert steps_to(0.95, preset("digits_transformer"), 600)


@pytest.mark.proves("C1")
def test_the_language_s_own_example_reaches_97_percent():
    assert results(digits_cnn())["test/accuracy"] >= 0.97


def mlp(name, terms, units, epochs):
    """tanh layers over features of the points of one toy."""
    hidden = [{"type": "linear", "units": size, "activation": "tanh"} for size in units]
    adam = {"type": "adam", "learning_rate": 0.01}
    layers = [{"type": "features", "terms": terms}, *hidden, "linear"]
    data = {"name": name, "split": HELD_OUT}
    return document(layers, data, epochs=epochs, batch_size=10, optimizer=adam)


@pytest.mark.proves("A2.toys")
@pytest.mark.parametrize(
    ("name", "terms", "units", "epochs"),
    [
        ("circle", ["x", "y"], [4, 2], 60),
        ("xor", ["x", "y"], [4, 2], 60),
        ("gauss", ["x", "y"], [2], 30),
        ("spiral", FEATURES, [8, 8], 120),
        ("moons", ["x", "y"], [4, 4], 60),
    ],
)
def test_the_toys_are_solved(name, terms, units, epochs):
    assert results(mlp(name, terms, units, epochs))["test/accuracy"] >= 0.95


@pytest.mark.proves("A2.line")
def test_a_stack_of_linear_layers_stays_a_line_on_xor():
    layers = [{"type": "linear", "units": 8}, {"type": "linear", "units": 8}, "linear"]
    session = Session(plan(document(layers, {"name": "xor", "split": HELD_OUT}, epochs=20)))
    while not session.finished:
        session.advance()
    # No line is right on more than three of the four squares.
    assert session.evaluate("test")["test/accuracy"] <= 0.75
    grid = torch.tensor(list(product([-4.0, 0.0, 4.0], repeat=2)))
    z = outputs(session.network, grid)[:, 0].view(3, 3)
    # A plane has the same slope everywhere: its second differences are 0 in both directions.
    scale = z.abs().max().item()
    torch.testing.assert_close(
        z[0] - 2 * z[1] + z[2], torch.zeros(3), atol=1e-5 * scale + 1e-6, rtol=0
    )
    torch.testing.assert_close(
        z[:, 0] - 2 * z[:, 1] + z[:, 2], torch.zeros(3), atol=1e-5 * scale + 1e-6, rtol=0
    )


@pytest.mark.proves("A2.line")
def test_the_same_stack_with_a_bend_solves_xor():
    layers = [
        {"type": "linear", "units": 8, "activation": "relu"},
        {"type": "linear", "units": 8, "activation": "relu"},
        "linear",
    ]
    adam = {"type": "adam", "learning_rate": 0.01}
    data = {"name": "xor", "split": HELD_OUT}
    assert results(document(layers, data, epochs=20, optimizer=adam))["test/accuracy"] >= 0.95


def test_iris_is_told_apart():
    assert results(preset("iris"))["test/accuracy"] >= 0.9


def test_hills_are_learned_as_a_surface():
    layers = [
        {"type": "linear", "units": 16, "activation": "tanh"},
        {"type": "linear", "units": 16, "activation": "tanh"},
        "linear",
    ]
    adam = {"type": "adam", "learning_rate": 0.01}
    data = {"name": "hills", "options": {"points": 1000}}
    assert results(document(layers, data, epochs=60, optimizer=adam))["test/r2"] >= 0.8


@pytest.mark.proves("E3.symmetry")
def test_units_that_start_alike_stay_alike():
    layers = [
        {"type": "linear", "units": 4, "activation": "sigmoid", "init": "zeros"},
        {"type": "linear", "init": "zeros"},
    ]
    session = Session(plan(document(layers, epochs=5)))
    while not session.finished:
        session.advance()
    weight = session.network.layers["linear_1"].weight
    assert weight.abs().min() > 0
    assert all(torch.equal(weight[0], row) for row in weight)


@pytest.mark.proves("E3.symmetry")
def test_a_sigmoid_net_that_starts_at_zero_still_learns_a_line():
    hidden = {"type": "linear", "units": 4, "activation": "sigmoid", "init": "zeros"}
    layers = [hidden, {"type": "linear", "init": "zeros"}]
    session = Session(plan(document(layers, "gauss", epochs=60)))
    while not session.finished:
        session.advance()
    assert session.evaluate("validation")["validation/accuracy"] > 0.95
    rows = session.network.layers["linear_1"].weight
    assert torch.equal(rows, rows[:1].expand_as(rows))
    assert rows.any()
