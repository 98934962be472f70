"""Ways to compute the same formula that give other last digits: which one is taken, and what it gains.

Each is part of a run's identity. `python -m benchmarks.choices` measures them again; the factors here
are of computing time, two cores of x86, one thread, torch 2.13.

| choice | taken | gains |
|---|---|---|
| Adam: PyTorch's fused kernel on one vector of everything, against `torch.optim.Adam` over six tensors | always | 46 × at 100 parameters, 7 × at 80,000, 4 × at 1,300,000; against its foreach 37, 7 and 6 ×, against its fused 14, 2.6 and 1.3 × |
| momentum: likewise, against `torch.optim.SGD` | always | 26 ×, 6 ×, 2.3 ×; foreach 20, 5 and 2.1 ×, fused 12, 3 and 1.6 × |
| gradients added into that vector in place, against fresh ones each step | always | nothing for the backward pass; without it no update, norm or penalty is one operation |
| pictures with channels last | chains of convolutions and pools on several channels | with pools 1.4 to 1.5 ×, with upsampling 1.3 ×; residual sums lose (0.9 ×), and batch norm (0.8 ×) and group norm (0.7 ×) |

The number of threads is no choice of the engine: a worker gives each of its children one and trains
in as many children as it has cores, and a run keeps the number that it began with. Nobody can promise
a child that it stays alone, and on two cores that are crowded by other work a run of two threads makes
a tenth of the steps of one thread (1.3 million parameters 0.07 to 0.13 ×, convolutions at 32 × 32 0.09
to 0.11 ×): its threads wait for each other while others compute.
"""

from collections.abc import Mapping
from typing import Any

import torch

from gradus.planned import Plan

UPDATE = "fused"
CONTIGUOUS, CHANNELS_LAST = "contiguous", "channels_last"

FORMATS = {
    CONTIGUOUS: torch.contiguous_format,
    CHANNELS_LAST: torch.channels_last,
}

# What was measured to gain, or to cost nothing, by channels that come last. Normalization loses.
_QUICK = frozenset(
    [
        *("conv2d", "conv_transpose2d", "upsample"),
        *("max_pool2d", "avg_pool2d", "global_avg_pool", "global_max_pool"),
        *("adaptive_avg_pool2d", "adaptive_max_pool2d"),
        *("identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu"),
        *("flatten", "linear", "dropout"),
    ]
)


def memory_format(plan: Plan, kept: Mapping[str, Any] | None = None) -> str:
    """How pictures of a batch lie in memory; `kept` is the identity that a run began with.

    A run that began contiguous stays so, and a fork whose layers changed may have to become so.
    """
    if kept is not None and kept.get("memory_format", CONTIGUOUS) != CHANNELS_LAST:
        return CONTIGUOUS
    layers = plan.network.layers
    shape = next(iter(plan.network.inputs.values()))
    # One channel lies alike in both formats, and PyTorch then takes it for contiguous.
    several = len(shape) == 3 and shape[0] > 1
    transformed = plan.dataset is not None and bool(plan.dataset.transforms)
    quick = {layer.type for layer in layers} <= _QUICK
    if several and quick and not transformed and any(layer.type == "conv2d" for layer in layers):
        return CHANNELS_LAST
    return CONTIGUOUS
