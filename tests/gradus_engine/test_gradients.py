"""Clipping and noise of gradients."""

import pytest
import torch

from gradus.plan import plan
from gradus_engine.gradients import add_noise, clip
from gradus_engine.session import Session
from tests.gradus_engine.documents import toy


@pytest.mark.proves("E4.clipping")
def test_a_norm_is_brought_down_to_its_bound_and_keeps_its_direction():
    gradients = torch.tensor([3.0, -4.0])
    clip(gradients, {"norm": 1.0})
    torch.testing.assert_close(gradients, torch.tensor([0.6, -0.8]))


@pytest.mark.proves("E4.clipping")
def test_a_norm_within_its_bound_stays():
    gradients = torch.tensor([0.3, -0.4])
    clip(gradients, {"norm": 1.0})
    torch.testing.assert_close(gradients, torch.tensor([0.3, -0.4]), rtol=0, atol=0)


@pytest.mark.proves("E4.clipping")
def test_values_are_cut_one_by_one():
    gradients = torch.tensor([3.0, -4.0, 0.1])
    clip(gradients, {"value": 0.5})
    assert gradients.tolist() == pytest.approx([0.5, -0.5, 0.1])


@pytest.mark.proves("E4.clipping")
def test_a_run_steps_no_further_than_the_bound_allows():
    session = Session(plan(toy(optimizer="sgd", clip={"norm": 1e-3})))
    before = session.flat.values.clone()
    session.advance()
    assert (session.flat.values - before).norm().item() == pytest.approx(0.01 * 1e-3, rel=1e-3)


@pytest.mark.proves("E2.noise")
def test_noise_has_the_published_variance_and_follows_its_seed():
    noise = torch.zeros(100_000)
    add_noise(noise, {"eta": 0.3, "gamma": 0.55}, steps=9, seed=5)
    assert noise.var().item() == pytest.approx(0.3 / 10**0.55, rel=0.02)
    again = torch.zeros(100_000)
    add_noise(again, {"eta": 0.3, "gamma": 0.55}, steps=9, seed=5)
    assert torch.equal(noise, again)


@pytest.mark.proves("E2.noise")
def test_a_run_with_noise_is_the_same_run_each_time():
    def trained(noise):
        session = Session(plan(toy(gradient_noise=noise)))
        for _ in range(5):
            session.advance()
        return session.flat.values

    assert torch.equal(trained({"eta": 0.1}), trained({"eta": 0.1}))
    assert not torch.equal(trained({"eta": 0.1}), trained(None))
