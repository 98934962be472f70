"""Losses and scores of steps over a part, without touching training."""

from collections.abc import Sequence

import torch
from torch import Tensor

from gradus_engine.alternation.forward import Batch, Forward
from gradus_engine.alternation.noise import Noise
from gradus_engine.build import Networks
from gradus_engine.datasets.part import Part
from gradus_engine.evaluation import CHUNK, evaluating


def evaluate(
    networks: Networks, steps: Sequence[Forward], part: Part, seed: int
) -> dict[str, float]:
    """Means over a part: `{step}/loss`, and `{step}/{call}` for each call with a score.

    Eval mode, with the same noise every time. {} for an empty part.
    """
    if not len(part):
        return {}
    found: dict[str, float] = {}
    with evaluating(networks):
        for forward in steps:
            values = _over(forward, part, seed)
            found |= {f"{forward.step.name}/{name}": value for name, value in values.items()}
    return found


def _over(forward: Forward, part: Part, seed: int) -> dict[str, float]:
    totals: dict[str, Tensor] = {}
    for start in range(0, len(part), CHUNK):
        inputs, targets = part.inputs[start : start + CHUNK], part.targets[start : start + CHUNK]
        batch = Batch(inputs, targets, len(inputs))
        given = forward(batch, Noise(seed, f"evaluation/{forward.step.name}", start))
        for name, value in {"loss": forward.loss(given, batch), **forward.scores(given)}.items():
            weighted = value.double() * len(inputs)
            totals[name] = totals[name] + weighted if name in totals else weighted
    # One wait for the device for all of them.
    means = torch.stack(list(totals.values())) / len(part)
    return dict(zip(totals, means.tolist(), strict=True))
