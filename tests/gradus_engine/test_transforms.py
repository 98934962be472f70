"""Transforms of data: fitted on the training part, drawn while training, the same when resumed."""

import json

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.datasets import load
from gradus_engine.datasets.transforms import Preparation
from gradus_engine.session import Session
from tests.gradus_engine.documents import document


def digits(*transforms, **train):
    data = {"name": "digits", "transforms": list(transforms)}
    return plan(document(["flatten", "linear"], data, **train))


def pictures(count=6, channels=2, height=5, width=6):
    return torch.from_numpy(np.random.default_rng(0).normal(size=(count, channels, height, width)))


def drawn(transform, x, seed=0, step=1):
    return Preparation([transform], x).drawn(x, seed, step)


def test_standardizing_uses_mean_and_deviation_of_the_training_part_channel_by_channel():
    x = pictures()
    preparation = Preparation([{"type": "standardize"}], x)
    mean, deviation = x.mean((0, 2, 3)), x.std((0, 2, 3), correction=0)
    other = pictures(3) * 2 + 1
    expected = (other - mean[:, None, None]) / deviation[:, None, None]
    torch.testing.assert_close(preparation.settled(other), expected)


def test_the_held_out_part_has_no_say_in_what_is_fitted():
    raw, prepared = load(digits().dataset), load(digits("standardize").dataset)
    mean, deviation = raw.train.inputs.mean(), raw.train.inputs.std(correction=0)
    assert prepared.train.inputs.mean().abs() < 1e-5
    torch.testing.assert_close(
        prepared.validation.inputs, (raw.validation.inputs - mean) / deviation
    )


def test_a_feature_that_never_changes_stays_finite():
    x = torch.ones(4, 3)
    assert not Preparation([{"type": "standardize"}], x).settled(x).any()


@pytest.mark.proves("E2.mean")
def test_the_mean_image_is_taken_off_cell_by_cell():
    raw, prepared = load(digits().dataset), load(digits("mean_image").dataset)
    mean = raw.train.inputs.mean(0)
    assert (mean - mean.mean()).abs().max() > 0.1  # cells differ, so a mean of all would not do
    torch.testing.assert_close(prepared.test.inputs, raw.test.inputs - mean)


def test_a_column_becomes_one_number_a_kind():
    x = torch.tensor([[0.5, 2.0, 7.0], [0.1, 0.0, 8.0], [0.2, 5.0, 9.0]])
    given = Preparation([{"type": "one_hot", "column": 1, "values": 3}], x).settled(x)
    assert given[:, 1:4].tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 0]]
    assert torch.equal(given[:, [0, 4]], x[:, [0, 2]])


@pytest.mark.proves("E2.size")
def test_resizing_to_half_averages_and_doubling_repeats():
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    twice = Preparation([{"type": "resize", "size": [8, 8], "mode": "nearest"}], x).settled(x)
    assert torch.equal(twice, x.repeat_interleave(2, 2).repeat_interleave(2, 3))
    # A smooth ramp keeps its middle, whatever the size.
    half = Preparation([{"type": "resize", "size": [2, 2], "mode": "bilinear"}], x).settled(x)
    assert half.mean().item() == pytest.approx(7.5)
    assert half[0, 0, 0, 0] < half[0, 0, 0, 1] < half[0, 0, 1, 0] < half[0, 0, 1, 1]


@pytest.mark.proves("E2.size")
def test_a_centre_crop_keeps_the_middle():
    x = pictures()
    given = Preparation([{"type": "center_crop", "size": [3, 2]}], x).settled(x)
    assert torch.equal(given, x[:, :, 1:4, 2:4])


@pytest.mark.proves("E2.augmentation")
def test_a_random_crop_is_a_window_of_the_padded_picture_and_its_middle_at_rest():
    x = pictures(200, 1, 4, 4)
    crop = {"type": "random_crop", "size": [4, 4], "padding": [1, 2]}
    padded = torch.nn.functional.pad(x, (2, 2, 1, 1))
    windows = padded.unfold(2, 4, 1).unfold(3, 4, 1)[:, 0].reshape(200, 15, 4, 4)
    found = [
        next(at for at, window in enumerate(own) if torch.equal(window, one[0]))
        for own, one in zip(windows, drawn(crop, x), strict=True)
    ]
    assert set(found) == set(range(15))
    assert torch.equal(Preparation([crop], x).settled(x), x)


@pytest.mark.proves("E2.augmentation")
@pytest.mark.parametrize(("field", "axis"), [("horizontal", 3), ("vertical", 2)])
def test_a_share_of_the_pictures_is_turned_over(field, axis):
    x = pictures(400)
    given = drawn({"type": "flip", "horizontal": 0.0, "vertical": 0.0, field: 0.25}, x)
    turned = torch.tensor([torch.equal(a, b.flip(axis - 1)) for a, b in zip(given, x, strict=True)])
    assert turned.double().mean().item() == pytest.approx(0.25, abs=0.06)
    assert torch.equal(given[~turned], x[~turned])


@pytest.mark.proves("E2.augmentation")
def test_scaling_by_two_shows_the_middle_and_by_a_half_leaves_a_border():
    x = torch.ones(1, 1, 8, 8)
    x[:, :, 2:6, 2:6] = 3.0
    larger = drawn({"type": "scale", "low": 2.0, "high": 2.0}, x)
    assert larger[0, 0, 1:7, 1:7].eq(3).all()
    smaller = drawn({"type": "scale", "low": 0.5, "high": 0.5}, x)
    assert not smaller[0, 0, [0, 1, 6, 7]].any()
    assert smaller[0, 0, 3:5, 3:5].eq(3).all()


@pytest.mark.proves("E2.augmentation")
def test_color_moves_the_mean_and_stretches_the_differences_of_each_picture():
    x = pictures(2000, 1, 3, 3)
    given = drawn({"type": "color", "brightness": 0.5, "contrast": 0.4}, x)
    moved = (given.mean((1, 2, 3)) - x.mean((1, 2, 3))).numpy()
    assert moved.std() == pytest.approx(0.5, rel=0.05)
    contrast = (given.std((1, 2, 3)) / x.std((1, 2, 3))).numpy()
    assert 0.6 <= contrast.min() < 0.61 < 1.39 < contrast.max() <= 1.4


def test_noise_has_its_deviation():
    x = torch.zeros(100, 50, dtype=torch.float64)
    assert drawn({"type": "noise", "std": 0.3}, x).std().item() == pytest.approx(0.3, rel=0.03)


AUGMENTED = [
    "standardize",
    {"type": "random_crop", "size": 7, "padding": 1},
    "flip",
    "scale",
    "color",
    "noise",
    "mean_image",
]


def test_a_draw_depends_on_seed_and_step_alone():
    x = pictures()
    preparation = Preparation(
        [{"type": "noise", "std": 1.0}, {"type": "flip", "horizontal": 0.5, "vertical": 0.0}], x
    )
    torch.manual_seed(1)
    first = preparation.drawn(x, 5, 3)
    torch.manual_seed(2)
    assert torch.equal(first, preparation.drawn(x, 5, 3))
    assert not torch.equal(first, preparation.drawn(x, 5, 4))
    assert not torch.equal(first, preparation.drawn(x, 6, 3))


def test_only_training_draws():
    session = Session(digits(*AUGMENTED))
    assert torch.equal(session.parts["train"].inputs, session.dataset.train.inputs)
    assert session.evaluate("train_eval") == session.evaluate("train_eval")
    assert session.dataset.begun.inputs.shape[1:] == (1, 8, 8)
    assert session.dataset.train.inputs.shape[1:] == (1, 7, 7)


def test_a_resumed_run_is_bitwise_the_run_that_never_stopped():
    def advanced(session, steps):
        for _ in range(steps):
            session.advance()
        return session

    planned = digits(*AUGMENTED, batch_size=100, epochs=3)
    straight = advanced(Session(planned), 30)
    tensors, meta = advanced(Session(planned), 11).state()
    resumed = Session(planned, state=(tensors, json.loads(json.dumps(meta))))
    assert torch.equal(advanced(resumed, 19).flat.values, straight.flat.values)


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_every_number_stays_in_the_precision_of_the_run(precision):
    transforms = digits(*AUGMENTED).dataset.transforms
    x = pictures(6, 1, 8, 8)
    preparation = Preparation(transforms, x)
    begun = preparation.begun(x).to(precision)
    assert preparation.drawn(begun, 0, 1).dtype == precision
