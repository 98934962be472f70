"""Samples of the data, and what the network makes of one."""

from typing import Any

import numpy as np
from torch import Tensor

from gradus.probes import MapsProbe, Sample, SamplesProbe, UnitsProbe
from gradus_engine.datasets import Part
from gradus_engine.evaluation import evaluating
from gradus_engine.probes.picture import Picture, numbers
from gradus_engine.session import Session


def samples(session: Session, probe: SamplesProbe) -> Picture:
    """`inputs` [count, *input] and `targets` [count] or [count, *target], from `start` on."""
    part = session.dataset.parts()[probe.part]
    end = min(probe.start + probe.count, len(part))
    inputs, targets = part.inputs[probe.start : end], part.targets[probe.start : end]
    kept = (
        numbers(targets) if targets.is_floating_point() else targets.cpu().numpy().astype(np.int32)
    )
    meta = {
        "part": probe.part,
        "start": probe.start,
        "total": len(part),
        "classes": _classes(session),
    }
    return Picture("samples", session.step, {"inputs": numbers(inputs), "targets": kept}, meta)


def units(session: Session, probe: UnitsProbe) -> Picture:
    """The output of each layer, or of one, for a sample: one array a layer, in the layer's shape."""
    outputs, meta = _outputs(session, probe.sample, probe.layer)
    arrays = {name: numbers(values) for name, values in outputs.items()}
    return Picture("units", session.step, arrays, meta)


def maps(session: Session, probe: MapsProbe) -> Picture:
    """Feature maps [channels, height, width] of each layer that has them, or of one."""
    outputs, meta = _outputs(session, probe.sample, probe.layer)
    arrays = {name: numbers(values) for name, values in outputs.items() if values.dim() == 3}
    if probe.layer and not arrays:
        raise ValueError(f"{probe.layer} has no maps; ask for units")
    return Picture("maps", session.step, arrays, meta)


def _outputs(
    session: Session, sample: Sample, layer: str | None
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Outputs by layer, without the batch axis, and what is known of the sample."""
    if layer is not None and layer != "input" and layer not in session.network.layers:
        raise ValueError(f"there is no layer {layer!r} in this network")
    part = session.parts[sample.part]
    raw = session.dataset.parts()[sample.part]
    index = _index(part, sample)
    with evaluating(session.network):
        outputs = session.network.outputs(
            part.inputs[index : index + 1], [layer] if layer else None
        )
    target = raw.targets[index].tolist()
    meta: dict[str, Any] = {
        "part": sample.part,
        "index": index,
        "target": target,
        "classes": _classes(session),
    }
    return {name: values[0] for name, values in outputs.items()}, meta


def _index(part: Part, sample: Sample) -> int:
    if sample.index >= len(part):
        raise ValueError(
            f"{sample.part} has {len(part)} samples; there is no number {sample.index}"
        )
    return sample.index


def _classes(session: Session) -> list[str]:
    return list(session.plan.dataset.classes) if session.plan.dataset else []
