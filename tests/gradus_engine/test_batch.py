"""Slow motion shows the numbers of the batch that is then really taken."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus.probes import BatchProbe
from gradus_engine.probes import probe
from gradus_engine.session import Session
from tests.gradus_engine.documents import document, everything, spiral


def trained(written, steps=7):
    session = Session(plan(written), threads=1)
    for _ in range(steps):
        session.advance()
    return session


@pytest.mark.proves("F2")
@pytest.mark.parametrize("written", [spiral(), everything(clip={"norm": 0.1})], ids=["mlp", "cnn"])
def test_the_batch_that_is_shown_is_the_one_that_is_taken(written):
    session = trained(written)
    shown = probe(session, BatchProbe())
    before = session.flat.values.clone()
    session.take_record()
    session.advance()
    # The compiled loop adds up in another order than the steps that are shown.
    loss = session.take_record()["train/loss"][0]
    assert shown.meta["loss"] == pytest.approx(loss, rel=1e-6)
    for name in session.flat.places:
        gradient = session.flat.slice(session.flat.gradients, name).flatten().numpy()
        np.testing.assert_allclose(shown.arrays[f"gradients/{name}"], gradient, 1e-4, 1e-6)
        moved = session.flat.slice(session.flat.values - before, name).flatten().numpy()
        np.testing.assert_allclose(shown.arrays[f"updates/{name}"], moved, 1e-4, 1e-6)


def test_looking_at_the_next_batch_leaves_training_as_it_was():
    watched, alone = trained(everything()), trained(everything())
    for _ in range(3):
        probe(watched, BatchProbe())
        watched.advance()
        alone.advance()
    for one, other in zip(watched.state()[0].values(), alone.state()[0].values(), strict=True):
        assert torch.equal(one, other)
    np.testing.assert_array_equal(
        watched.take_record()["train/loss"], alone.take_record()["train/loss"]
    )


@pytest.mark.proves("F2")
def test_deltas_are_central_differences_of_the_mean_loss():
    session = trained(spiral())
    shown = probe(session, BatchProbe())
    inputs, targets = session._sampler.draw(session.samples, session.batch_size)
    bias = dict(session.network.layers.named_parameters())["linear_3.bias"]
    losses = []
    for shift in (1e-2, -1e-2):
        with torch.no_grad():
            bias += shift
            losses.append(float(session.objective(session.network, inputs, targets)[1]))
            bias -= shift
    # A bias of the last layer moves every output by as much.
    assert shown.arrays["deltas/linear_3"][0] == pytest.approx(
        (losses[0] - losses[1]) / 2e-2, abs=1e-4
    )


def test_a_network_whose_numbers_are_too_many_is_refused_with_both_counts():
    wide = document(["flatten", {"type": "linear", "units": 700}, "linear"], "digits")
    with pytest.raises(ValueError, match=r"50,000 parameters .* 52,5"):
        probe(Session(plan(wide)), BatchProbe())
