"""What is counted beside the loss."""

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix, r2_score

from gradus.plan import plan
from gradus_engine.evaluation import outputs
from gradus_engine.metrics import accuracy, answers, error, exact_match, perplexity, r2, top5
from gradus_engine.session import Session
from gradus_engine.train import train
from tests.gradus_engine.documents import document


@pytest.mark.proves("D1.error")
def test_the_largest_output_is_the_answer():
    outputs = torch.tensor([[0.1, 0.9], [2.0, -1.0], [0.0, 0.5], [3.0, 1.0]])
    assert accuracy(outputs, torch.tensor([1, 0, 0, 0])) == 0.75
    assert error(outputs, torch.tensor([1, 0, 0, 0])) == 0.25


@pytest.mark.proves("D1.error")
@pytest.mark.parametrize("no", [0.0, -1.0])
def test_one_output_answers_by_its_sign(no):
    outputs = torch.tensor([[0.3], [-0.2], [1.5], [-4.0]])
    assert accuracy(outputs, torch.tensor([[1.0], [no], [no], [no]])) == 0.75


@pytest.mark.proves("D1.error")
def test_one_hot_rows_count_like_indices():
    outputs = torch.tensor([[0.1, 0.9, 0.0], [2.0, -1.0, 0.0]])
    assert accuracy(outputs, torch.eye(3)[[1, 2]]) == 0.5


def test_r2_is_the_share_of_variance_that_is_explained():
    random = np.random.default_rng(0)
    truth, guess = random.normal(size=(40, 2)), random.normal(size=(40, 2))
    # Over all numbers together: both columns' residuals over both columns' spreads.
    residual, spread = ((truth - guess) ** 2).sum(), ((truth - truth.mean(axis=0)) ** 2).sum()
    assert r2(torch.from_numpy(guess), torch.from_numpy(truth)) == pytest.approx(
        1 - residual / spread
    )
    single = r2(torch.from_numpy(guess[:, :1]), torch.from_numpy(truth[:, :1]))
    assert single == pytest.approx(r2_score(truth[:, 0], guess[:, 0]))
    assert r2(torch.zeros(3, 1), torch.ones(3, 1)) == 0


@pytest.mark.proves("D1.top5")
def test_the_truth_is_looked_for_among_the_five_largest():
    random = np.random.default_rng(3)
    outputs, truth = random.normal(size=(200, 9)), random.integers(0, 9, 200)
    ranks = (outputs > outputs[np.arange(200), truth][:, None]).sum(axis=1)  # 0 for the largest
    given, classes = torch.from_numpy(outputs), torch.from_numpy(truth)
    assert top5(given, classes) == pytest.approx((ranks < 5).mean())
    assert accuracy(given, classes) == pytest.approx((ranks < 1).mean())
    assert error(given, classes) == pytest.approx((ranks >= 1).mean())


def test_perplexity_is_the_number_of_classes_that_an_even_guess_is_among():
    truth = torch.tensor([0, 3, 2])
    assert perplexity(torch.zeros(3, 7), truth) == pytest.approx(7)
    scores = np.random.default_rng(4).normal(size=(3, 7))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    mean = -np.log(shares[np.arange(3), truth.numpy()]).mean()
    assert perplexity(torch.from_numpy(scores), truth) == pytest.approx(np.exp(mean))


def test_a_sequence_matches_when_each_of_its_steps_does():
    truth = torch.tensor([[1, 0, 2], [2, 2, 0]])
    right = torch.nn.functional.one_hot(truth, 3).double()
    assert exact_match(right, truth) == 1
    spoilt = right.clone()
    spoilt[1, 2] = torch.tensor([0.0, 1.0, 0.0])
    assert exact_match(spoilt, truth) == 0.5
    single = torch.tensor([[0.1, 0.9], [2.0, -1.0]])
    assert exact_match(single, torch.tensor([1, 1])) == accuracy(single, torch.tensor([1, 1]))


@pytest.mark.proves("D1.confusion")
@pytest.mark.parametrize("name", ["digits", "circle"])
def test_a_run_ends_with_its_confusion_matrix(name):
    layers = ["flatten", "linear"] if name == "digits" else ["linear"]
    metrics = ["accuracy", "confusion"]
    session = Session(plan(document(layers, name, epochs=1, metrics=metrics)))
    *events, last = train(session.plan, session=session)
    assert not [name for event in events for name in event.series if "confusion" in name]
    part = session.dataset.test
    given = answers(outputs(session.network, part.inputs))
    expected = confusion_matrix(
        part.targets, given, labels=range(len(session.plan.dataset.classes))
    )
    assert last.results["test/confusion"] == expected.tolist()
    assert np.trace(expected) / expected.sum() == pytest.approx(last.results["test/accuracy"])
