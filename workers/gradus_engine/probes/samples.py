"""What the network makes of one sample, or of an input of one's own."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from gradus.probes import MapsProbe, Sample, UnitsProbe
from gradus_engine.datasets import Part
from gradus_engine.evaluation import evaluating
from gradus_engine.opening import AnySession
from gradus_engine.probes.picture import Picture, half, numbers
from gradus_engine.session import Session


def units(session: Session, probe: UnitsProbe) -> Picture:
    """The output of each layer, or of one, for a sample: one array a layer, in the layer's shape.

    `input` is float16: the page computes with it, and bytes would not be exact enough.
    """
    return units_picture(session.step, *_outputs(session, probe))


def maps(session: Session, probe: MapsProbe) -> Picture:
    """Feature maps [channels, height, width] of each layer that has them, or of one."""
    return maps_picture(session.step, *_outputs(session, probe), layer=probe.layer)


def units_picture(step: int, outputs: Mapping[str, Tensor], meta: dict[str, Any]) -> Picture:
    """Outputs by layer as they travel; those of `input`, or a network's own, are float16."""
    arrays = {
        name: half(values) if name.rpartition("/")[2] == "input" else numbers(values)
        for name, values in outputs.items()
    }
    return Picture("units", step, arrays, meta)


def maps_picture(
    step: int, outputs: Mapping[str, Tensor], meta: dict[str, Any], *, layer: str | None
) -> Picture:
    """The outputs that are maps. Raises ValueError when the asked `layer` has none."""
    arrays = {name: numbers(values) for name, values in outputs.items() if values.dim() == 3}
    if layer and not arrays:
        raise ValueError(f"{layer} has no maps; ask for units")
    return Picture("maps", step, arrays, meta)


def _outputs(
    session: Session, probe: UnitsProbe | MapsProbe
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Outputs by layer, without the batch axis, and what is known of the sample."""
    sample, layer = probe.sample, probe.layer
    if probe.network is not None:
        raise ValueError(f"this document has one network; {probe.network!r} names one of several")
    if layer is not None and layer != "input" and layer not in session.network.layers:
        raise ValueError(f"there is no layer {layer!r} in this network")
    inputs, meta = sampled(session, sample)
    with evaluating(session.network):
        outputs = session.network.outputs(inputs, [layer] if layer else None)
    return {name: values[0] for name, values in outputs.items()}, meta


def sampled(session: Session, sample: Sample) -> tuple[Tensor, dict[str, Any]]:
    """The inputs [1, *input] that `sample` means, and what is known of them."""
    inputs, target = sample_of(session, sample)
    return inputs, {
        "part": None if sample.values else sample.part,
        "index": None if sample.values else sample.index,
        "target": target,
        "classes": classes(session),
    }


def sample_of(session: Session, sample: Sample) -> tuple[Tensor, Any]:
    """Inputs [1, *input] and target of a sample; an input of one's own has none."""
    return _own(session, sample) if sample.values else _drawn(session, sample)


def _drawn(session: Session, sample: Sample) -> tuple[Tensor, Any]:
    """Inputs [1, *input] and target of a sample of the data."""
    part = session.parts[sample.part]
    index = _index(part, sample)
    target = session.dataset.parts()[sample.part].targets[index].tolist()
    return part.inputs[index : index + 1], target


def _own(session: Session, sample: Sample) -> tuple[Tensor, None]:
    """Inputs [1, *input] from the numbers that came with the question."""
    values = sample.values or ()
    like = session.parts["train"].inputs
    expected = like[0].numel()
    if len(values) != expected:
        shape = list(like.shape[1:])
        raise ValueError(
            f"sample.values holds {len(values):,} numbers; the network reads {expected:,}, {shape}"
        )
    words = session.plan.dataset.words if session.plan.dataset else 0
    if words and not all(value == int(value) and 0 <= value < words for value in values):
        raise ValueError(f"sample.values are whole numbers from 0 to {words - 1} here")
    given = torch.tensor(values, device=like.device).to(like.dtype)
    return given.view(1, *like.shape[1:]), None


def _index(part: Part, sample: Sample) -> int:
    if sample.index >= len(part):
        raise ValueError(
            f"{sample.part} has {len(part)} samples; there is no number {sample.index}"
        )
    return sample.index


def classes(session: AnySession) -> list[str]:
    """Names of the classes; none for a regression."""
    return list(session.plan.dataset.classes) if session.plan.dataset else []
