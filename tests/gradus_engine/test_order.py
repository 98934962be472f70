"""The order of samples decides how well a few epochs teach."""

import pytest

from gradus.plan import plan
from gradus_engine.session import Session
from tests.gradus_engine.documents import document


def accuracy(order):
    hidden = {"type": "linear", "units": 32, "activation": "relu"}
    adam = {"type": "adam", "learning_rate": 0.003}
    layers = ["flatten", hidden, "linear"]
    settings = {"epochs": 3, "batch_size": 16, "optimizer": adam, "order": order}
    session = Session(plan(document(layers, "digits", **settings)))
    while not session.finished:
        session.advance()
    return session.evaluate("validation")["validation/accuracy"]


@pytest.mark.proves("D2.sorted")
def test_sorted_samples_teach_less_than_shuffled_or_stratified_ones():
    shuffled, stratified, in_order = map(accuracy, ("shuffled", "stratified", "sorted"))
    assert min(shuffled, stratified) > 0.85
    assert in_order < shuffled - 0.3
