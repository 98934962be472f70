"""A part of the data as the compiled loop reads it."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradus_engine.build import Network
from gradus_engine.datasets.part import Part
from gradus_engine.dense.arrays import Indices, Rows
from gradus_engine.evaluation import outputs
from gradus_engine.metrics import truth


@dataclass(frozen=True, slots=True)
class Reading:
    """Inputs [N, units] and targets: `values` [N, units] or `classes` [N], the other one empty.

    `labels` are the classes behind the targets [N], none where nobody counts right answers.
    """

    inputs: Rows
    values: Rows
    classes: Indices
    labels: Indices


def reading(network: Network, before: str, part: Part, *, accuracy: bool) -> Reading:
    """`part`, with encoded targets, behind the layer `before`, which is computed once for all."""
    targets = part.targets
    by_class = targets.dim() == 1 and not targets.is_floating_point()
    nothing = torch.empty(0)
    return Reading(
        _before(network, before, part.inputs),
        _rows(nothing.view(0, 0) if by_class else targets),
        _indices(targets if by_class else nothing),
        _indices(truth(targets) if accuracy else nothing),
    )


def _before(network: Network, name: str, inputs: Tensor) -> NDArray[np.float32]:
    """What the first layer that learns reads, for every sample: [N, units]."""
    if name in network.plan.inputs:
        return _rows(inputs)
    return _rows(outputs(network, inputs, name))


def _rows(values: Tensor) -> NDArray[np.float32]:
    flat = values.reshape(len(values), -1) if len(values) else values
    return np.ascontiguousarray(flat.to(torch.float32).numpy())


def _indices(values: Tensor) -> NDArray[np.int64]:
    return np.ascontiguousarray(values.to(torch.int64).numpy())
