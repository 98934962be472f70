"""What a GAN learns: it covers the ring, and its discriminator ends undecided."""

from typing import Any

import numpy as np
import pytest
from sklearn.svm import SVC

from gradus.plan import plan
from gradus.presets import PRESETS
from gradus.probes import GeneratedProbe
from gradus_engine.opening import open_session
from gradus_engine.probes import probe
from tests.gradus.alternations import digits_asked_for

RADIUS, SPREAD = 4.0, 0.2


def covered(points: Any) -> tuple[int, float]:
    """Clouds that hold a fortieth of the points, and the share of points within three spreads."""
    turns = 2 * np.pi * np.arange(8) / 8
    centres = RADIUS * np.stack([np.sin(turns), np.cos(turns)], axis=1)
    away = np.linalg.norm(points[:, None] - centres[None], axis=2)
    near = away.min(axis=1) < 3 * SPREAD
    counts = np.bincount(away.argmin(axis=1)[near], minlength=8)
    return int((counts >= len(points) / 40).sum()), float(near.mean())


@pytest.mark.proves("C11.modes")
def test_the_preset_covers_the_ring_and_ends_undecided() -> None:
    written = dict(PRESETS["gan_ring"].document)
    written["train"] = {**written["train"], "epochs": 900}
    session = open_session(plan(written), threads=1)
    before, _ = covered(probe(session, GeneratedProbe(count=400)).arrays["generated"])
    assert before < 7
    while not session.finished:
        session.advance()
    modes, near = covered(probe(session, GeneratedProbe(count=400)).arrays["generated"])
    assert modes >= 7
    assert near > 0.75
    scores = session.evaluate("validation")
    for name in ("real_score", "fake_score"):
        assert scores[f"validation/d/{name}"] == pytest.approx(0.5, abs=0.15)


@pytest.mark.proves("C11.asked")
def test_the_conditional_one_draws_the_digit_that_is_asked_for() -> None:
    session = open_session(plan(digits_asked_for()), threads=1)
    real = session.parts["train"]
    reader = SVC().fit(real.inputs.flatten(1).numpy(), real.targets.numpy())

    def read_as_asked() -> float:
        arrays = probe(session, GeneratedProbe(count=200)).arrays
        read = reader.predict(np.asarray(arrays["generated"]).reshape(200, -1))
        return float((read == arrays["targets"]).mean())

    assert read_as_asked() < 0.3
    # The duel swings, so a single moment says little: it is looked at every tenth epoch.
    looks = []
    while not session.finished:
        session.advance()
        if session.samples >= (100 + 10 * len(looks)) * len(real):
            looks.append(read_as_asked())
    assert max(looks) >= 0.95
    assert np.median(looks) >= 0.75
