"""How the inputs of a function spread."""

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from gradus_engine.insides.look import Look
from gradus_engine.layers.activations import identity

BINS = 48
LEAST_REACH = 3.0
# A few outliers must not squeeze the rest into the middle.
WITHIN = 0.995


def spread(look: Look) -> Mapping[str, Tensor]:
    """`histogram` [BINS]: shares of the inputs between −`reach` and +`reach`; `above` [1] zero."""
    x = look.read[0].flatten()
    if "activation" in look.plan.fields:  # a layer with a function of its own
        module: Any = copy.copy(look.module)
        module.function = identity
        x = module(*look.read).flatten()
    # The quantile of a sorted vector: torch's own takes at most 16 million numbers.
    sizes = x.abs().sort().values
    reach = max(LEAST_REACH, float(sizes[int(WITHIN * (len(sizes) - 1))]))
    counts = torch.histc(x.float().clamp(-reach, reach), BINS, -reach, reach)
    return {
        "histogram": counts / len(x),
        "reach": torch.tensor([reach]),
        "above": (x > 0).float().mean()[None],
    }
