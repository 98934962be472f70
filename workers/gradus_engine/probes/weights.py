"""Parameters of a network, and how far they move."""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from gradus.probes import KernelsProbe, NormsProbe, WeightsProbe
from gradus_engine.probes.picture import Picture, numbers
from gradus_engine.session import Session

MOST_PARAMETERS = 50_000
FLOAT16_MAX = 65504


def weights(session: Session, probe: WeightsProbe) -> Picture:
    """Every parameter and buffer by its full name, float16; what float16 cannot hold is clipped."""
    total = session.plan.totals.parameters
    if total > MOST_PARAMETERS:
        raise ValueError(
            f"weights travel up to {MOST_PARAMETERS:,} parameters; this network has {total:,}"
        )
    state = session.network.layers.state_dict()
    return Picture("weights", session.step, {name: _half(value) for name, value in state.items()})


def _half(value: Tensor) -> NDArray[np.float16]:
    return numbers(value).clip(-FLOAT16_MAX, FLOAT16_MAX).astype(np.float16)


def kernels(session: Session, probe: KernelsProbe) -> Picture:
    """The kernels of a convolution: `kernels` [filters, channels / groups, height, width]."""
    parameters = dict(session.network.layers.named_parameters())
    weight = parameters.get(f"{probe.layer}.weight")
    if weight is None or weight.dim() != 4:
        raise ValueError(f"{probe.layer!r} is not a convolution of this network")
    return Picture("kernels", session.step, {"kernels": numbers(weight)}, {"layer": probe.layer})


def norms(session: Session, probe: NormsProbe) -> Picture:
    """Root mean square a layer: `weights`, `gradients` and `updates` [layers] in the order of meta.

    Gradient and update are the last step's, the gradient with its penalties. Before the first step
    after a start or a resume they are 0.
    """
    flat, update = session.flat, session.optimizer.last_update()
    members: dict[str, list[str]] = {}
    for name in flat.places:
        members.setdefault(name.rpartition(".")[0], []).append(name)
    layers = [layer.name for layer in session.plan.network.layers if layer.name in members]
    vectors = {"weights": flat.values, "gradients": flat.gradients, "updates": update}
    arrays = {
        kind: np.array(
            [_rms([flat.slice(vector, n) for n in members[layer]]) for layer in layers], np.float32
        )
        for kind, vector in vectors.items()
    }
    return Picture("norms", session.step, arrays, {"layers": layers})


def _rms(tensors: list[Tensor]) -> float:
    squares = sum(float(t.double().square().sum()) for t in tensors)
    return float(np.sqrt(squares / sum(t.numel() for t in tensors)))
