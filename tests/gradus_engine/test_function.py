"""Descending a plain function (D4): by every optimizer, to the limit of the rate, and its pictures."""

import numpy as np
import pytest
import torch

from gradus.controls import Changes, WeightEdit
from gradus.plan import plan
from gradus.probes import DescentProbe, NormsProbe, WeightsProbe
from gradus_engine.optimizers import OPTIMIZERS
from gradus_engine.probes import probe
from gradus_engine.session import Session
from gradus_engine.train import Metrics, train
from tests.gradus_engine.documents import document

pytestmark = pytest.mark.proves("D4")
VALLEYS = "x**4/4 - x**2 + x/4"


def descent(expression="2*x**2", start=(1.5,), rate=0.1, optimizer="sgd", **settings):
    rule = {"type": optimizer, "learning_rate": rate}
    return plan(
        {
            "spec": "nn/1",
            "function": {"expression": expression, "start": list(start)},
            "train": {"optimizer": rule, **settings},
        }
    )


def walked(planned, steps, state=None):
    session = Session(planned, state=state)
    for _ in range(steps):
        session.advance()
    return session


def point(session):
    return session.flat.values.tolist()


def test_gradient_descent_is_what_it_is_on_paper():
    session = walked(descent(rate=0.1), 3)
    x = 1.5
    for _ in range(3):
        x -= 0.1 * 4 * x
    assert point(session) == pytest.approx([x], rel=1e-6)


def test_its_series_is_its_value_at_every_step():
    events = [each for each in train(descent(epochs=9)) if isinstance(each, Metrics)]
    names = {name for event in events for name in event.series}
    assert names == {"train/loss"}
    means = np.concatenate([each.series["train/loss"].mean for each in events if each.series])
    assert means[0] == pytest.approx(2 * 1.5**2)
    assert events[-1].step == 9


@pytest.mark.parametrize("name", [n for n in OPTIMIZERS if n not in ("perceptron", "kmeans")])
def test_every_optimizer_descends_it_and_goes_on_bitwise(name):
    rate = 1.0 if name == "adadelta" else 0.05
    planned = descent("x**2 + 3*y**2 - x*y", (1.0, -1.5), rate, name)
    whole = walked(planned, 40)
    half = walked(planned, 25)
    resumed = walked(planned, 15, half.state())
    assert torch.equal(whole.flat.values, resumed.flat.values)
    assert probe(whole, DescentProbe()).arrays["path"].tolist() == (
        probe(resumed, DescentProbe()).arrays["path"].tolist()
    )
    path = probe(whole, DescentProbe()).arrays["path"]
    assert path[-1, 2] < path[0, 2]


def converges(rate):
    x = abs(point(walked(descent(rate=rate), 400))[0])
    return x < 1.5


@pytest.mark.proves("D4.limit")
def test_on_2x_squared_the_limit_of_the_learning_rate_is_one_half():
    low, high = 0.1, 1.0
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if converges(middle) else (low, middle)
    assert low == pytest.approx(0.5, abs=2e-3)


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0.1, set()),
        (0.3, set()),
        (0.5, {"verdict.rate_jumps"}),
        (0.55, {"verdict.rate_jumps", "verdict.rate_climbs"}),
    ],
)
def test_oscillation_and_divergence_are_named(rate, said):
    events = list(train(descent(rate=rate, epochs=30)))
    found = {v.code for each in events if isinstance(each, Metrics) for v in each.verdicts}
    assert found == said


@pytest.mark.proves("D4.function")
def test_of_two_valleys_it_finds_the_one_on_its_side():
    left, right = (point(walked(descent(VALLEYS, (x,), 0.05), 300))[0] for x in (-0.5, 0.5))
    assert left == pytest.approx(-1.472, abs=0.01)
    assert right == pytest.approx(1.340, abs=0.01)


def test_momentum_carries_over_the_hill_where_plain_descent_stays():
    plain = point(walked(descent(VALLEYS, (2.2,), 0.02), 400))[0]
    settings = {"type": "sgd", "learning_rate": 0.02, "momentum": 0.95}
    heavy = plan(
        {
            "spec": "nn/1",
            "function": {"expression": VALLEYS, "start": [2.2]},
            "train": {"optimizer": settings},
        }
    )
    assert plain > 1
    assert point(walked(heavy, 400))[0] < -1


def test_schedule_clip_and_noise_hold_for_it_too():
    clipped = walked(descent("x**4", (3.0,), 0.1, clip={"norm": 1.0}), 1)
    assert point(clipped) == pytest.approx([2.9], rel=1e-6)
    noisy = [walked(descent(gradient_noise={"eta": 0.1}, seed=s), 5) for s in (0, 0, 1)]
    assert point(noisy[0]) == point(noisy[1]) != point(noisy[2])


def test_the_way_is_thinned_and_keeps_its_beginning():
    session = walked(descent("x", (0.0,), 0.001), 3000)
    way = session.network.layers["function"].way()
    assert 512 <= len(way) <= 1024
    # Four steps lie between two points, each of them 0.001 long.
    steps = way[:, 0].diff()
    torch.testing.assert_close(steps, torch.full_like(steps, -0.004), rtol=1e-2, atol=1e-5)
    assert way[0, 0] == 0


def test_the_picture_of_one_variable_is_its_curve_with_the_way():
    session = walked(descent(), 2)
    picture = probe(session, DescentProbe(resolution=9))
    axis = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(picture.arrays["values"], 2 * axis**2, rtol=1e-6)
    np.testing.assert_allclose(picture.arrays["path"][:, 0], [1.5, 0.9, 0.54], rtol=1e-6)
    assert picture.meta == {"expression": "2*x**2", "variables": ["x"], "extent": 2.0}


def test_the_picture_of_two_variables_is_a_map_with_the_second_upwards():
    session = walked(descent("x + 10*y", (0.5, 0.5)), 1)
    values = probe(session, DescentProbe(resolution=5, extent=2.0)).arrays["values"]
    assert values[0].tolist() == [18, 19, 20, 21, 22]
    assert values[-1].tolist() == [-22, -21, -20, -19, -18]


def test_of_three_variables_there_is_the_way_alone():
    picture = probe(walked(descent("x*y*z", (1, 1, 1)), 2), DescentProbe())
    assert picture.arrays.keys() == {"path"}
    assert picture.arrays["path"].shape == (3, 4)


def test_the_window_grows_with_a_descent_that_runs_away():
    picture = probe(walked(descent(rate=0.6), 8), DescentProbe())
    assert picture.meta["extent"] >= abs(picture.arrays["path"][-1, 0])
    assert probe(walked(descent(rate=1e6), 40), DescentProbe()).meta["extent"] <= 2**20


def test_looking_does_not_change_the_way():
    seen, unseen = Session(descent()), Session(descent())
    for _ in range(6):
        probe(seen, DescentProbe())
        probe(seen, NormsProbe())
        seen.advance()
        unseen.advance()
    assert seen.state()[0].keys() == unseen.state()[0].keys()
    assert all(
        torch.equal(value, unseen.state()[0][name]) for name, value in seen.state()[0].items()
    )


def test_values_can_be_read_and_set_by_hand():
    session = walked(descent(), 1)
    session.apply(Changes(weights=[WeightEdit(name="function.x", index=[0], value=-1.25)]))
    assert probe(session, WeightsProbe()).arrays["function.x"].tolist() == [-1.25]
    session.advance()
    assert point(session) == pytest.approx([-1.25 + 0.1 * 4 * 1.25], rel=1e-6)


def test_a_network_has_no_descent_to_show():
    with pytest.raises(ValueError, match="plain function"):
        probe(Session(plan(document(["linear"]))), DescentProbe())
