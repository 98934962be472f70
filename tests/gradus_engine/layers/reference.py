"""Holds a layer of the engine to a formula written in NumPy: value and gradient, in double precision."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from gradus.plan import plan
from gradus_engine.build import Network, build

Formula = Callable[..., np.ndarray]


def network_of(layers: list[Any], shape: tuple[int, ...]) -> Network:
    """The network that `layers` describe for inputs of `shape`, in double precision."""
    written = {"spec": "nn/1", "network": {"input": list(shape), "layers": layers}}
    return build(plan({**written, "train": {"precision": "float64"}}), seed=1)


def assert_equals(network: Network, formula: Formula, x: np.ndarray) -> None:
    """The network's output for x [N, …] is `formula(x, {parameter: value})`, and so are its gradients.

    The gradients of the formula are central differences of a random weighting of its output.
    """
    parameters = {name: p.detach().numpy().copy() for name, p in network.layers.named_parameters()}
    inputs = torch.from_numpy(x.copy()).requires_grad_()
    output = network(inputs)
    expected = formula(x, parameters)
    np.testing.assert_allclose(output.detach().numpy(), expected, rtol=1e-10, atol=1e-12)
    weighting = np.random.default_rng(3).normal(size=expected.shape)
    tensors = {"x": inputs, **dict(network.layers.named_parameters())}
    slopes = _gradients((output * torch.from_numpy(weighting)).sum(), list(tensors.values()))
    for name, slope in zip(tensors, slopes, strict=True):
        differences = _differences(formula, x, parameters, name, weighting)
        np.testing.assert_allclose(slope, differences, rtol=1e-6, atol=1e-8, err_msg=name)


def _gradients(total: torch.Tensor, tensors: list[torch.Tensor]) -> list[np.ndarray]:
    if not total.requires_grad:  # nothing flows through a step
        return [np.zeros(tensor.shape) for tensor in tensors]
    slopes = torch.autograd.grad(total, tensors, allow_unused=True, materialize_grads=True)
    return [slope.numpy() for slope in slopes]


def _differences(
    formula: Formula,
    x: np.ndarray,
    parameters: Mapping[str, np.ndarray],
    name: str,
    weighting: np.ndarray,
    h: float = 1e-6,
) -> np.ndarray:
    moved = x if name == "x" else parameters[name]
    slope = np.empty_like(moved)
    for index in np.ndindex(moved.shape):
        ends = []
        for sign in (1, -1):
            change = moved.copy()
            change[index] += sign * h
            value = (
                formula(change, parameters)
                if name == "x"
                else formula(x, {**parameters, name: change})
            )
            ends.append((value * weighting).sum())
        slope[index] = (ends[0] - ends[1]) / (2 * h)
    return slope


def draw(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers from −2 to 2, none so near 0 that a kink there spoils the differences."""
    random = np.random.default_rng(seed)
    return random.uniform(0.05, 2, shape) * random.choice([-1, 1], shape)
