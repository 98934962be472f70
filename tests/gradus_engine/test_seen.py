"""What the notes say can be seen, held to the pictures that the page draws."""

import numpy as np
import pytest

from gradus.plan import plan
from gradus.probes import DescentProbe, FieldProbe, UnitFieldsProbe
from gradus_engine.probes import probe
from gradus_engine.session import Session
from tests.gradus_engine.test_own_rules import line, perceptron

RULES = {
    "sgd": {"learning_rate": 0.05},
    "momentum": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
    "nesterov": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
    "adagrad": {"learning_rate": 0.4},
    "adadelta": {"learning_rate": 5.0},
    "rmsprop": {"learning_rate": 0.05},
    "adam": {"learning_rate": 0.1},
    "adamw": {"learning_rate": 0.1},
}
RAVINE = "x**2/20 + y**2"


def boundary(session: Session, side: int = 48) -> np.ndarray:
    """Cells of the picture whose answer is yes."""
    found = probe(session, FieldProbe(resolution=side, extent=2)).arrays["field"][0]
    return found > found.mean()


@pytest.mark.proves("A1.line")
def test_the_line_of_a_perceptron_moves_as_it_learns_and_is_where_its_weights_say():
    session = Session(plan(perceptron("and")))
    cells = (np.arange(48) + 0.5) / 48 * 4 - 2
    x, y = np.meshgrid(cells, -cells)
    drawn = []
    for _ in range(60):
        session.advance()
        first, second, bias = line(session)
        height = first * x + second * y + bias
        by_hand = height >= 0
        if by_hand.any() and not by_hand.all():  # else the line is out of sight
            beside = np.abs(height) > 1e-6  # on the line itself rounding decides
            assert np.array_equal(boundary(session)[beside], by_hand[beside])
            drawn.append(by_hand.tobytes())
    assert len(set(drawn)) >= 3
    assert len(set(drawn[-8:])) == 1, "it rests once every corner is right"


def zero_start(init: object, activation: str) -> Session:
    layers = [
        {"type": "linear", "name": "hidden", "units": 4, "activation": activation, "init": init},
        {"type": "linear", "name": "out", "init": init},
    ]
    document = {
        "spec": "nn/1",
        "data": {"name": "gauss"},
        "network": {"layers": layers},
        "train": {"epochs": 20, "optimizer": {"type": "sgd", "learning_rate": 0.3}},
    }
    return Session(plan(document))


@pytest.mark.proves("E3.drawn")
@pytest.mark.parametrize("init", ["zeros", {"type": "constant", "value": 0.2}])
def test_units_that_start_alike_are_drawn_alike_however_long_they_learn(init):
    session = zero_start(init, "sigmoid")
    before = probe(session, UnitFieldsProbe(resolution=16)).arrays["hidden"]
    while session.step < 120:
        session.advance()
    units = probe(session, UnitFieldsProbe(resolution=16)).arrays["hidden"]
    assert all(np.array_equal(units[0], unit) for unit in units[1:])
    assert not np.array_equal(units, before), "they learn, together"
    assert units[0].std() > 0.05


def test_units_that_start_apart_are_drawn_apart():
    session = zero_start("torch", "sigmoid")
    units = probe(session, UnitFieldsProbe(resolution=16)).arrays["hidden"]
    assert not any(np.allclose(units[0], unit, atol=1e-3) for unit in units[1:])


def test_of_zeros_relu_and_tanh_learn_nothing():
    for activation in ("relu", "tanh"):
        session = zero_start("zeros", activation)
        while session.step < 60:
            session.advance()
        units = probe(session, UnitFieldsProbe(resolution=8)).arrays["hidden"]
        assert not units.any()


def descended(name: str) -> tuple[np.ndarray, np.ndarray]:
    document = {
        "spec": "nn/1",
        "function": {"expression": RAVINE, "start": [-4.0, 1.5]},
        "train": {"optimizer": {"type": name, **RULES[name]}},
    }
    session = Session(plan(document))
    for _ in range(40):
        session.advance()
    found = probe(session, DescentProbe(resolution=32, extent=5)).arrays
    return found["values"], found["path"]


@pytest.mark.proves("D3.paths")
def test_every_optimizer_s_path_lies_on_the_same_surface_and_goes_its_own_way():
    drawn = {name: descended(name) for name in RULES}
    surface = drawn["sgd"][0]
    cells = np.linspace(-5, 5, 32)
    x, y = np.meshgrid(cells, -cells)
    assert np.allclose(surface, x**2 / 20 + y**2, atol=1e-4)
    ends = set()
    for name, (values, path) in drawn.items():
        assert np.array_equal(values, surface), name
        assert np.allclose(path[0, :2], [-4, 1.5]), name
        # Every point of the path is drawn at the height of the surface there.
        assert np.allclose(path[:, 2], path[:, 0] ** 2 / 20 + path[:, 1] ** 2, atol=1e-4), name
        assert path[-1, 2] < path[0, 2], name
        ends.add(tuple(np.round(path[-1, :2], 4)))
    # AdamW without its decay would be Adam; with the default of 0.01 it ends nearer to 0.
    assert len(ends) == len(RULES)


@pytest.mark.proves("D3.paths")
def test_momentum_swings_across_the_ravine_where_plain_descent_does_not():
    plain, swinging = descended("sgd")[1], descended("momentum")[1]
    assert (plain[:, 1] >= -1e-6).all()
    assert (np.diff(np.sign(swinging[:, 1])) != 0).sum() >= 2
