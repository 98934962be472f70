"""Drawing from a normal distribution: the reparameterization trick."""

import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build

INPUTS = {"mean": [2], "spread": [2]}
LAYERS = [{"type": "sample_normal", "name": "z", "from": ["mean", "spread"]}]


def network(seed=1):
    found = build(
        plan({"spec": "nn/1", "network": {"inputs": INPUTS, "layers": LAYERS}}), seed=seed
    )
    return found.double()


def given(samples):
    mean = torch.tensor([[1.0, -2.0]], dtype=torch.float64).repeat(samples, 1)
    spread = torch.tensor([[0.0, 2 * torch.tensor(3.0).log()]], dtype=torch.float64)
    spread = spread.repeat(samples, 1)
    return {"mean": mean.requires_grad_(), "spread": spread.requires_grad_()}


@pytest.mark.proves("C10")
def test_while_training_it_draws_by_mean_and_variance():
    z = network().train()(given(40_000))
    torch.testing.assert_close(z.mean(0), torch.tensor([1.0, -2.0]).double(), atol=0.06, rtol=0)
    torch.testing.assert_close(z.std(0), torch.tensor([1.0, 3.0]).double(), atol=0.06, rtol=0)


@pytest.mark.proves("C10")
def test_it_gives_the_mean_when_it_does_not_train():
    inputs = given(3)
    values = network().eval().outputs(inputs)
    assert torch.equal(values["z"], inputs["mean"])
    assert torch.equal(values["z.log_variance"], inputs["spread"])


@pytest.mark.proves("C10")
def test_the_gradient_reaches_mean_and_variance_through_the_draw():
    inputs = given(5)
    z = network().train()(inputs)
    mean, spread = torch.autograd.grad(z.sum(), [inputs["mean"], inputs["spread"]])
    torch.testing.assert_close(mean, torch.ones_like(mean))
    # z = μ + exp(v / 2) ε, so its slope in v is half of what was drawn away from μ.
    torch.testing.assert_close(spread, (z - inputs["mean"]) / 2)


@pytest.mark.proves("C10")
def test_a_draw_depends_on_seed_and_step_alone():
    first, second, other = network().train(), network().train(), network(2).train()
    assert torch.equal(first(given(4)), second(given(4)))
    assert not torch.equal(first(given(4)), other(given(4)))
    second.moment.step = 1
    assert not torch.equal(first(given(4)), second(given(4)))
