"""Parameters of a network, and how far they move."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from gradus.probes import KernelsProbe, NormsProbe, WeightsProbe
from gradus_engine.flat import FlatParameters
from gradus_engine.opening import AnySession
from gradus_engine.probes.picture import Picture, half, numbers

MOST_PARAMETERS = 50_000


def weights(session: AnySession, probe: WeightsProbe) -> Picture:
    """Every parameter and buffer by its full name, float16; what float16 cannot hold is clipped."""
    total = session.plan.totals.parameters
    if total > MOST_PARAMETERS:
        raise ValueError(
            f"weights travel up to {MOST_PARAMETERS:,} parameters; this network has {total:,}"
        )
    state = session.network.layers.state_dict()
    return Picture("weights", session.step, {name: half(value) for name, value in state.items()})


def kernels(session: AnySession, probe: KernelsProbe) -> Picture:
    """The kernels of a convolution, or their gradients: `kernels` [filters, channels / groups, height, width]."""
    parameters = dict(session.network.layers.named_parameters(remove_duplicate=False))
    weight = parameters.get(f"{probe.layer}.weight")
    if weight is None or weight.dim() != 4:
        raise ValueError(f"{probe.layer!r} is not a convolution of this network")
    shown = weight if probe.of == "weights" else _gradient(weight)
    meta = {"layer": probe.layer, "of": probe.of}
    return Picture("kernels", session.step, {"kernels": numbers(shown)}, meta)


def _gradient(parameter: Tensor) -> Tensor:
    # A layer that is not trained has none.
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad


def norms(session: AnySession, probe: NormsProbe) -> Picture:
    """Root mean square a layer: `weights`, `gradients` and `updates` [layers] in the order of meta.

    Gradient and update are the last step's, the gradient with its penalties. Before the first step
    after a start or a resume they are 0.
    """
    members: dict[str, list[tuple[FlatParameters, Tensor, str]]] = {}
    for flat, update in session.moved():
        for name in flat.places:
            members.setdefault(name.rpartition(".")[0], []).append((flat, update, name))
    layers = [layer.name for layer in session.plan.layers if layer.name in members]
    kinds: dict[str, Callable[[FlatParameters, Tensor], Tensor]] = {
        "weights": lambda flat, _: flat.values,
        "gradients": lambda flat, _: flat.gradients,
        "updates": lambda _, update: update,
    }
    arrays = {
        kind: np.array(
            [
                _rms([flat.slice(of(flat, update), name) for flat, update, name in members[layer]])
                for layer in layers
            ],
            np.float32,
        )
        for kind, of in kinds.items()
    }
    return Picture("norms", session.step, arrays, {"layers": layers})


def _rms(tensors: list[Tensor]) -> float:
    squares = sum(float(t.double().square().sum()) for t in tensors)
    return float(np.sqrt(squares / sum(t.numel() for t in tensors)))
