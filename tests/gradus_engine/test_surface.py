"""The loss of two numbers as a surface (D2, D3): by hand, and with the paths that lie on it."""

import numpy as np
import pytest
from pydantic import ValidationError

from gradus.plan import plan
from gradus.probes import PROBE, SurfaceProbe
from gradus_engine.probes import probe
from gradus_engine.session import Session

SIDE = 24
PARTS = {"train": 0.5, "validation": 0.25, "test": 0.25}
ALL = 50


def line(batch=10, optimizer=None, layers=None, **train):
    """A line through the first coordinate of noisy points: one weight, one bias."""
    return plan(
        {
            "spec": "nn/1",
            "data": {"name": "plane", "options": {"points": 100, "noise": 0.3}, "split": PARTS},
            "network": {"layers": layers or [{"type": "features", "terms": ["x"]}, "linear"]},
            "train": {
                "epochs": 40,
                "batch_size": batch,
                "seed": 4,
                "optimizer": {"type": "sgd", "learning_rate": 0.02} | (optimizer or {}),
                **train,
            },
        }
    )


def squares(session, w, b):
    """Mean squared error of t = w·x + b over the training points, in double precision."""
    part = session.parts["train_eval"]
    x, t = part.inputs[:, 0].double().numpy(), part.targets[:, 0].double().numpy()
    return ((np.multiply.outer(w, x) + np.asarray(b)[..., None] - t) ** 2).mean(-1)


def walked(planned):
    """The session at its end, and where it stood after every step: [P, 3]."""
    session = Session(planned)
    way = [probe(session, SurfaceProbe(resolution=4)).arrays["here"]]
    while not session.finished:
        session.advance()
        way.append(probe(session, SurfaceProbe(resolution=4)).arrays["here"])
    return session, np.array(way)


def drawn(session):
    window = {"low": (-1.0, -1.5), "high": (1.0, 0.5)}
    return probe(session, SurfaceProbe(resolution=SIDE, **window)).arrays["values"]


@pytest.mark.proves("D2.paths", "D3.paths")
def test_the_surface_of_a_line_is_its_mean_squared_error_at_every_place():
    session = Session(line(l2=0.5))
    w, b = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(0.5, -1.5, SIDE))
    assert np.allclose(drawn(session), squares(session, w, b), rtol=1e-5)
    # Penalties are no part of it, as they are none of the measured loss.
    here = probe(session, SurfaceProbe()).arrays["here"]
    assert here[2] == pytest.approx(session.evaluate("train_eval")["train_eval/loss"], rel=1e-6)


@pytest.mark.proves("D2.paths")
def test_batch_stochastic_and_mini_batch_descent_go_their_ways_on_one_surface():
    ways = {}
    for batch in (1, 10, ALL):
        session, way = walked(line(batch))
        assert np.allclose(way[:, 2], squares(session, way[:, 0], way[:, 1]), rtol=1e-4)
        ways[batch] = drawn(session), way
    surface = ways[1][0]
    assert all(np.array_equal(values, surface) for values, _ in ways.values())
    assert all(np.array_equal(way[0], ways[1][1][0]) for _, way in ways.values())
    # All samples at once go down at every step; the fewer there are, the more steps go up.
    up = {batch: (np.diff(way[:, 2]) > 1e-6).mean() for batch, (_, way) in ways.items()}
    assert up[ALL] == 0
    assert up[10] > 0.1
    assert up[1] > 0.1
    # Near the bottom one sample at a time wanders farther than ten do, those farther than all.
    far = {batch: way[len(way) // 2 :, 0].std() for batch, (_, way) in ways.items()}
    assert far[1] > 2 * far[10] > 4 * far[ALL]


@pytest.mark.proves("D3.paths")
def test_rules_of_descent_go_their_own_ways_on_the_surface_of_a_network():
    ends = {}
    rules = [{"type": name} for name in ("sgd", "adagrad", "rmsprop", "adam")]
    for rule in [*rules, {"momentum": 0.9}]:
        session, way = walked(line(optimizer=rule))
        assert np.allclose(way[:, 2], squares(session, way[:, 0], way[:, 1]), rtol=1e-4)
        ends[str(rule)] = tuple(way[-1, :2])
    assert len(set(ends.values())) == len(ends)


def test_both_numbers_may_lie_in_one_parameter():
    session = Session(line(layers=[{"type": "linear", "bias": False}]))
    picture = probe(session, SurfaceProbe(resolution=SIDE))
    assert picture.meta["parameters"] == ["linear_1.weight[0, 0]", "linear_1.weight[0, 1]"]
    part = session.parts["train_eval"]
    side = np.linspace(-2, 2, SIDE)
    values = np.array([[[u, v] for u in side] for v in -side]) @ part.inputs.double().numpy().T
    expected = ((values - part.targets[:, 0].double().numpy()) ** 2).mean(-1)
    assert np.allclose(picture.arrays["values"], expected, rtol=1e-5)


def test_its_window_is_at_rest_and_doubles_when_the_run_comes_near_its_side():
    session = Session(line())
    assert probe(session, SurfaceProbe()).meta["high"] == [2.0, 2.0]
    session.flat.values[:] = 1.7
    assert probe(session, SurfaceProbe()).meta["low"] == [-2.0, -2.0]
    session.flat.values[0] = 1.9
    assert probe(session, SurfaceProbe()).meta["low"] == [-4.0, -2.0]


def test_looking_at_it_leaves_the_training_as_it_is():
    seen, unseen = Session(line(1)), Session(line(1))
    for _ in range(7):
        probe(seen, SurfaceProbe(resolution=8))
        seen.advance()
        unseen.advance()
    assert seen.step == unseen.step
    assert seen.flat.values.tolist() == unseen.flat.values.tolist()


def test_a_network_of_another_number_of_numbers_has_no_surface():
    with pytest.raises(ValueError, match="two trainable numbers; this one has 3"):
        probe(Session(line(layers=["linear"])), SurfaceProbe())


@pytest.mark.parametrize(
    "window",
    [
        {"low": [0, 0]},
        {"low": [0, 0], "high": [1, 0]},
        {"low": [0, 0], "high": [1, 1e7]},
        {"resolution": 129},
    ],
)
def test_a_window_has_two_corners_and_bounds(window):
    with pytest.raises(ValidationError):
        PROBE.validate_python({"kind": "surface", **window})
