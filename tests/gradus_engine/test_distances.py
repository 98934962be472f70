"""Losses over draws and pairs (D1, C10): value and gradient against NumPy in double precision."""

import numpy as np
import pytest
import torch

from gradus_engine.losses import LOSSES

pytestmark = pytest.mark.proves("D1")
RANDOM = np.random.default_rng(3)
STEP = 1e-6


def computed(type, fields, values, target):
    """Loss and gradient of each of `values`, by the engine."""
    tensors = [torch.from_numpy(each).requires_grad_() for each in values]
    output, *further = tensors
    loss = LOSSES[type](fields)(output, torch.from_numpy(target), *further)
    loss.backward()
    return loss.item(), [None if t.grad is None else t.grad.numpy() for t in tensors]


def slopes(function, values, place):
    """Central differences of `function` by every number of the array at `place`."""
    found = np.zeros_like(values[place])
    for index in np.ndindex(found.shape):
        ends = []
        for sign in (1, -1):
            moved = [each.copy() for each in values]
            moved[place][index] += sign * STEP
            ends.append(function(*moved))
        found[index] = (ends[0] - ends[1]) / (2 * STEP)
    return found


def kl(mean, log_variance):
    """The textbook's integral, for independent units: log(1/σ) + (σ² + μ²) / 2 − ½ each."""
    sigma = np.exp(log_variance / 2)
    return (np.log(1 / sigma) + (sigma**2 + mean**2) / 2 - 0.5).sum(axis=1).mean()


@pytest.mark.proves("C10")
@pytest.mark.proves("D1.kl")
def test_kl_normal_is_the_divergence_from_the_standard_normal():
    mean, log_variance = RANDOM.normal(size=(5, 3)), RANDOM.normal(size=(5, 3))
    drawn = RANDOM.normal(size=(5, 3))
    value, gradients = computed("kl_normal", {}, [drawn, mean, log_variance], np.zeros(5))
    assert value == pytest.approx(kl(mean, log_variance), rel=1e-12)
    assert gradients[0] is None
    for place in (0, 1):
        expected = slopes(kl, [mean, log_variance], place)
        np.testing.assert_allclose(gradients[place + 1], expected, atol=1e-8)


def test_kl_normal_is_nothing_for_the_standard_normal_itself():
    zeros = np.zeros((4, 2))
    assert computed("kl_normal", {}, [zeros, zeros, zeros], np.zeros(4))[0] == 0


def hadsell(distance, together, margin):
    return 0.5 * (distance**2 if together else max(0.0, margin - distance) ** 2)


def pair_loss(margin, together):
    def loss(first, second):
        distances = np.sqrt(((first - second) ** 2).sum(axis=1))
        return np.mean([hadsell(*each, margin) for each in zip(distances, together, strict=True)])

    return loss


def test_contrastive_of_two_outputs_pulls_pairs_of_class_1_and_pushes_the_others():
    first, second = RANDOM.normal(size=(6, 3)), RANDOM.normal(size=(6, 3))
    target = np.array([1, 0, 0, 1, 0, 1])
    expected = pair_loss(2.5, target == 1)
    fields = {"margin": 2.5, "other": "right"}
    value, gradients = computed("contrastive", fields, [first, second], target)
    assert value == pytest.approx(expected(first, second), rel=1e-12)
    for place in (0, 1):
        slope = slopes(expected, [first, second], place)
        np.testing.assert_allclose(gradients[place], slope, atol=1e-8)


def batch_loss(margin, target):
    def loss(points):
        pairs = [(i, j) for i in range(len(points)) for j in range(i)]
        return np.mean(
            [
                hadsell(np.linalg.norm(points[i] - points[j]), target[i] == target[j], margin)
                for i, j in pairs
            ]
        )

    return loss


def test_contrastive_of_one_output_compares_every_pair_of_a_batch():
    points, target = RANDOM.normal(size=(6, 2)), np.array([0, 1, 2, 0, 1, 2])
    expected = batch_loss(1.5, target)
    value, (gradient,) = computed("contrastive", {"margin": 1.5, "other": None}, [points], target)
    assert value == pytest.approx(expected(points), rel=1e-12)
    np.testing.assert_allclose(gradient, slopes(expected, [points], 0), atol=1e-8)


def test_the_losses_of_single_samples_average_to_that_of_the_batch():
    points, target = torch.randn(7, 2, dtype=torch.float64), torch.tensor([0, 1, 1, 0, 2, 2, 0])
    loss = LOSSES["contrastive"]({"margin": 1.0, "other": None})
    assert loss(points, target, reduction="none").mean().item() == pytest.approx(
        loss(points, target).item(), rel=1e-12
    )


def test_equal_points_of_different_classes_have_a_finite_gradient():
    points = np.zeros((2, 2))
    value, (gradient,) = computed(
        "contrastive", {"margin": 1.0, "other": None}, [points], np.array([0, 1])
    )
    assert value == 0.5
    assert np.isfinite(gradient).all()


def test_a_batch_of_one_sample_has_no_pair():
    points = np.ones((1, 2))
    assert computed("contrastive", {"margin": 1.0, "other": None}, [points], np.array([0]))[0] == 0
