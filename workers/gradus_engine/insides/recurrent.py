"""Cells stepped through. P places (layers and ways), G gates, S states, L steps, H units."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from gradus_engine.insides.look import MOST_STEPS, MOST_UNITS, Look
from gradus_engine.layers.conv_rnn import ConvRnn
from gradus_engine.layers.recurrent import Opened, Recurrent, Walk

MOST_PLACES = 4


def gates(look: Look) -> Mapping[str, Tensor]:
    """`gates` [P, G, L, H], `sums` [P, 2, G, L, H] of input and state before the gate's function,
    `states` [P, S, L, H] and `starts` [P, S, H]: hidden first, memory behind it.
    """
    module = look.module
    assert isinstance(module, Recurrent)
    walks = module.walks(*look.read)[:MOST_PLACES]
    return {
        "gates": _each(walks, lambda step: step.gates),
        "sums": torch.stack(
            [_each(walks, lambda step: step.inputs), _each(walks, lambda step: step.before)], 1
        ),
        "states": _each(walks, lambda step: step.state),
        "starts": torch.stack([torch.cat(walk.start) for walk in walks])[..., :MOST_UNITS],
    }


def _each(walks: list[Walk], part: Callable[[Opened], tuple[Tensor, ...]]) -> Tensor:
    """One part of every step: [P, parts, L, H]."""
    return torch.stack(
        [
            torch.stack([torch.cat(part(step)) for step in walk.steps[:MOST_STEPS]], 1)
            for walk in walks
        ]
    )[..., :MOST_UNITS]


def maps(look: Look) -> Mapping[str, Tensor]:
    """`maps` [G + S, L, height, width]: gates and states as means over the filters."""
    module = look.module
    assert isinstance(module, ConvRnn)
    opened = module.opened(*look.read)[:MOST_STEPS]
    steps = [torch.stack([part[0].mean(0) for part in (*g, *states)]) for g, states in opened]
    return {"maps": torch.stack(steps, 1)}
