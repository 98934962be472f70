"""What holds overfitting back: each narrows the gap between training and new samples, on a task
that is built to be learned by heart."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from gradus.plan import plan
from gradus_engine.build import build
from gradus_engine.datasets.transforms import Preparation
from gradus_engine.session import Session
from tests.gradus_engine.documents import document

SEEDS = (0, 1, 2)


def bars(count, seed, *, noise=0.3, places=0, sizes=(4, 4), light=0.0, contrast=0.0):
    """Pictures [N, 1, 16, 16] of a bar that lies (0) or stands (1), with nuisances that leave its
    class as it is: where it is, how large, how bright."""
    random = np.random.default_rng(seed)
    i, j = np.mgrid[:16, :16] - 7.5
    classes = random.integers(0, 2, count)
    pictures = []
    for stands in classes:
        down, right = random.integers(-places, places + 1, 2)
        size = random.uniform(*sizes)
        u, v = (i - down) / size, (j - right) / size
        across, along = (v, u) if stands else (u, v)
        bar = (np.abs(across) < 0.35) & (np.abs(along) < 1)
        gain = random.uniform(1 - contrast, 1 + contrast)
        pictures.append(gain * (bar + random.normal(0, noise, bar.shape)) + random.normal(0, light))
    return torch.tensor(np.array(pictures), dtype=torch.float32)[:, None], torch.tensor(classes)


def gap_of_bars(transforms, count, **nuisances):
    """Loss on 600 new pictures less that on `count` learned ones, the mean over the seeds."""
    written = {"name": "digits", "transforms": [{"type": "resize", "size": 16}, *transforms]}
    fields = plan(document(["flatten", "linear"], written)).dataset.transforms[1:]
    hidden = {"type": "linear", "units": 32, "activation": "relu"}
    layers = ["flatten", hidden, {"type": "linear", "units": 2}]
    gaps = []
    for seed in SEEDS:
        (x, y), (new, truth) = bars(count, seed, **nuisances), bars(600, seed + 100, **nuisances)
        preparation = Preparation(fields, x)
        network = build(
            plan({"spec": "nn/1", "network": {"input": [1, 16, 16], "layers": layers}}), seed=seed
        )
        optimizer = torch.optim.Adam(network.parameters(), 0.01)
        for step in range(150):
            optimizer.zero_grad()
            drawn = preparation.drawn(preparation.begun(x), seed, step)
            cross_entropy(network(drawn), y).backward()
            optimizer.step()
        with torch.no_grad():
            learned = cross_entropy(network(preparation.settled(x)), y)
            gaps.append((cross_entropy(network(preparation.settled(new)), truth) - learned).item())
    return np.mean(gaps)


@pytest.mark.proves("E2.augmentation")
@pytest.mark.parametrize(
    ("transform", "task"),
    [
        ({"type": "random_crop", "size": 16, "padding": 3}, {"count": 30, "places": 3}),
        ({"type": "flip", "vertical": 0.5}, {"count": 30, "places": 3}),
        (
            {"type": "scale", "low": 0.5, "high": 2.0},
            {"count": 16, "sizes": (2, 8), "noise": 0.5},
        ),
        (
            {"type": "color", "brightness": 2.0, "contrast": 0.5},
            {"count": 20, "light": 2.0, "contrast": 0.5, "noise": 0.6},
        ),
    ],
    ids=["crop", "flip", "scale", "color"],
)
def test_more_views_of_the_same_pictures_narrow_the_gap(transform, task):
    plain, augmented = gap_of_bars([], **task), gap_of_bars([transform], **task)
    assert plain > 0.1
    assert augmented < 0.8 * plain


def gap_of_digits(*transforms, **train):
    """The same for 54 digits learned by heart by 64 units."""
    split = {"train": 0.03, "validation": 0.5, "test": 0.47}
    data = {"name": "digits", "transforms": list(transforms), "split": split}
    hidden = {"type": "linear", "units": 64, "activation": "relu"}
    layers = ["flatten", hidden, "linear"]
    adam = {"type": "adam", "learning_rate": 0.01}
    settings = {"epochs": 1000, "batch_size": "all", "optimizer": adam, **train}
    gaps = []
    for seed in SEEDS:
        session = Session(plan(document(layers, data, **settings, seed=seed)))
        for _ in range(200):
            session.advance()
        learned, new = session.evaluate("train_eval"), session.evaluate("validation")
        gaps.append(new["validation/loss"] - learned["train_eval/loss"])
    return np.mean(gaps)


@pytest.fixture(scope="module")
def unheld():
    return gap_of_digits()


@pytest.mark.parametrize(
    ("transforms", "settings", "share"),
    [
        pytest.param([], {"l1": 0.001}, 0.8, id="l1", marks=pytest.mark.proves("E2.l1")),
        pytest.param([], {"l2": 0.003}, 0.8, id="l2", marks=pytest.mark.proves("E2.l2")),
        pytest.param(
            [],
            {"optimizer": {"type": "adamw", "learning_rate": 0.01, "weight_decay": 0.5}},
            0.9,
            id="decay",
            marks=pytest.mark.proves("E2.decay"),
        ),
        pytest.param(
            [],
            {"gradient_noise": {"eta": 0.003, "gamma": 0.55}},
            0.9,
            id="noise",
            marks=pytest.mark.proves("E2.noise"),
        ),
        pytest.param(["mean_image"], {}, 0.97, id="mean", marks=pytest.mark.proves("E2.mean")),
        pytest.param(
            [{"type": "center_crop", "size": [8, 6]}],
            {},
            0.95,
            id="crop",
            marks=pytest.mark.proves("E2.size"),
        ),
    ],
)
def test_what_holds_the_weights_or_the_inputs_narrows_the_gap(unheld, transforms, settings, share):
    assert unheld > 0.5
    assert gap_of_digits(*transforms, **settings) < share * unheld


@pytest.mark.proves("E2.dropout")
def test_dropout_narrows_the_gap_on_noisy_points():
    def gap(*dropped):
        hidden = [{"type": "linear", "units": 64, "activation": "relu"}, *dropped]
        split = {"train": 0.2, "validation": 0.4, "test": 0.4}
        data = {"name": "xor", "options": {"points": 200, "noise": 0.4}, "split": split}
        adam = {"type": "adam", "learning_rate": 0.01}
        settings = {"epochs": 1000, "batch_size": "all", "optimizer": adam}
        session = Session(plan(document([*hidden, *hidden, "linear"], data, **settings)))
        for _ in range(400):
            session.advance()
        learned, new = session.evaluate("train_eval"), session.evaluate("validation")
        return new["validation/loss"] - learned["train_eval/loss"]

    assert gap({"type": "dropout", "rate": 0.5}) < 0.6 * gap()
