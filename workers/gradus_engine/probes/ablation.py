"""What a network is worth without some of its units."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from torch import Tensor, nn

from gradus.probes import AblationProbe
from gradus_engine.evaluation import evaluate
from gradus_engine.probes.picture import Picture
from gradus_engine.session import Session


def ablation(session: Session, probe: AblationProbe) -> Picture:
    """`whole` and `without` [metrics], in the order of `metrics` in meta, the loss first.

    Raises ValueError where the layer or one of its units is not there.
    """
    if probe.layer not in session.network.layers:
        raise ValueError(f"there is no layer {probe.layer!r} in this network")
    size = next(p.output for p in session.plan.network.layers if p.name == probe.layer)[0]
    absent = [unit for unit in probe.units or () if unit >= size]
    if absent:
        raise ValueError(
            f"{probe.layer} has {size} units, 0 to {size - 1}; there is no {absent[0]}"
        )
    part = session.parts[probe.part]
    whole = evaluate(session.network, session.objective, part)
    with _silent(session.network.layers[probe.layer], probe.units):
        without = evaluate(session.network, session.objective, part)
    arrays = {
        "whole": np.array(list(whole.values()), np.float32),
        "without": np.array(list(without.values()), np.float32),
    }
    meta = {
        "layer": probe.layer,
        "units": None if probe.units is None else list(probe.units),
        "part": probe.part,
        "metrics": list(whole),
    }
    return Picture("ablation", session.step, arrays, meta)


@contextmanager
def _silent(layer: nn.Module, units: Sequence[int] | None) -> Iterator[None]:
    """The layer with 0 as the output of `units`, or of all, and then as it was."""

    def quiet(
        _layer: nn.Module, _inputs: object, output: Tensor | tuple[Tensor, ...]
    ) -> Tensor | tuple[Tensor, ...]:
        first, *extras = (output,) if isinstance(output, Tensor) else output
        silenced = first.clone()
        silenced[:, slice(None) if units is None else list(units)] = 0
        return (silenced, *extras) if extras else silenced

    handle = layer.register_forward_hook(quiet)
    try:
        yield
    finally:
        handle.remove()
