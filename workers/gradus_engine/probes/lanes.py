"""One network of several looked at by itself: a lane. N samples, R the resolution of a field."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gradus.planned import CallPlan
from gradus.probes import FieldProbe, MapsProbe, Sample, SumProbe, UnitFieldsProbe, UnitsProbe
from gradus_engine.alternation import Alternation
from gradus_engine.alternation.forward import Batch, Forward
from gradus_engine.alternation.noise import Noise
from gradus_engine.build import Network
from gradus_engine.evaluation import evaluating
from gradus_engine.probes import sums
from gradus_engine.probes.fields import as_maps, grid
from gradus_engine.probes.picture import Picture, numbers
from gradus_engine.probes.samples import classes, maps_picture, units_picture

PLACE = "look"  # of the noise that pictures are drawn from: the same at every step


@dataclass(frozen=True, slots=True)
class Lane:
    """A network and the call that tells what it reads: of the data, if it is ever given them."""

    network: Network
    forward: Forward
    call: CallPlan

    @property
    def logit(self) -> bool:
        """Whether a binary cross-entropy reads what it gives."""
        calls = {call.name for call in self.forward.step.calls if call.network == self.call.network}
        losses = self.forward.step.losses
        return any(loss.type == "binary_cross_entropy" and loss.input in calls for loss in losses)

    def inputs(self, session: Alternation, batch: Batch) -> dict[str, Tensor]:
        """What it reads beside `batch`, by full name."""
        noise = Noise(session.plan.train.seed, PLACE, 0)
        return self.forward.inputs(self.call, batch, noise)


def lane_of(session: Alternation, name: str | None) -> Lane:
    """The lane of a network, or of the one that reads the data. Raises ValueError without one."""
    calls = [(each.forward, call) for each in session.steps for call in each.step.calls]
    # Those given the data come first, and of them those of the first step.
    calls.sort(key=lambda pair: "batch" not in pair[1].sources.values())
    for forward, call in calls:
        if name in (None, call.network):
            return Lane(session.network.each[call.network], forward, call)
    raise ValueError(f"no step calls a network {name!r}")


def field(session: Alternation, probe: FieldProbe) -> Picture:
    """What one network answers at every point: `field` [outputs, R, R], a logit as 2σ(z) − 1."""
    lane = lane_of(session, probe.network)
    inputs = _plane(session, lane, probe)
    with evaluating(session.network):
        output = lane.network(inputs)
    shown = 2 * torch.sigmoid(output) - 1 if lane.logit else output
    arrays = {"field": numbers(as_maps(shown.flatten(1), probe.resolution))}
    meta = {"extent": probe.extent, "network": lane.call.network}
    return Picture("field", session.step, arrays, meta)


def unit_fields(session: Alternation, probe: UnitFieldsProbe) -> Picture:
    """The output of every unit of one network at every point: one array [units, R, R] a layer."""
    lane = lane_of(session, probe.network)
    inputs = _plane(session, lane, probe)
    with evaluating(session.network):
        outputs = lane.network.outputs(inputs)
    arrays = {
        name: numbers(as_maps(values.flatten(1), probe.resolution))
        for name, values in outputs.items()
        if values.is_floating_point()
    }
    meta = {"extent": probe.extent, "network": lane.call.network}
    return Picture("unit_fields", session.step, arrays, meta)


def _plane(
    session: Alternation, lane: Lane, probe: FieldProbe | UnitFieldsProbe
) -> dict[str, Tensor]:
    """The points of a grid at the lane's input of two numbers, the first class beside them."""
    plan = lane.network.plan
    pairs = [
        name for name, shape in plan.inputs.items() if shape == (2,) and name not in plan.dtypes
    ]
    if not pairs:
        shapes = [list(shape) for shape in plan.inputs.values()]
        raise ValueError(f"{probe.kind} needs an input of two numbers; {plan.name} reads {shapes}")
    part = session.parts["train"]
    points = grid(probe, part.inputs)
    few = torch.zeros(len(points), dtype=torch.long, device=points.device)
    batch = Batch(part.inputs[few], torch.zeros_like(part.targets[few]), len(points))
    with evaluating(session.network):
        return {**lane.inputs(session, batch), pairs[0]: points}


def units(session: Alternation, probe: UnitsProbe) -> Picture:
    """The output of each layer of one network for a sample; inputs are float16."""
    return units_picture(session.step, *_outputs(session, probe))


def maps(session: Alternation, probe: MapsProbe) -> Picture:
    """Feature maps [channels, height, width] of each layer of one network that has them."""
    return maps_picture(session.step, *_outputs(session, probe), layer=probe.layer)


def sum_of(session: Alternation, probe: SumProbe) -> Picture:
    """The arithmetic behind one number of one network."""
    owner = probe.layers[0].partition("/")[0]
    lane = lane_of(session, owner)
    plans = {layer.name: layer for layer in lane.network.plan.layers}
    for name in probe.layers:
        if name not in plans:
            raise ValueError(f"there is no layer {name!r} in network {owner!r}")
    outputs, _ = _outputs(session, UnitsProbe(network=owner, sample=probe.sample))
    rows = {name: values[None] for name, values in outputs.items()}
    return sums.told(session, [plans[name] for name in probe.layers], rows, probe)


def _outputs(
    session: Alternation, probe: UnitsProbe | MapsProbe
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Outputs by layer, without the batch axis. Noise is that of the sample's number."""
    owner = probe.layer.partition("/")[0] if probe.layer else probe.network
    lane = lane_of(session, owner)
    if probe.layer and probe.layer not in (*lane.network.plan.inputs, *session.network.layers):
        raise ValueError(f"there is no layer {probe.layer!r} in these networks")
    batch, target = _sample(session, probe.sample)
    place = f"{PLACE}/{probe.sample.index}"
    with evaluating(session.network):
        noise = Noise(session.plan.train.seed, place, 0)
        inputs = lane.forward.inputs(lane.call, batch, noise)
        outputs = lane.network.outputs(inputs, [probe.layer] if probe.layer else None)
    meta = {
        "part": probe.sample.part,
        "index": probe.sample.index,
        "target": target,
        "classes": classes(session),
        "network": lane.call.network,
    }
    return {name: values[0] for name, values in outputs.items()}, meta


def _sample(session: Alternation, sample: Sample) -> tuple[Batch, object]:
    part = session.parts[sample.part]
    if sample.values:
        like = part.inputs
        expected = like[0].numel()
        if len(sample.values) != expected:
            raise ValueError(
                f"sample.values holds {len(sample.values):,} numbers; the data have {expected:,}"
            )
        given = torch.tensor(sample.values, dtype=like.dtype, device=like.device)
        return Batch(given.view(1, *like.shape[1:]), part.targets[:1], 1), None
    if sample.index >= len(part):
        raise ValueError(
            f"{sample.part} has {len(part)} samples; there is no number {sample.index}"
        )
    inputs = part.inputs[sample.index : sample.index + 1]
    targets = part.targets[sample.index : sample.index + 1]
    return Batch(inputs, targets, 1), targets[0].tolist()
