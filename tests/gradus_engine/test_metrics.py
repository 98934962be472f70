"""What is counted beside the loss."""

import numpy as np
import pytest
import torch
from sklearn.metrics import r2_score

from gradus_engine.metrics import accuracy, error, r2


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
