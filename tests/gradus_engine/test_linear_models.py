"""Linear models trained here against closed forms and scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from gradus.plan import plan
from gradus_engine.session import Session
from tests.gradus_engine.documents import document


def trained(layers, data, steps, rate, **train):
    """A session after `steps` of momentum on the whole training part."""
    momentum = {"type": "sgd", "learning_rate": rate, "momentum": 0.95}
    settings = {"epochs": steps, "batch_size": "all", "optimizer": momentum, **train}
    session = Session(plan(document(layers, data, **settings)))
    for _ in range(steps):
        session.advance()
    return session


def table(session):
    part = session.dataset.train
    return part.inputs.double().numpy(), part.targets.numpy()


def learned(session):
    """Weights [units, F] and biases [units] of the only layer with parameters."""
    values = {name.split(".")[1]: p for name, p in session.network.layers.named_parameters()}
    return values["weight"].detach().numpy(), values["bias"].detach().numpy()


@pytest.mark.proves("A5.linear")
def test_a_line_through_noisy_points_is_that_of_least_squares():
    data = {"name": "plane", "options": {"noise": 0.3, "points": 200}}
    session = trained(["linear"], data, 400, 0.01)
    x, y = table(session)
    solution, *_ = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)
    weight, bias = learned(session)
    np.testing.assert_allclose([*weight[0], bias[0]], solution[:, 0], atol=1e-3)


@pytest.mark.proves("A5.basis")
def test_over_basis_functions_it_is_least_squares_of_their_values():
    terms = ["x", "y", "sin_x", "sin_y"]
    data = {"name": "hills", "options": {"points": 200}}
    session = trained([{"type": "features", "terms": terms}, "linear"], data, 800, 0.01)
    x, y = table(session)
    values = np.column_stack([x, np.sin(x), np.ones(len(x))])
    solution, *_ = np.linalg.lstsq(values, y, rcond=None)
    weight, bias = learned(session)
    np.testing.assert_allclose([*weight[0], bias[0]], solution[:, 0], atol=1e-3)


@pytest.mark.proves("A5.logistic")
def test_logistic_regression_has_the_optimum_of_scikit_learn():
    data = {"name": "gauss", "options": {"noise": 0.5, "points": 200}}
    session = trained(["linear"], data, 1500, 0.05, l2=0.01)
    x, y = table(session)
    other = LogisticRegression(C=1 / (0.01 * len(x)), tol=1e-8, max_iter=1000).fit(x, y)
    weight, bias = learned(session)
    np.testing.assert_allclose(weight, other.coef_, atol=1e-3)
    np.testing.assert_allclose(bias, other.intercept_, atol=1e-3)


@pytest.mark.proves("A5.softmax")
def test_softmax_regression_has_the_optimum_of_scikit_learn():
    session = trained(["linear"], "iris", 1500, 0.1, l2=0.01)
    x, y = table(session)
    other = LogisticRegression(C=1 / (0.01 * len(x)), tol=1e-8, max_iter=1000).fit(x, y)
    weight, bias = learned(session)
    # A number added to every bias changes nothing.
    np.testing.assert_allclose(weight, other.coef_, atol=1e-3)
    np.testing.assert_allclose(
        bias - bias.mean(), other.intercept_ - other.intercept_.mean(), atol=1e-3
    )
