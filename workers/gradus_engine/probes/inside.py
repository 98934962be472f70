"""What goes on inside layers: gates, weights of attention, tables, masks, distributions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from gradus.planned import LayerPlan
from gradus.probes import InsideProbe
from gradus_engine.evaluation import evaluating
from gradus_engine.insides import CROWD, SAMPLE, Inside, Look
from gradus_engine.insides.inputs import spread
from gradus_engine.probes.picture import Picture, half
from gradus_engine.probes.samples import sampled
from gradus_engine.session import Session

# Enough for a distribution, few enough for the activations of a deep net.
CROWD_SIZE = 128


def inside(session: Session, probe: InsideProbe) -> Picture:
    """Arrays `{layer}.{part}` of each layer that was asked for, float16, as `insides` names them.

    Layers that look at a crowd see the first training samples. Raises ValueError where a layer is
    not there or shows nothing but its output.
    """
    plans = {plan.name: plan for plan in session.plan.network.layers}
    chosen = [plans.get(name) or _absent(name) for name in probe.layers]
    for plan in chosen:
        _of(plan)  # refuses before anything is computed
    inputs, meta = sampled(session, probe.sample)
    alone = [plan for plan in chosen if plan.type in SAMPLE]
    many = [plan for plan in chosen if plan.type not in SAMPLE]
    arrays: dict[str, NDArray[np.float16]] = {}
    with evaluating(session.network), _last_step(session):
        if alone:
            arrays |= _looked(session, alone, session.network.outputs(inputs))
        if many:
            crowd = session.parts["train"].inputs[:CROWD_SIZE]
            arrays |= _looked(session, many, session.network.outputs(crowd))
    return Picture("inside", session.step, arrays, {**meta, "layers": list(probe.layers)})


def _looked(
    session: Session, plans: list[LayerPlan], values: Mapping[str, Tensor]
) -> dict[str, NDArray[np.float16]]:
    arrays: dict[str, NDArray[np.float16]] = {}
    for plan in plans:
        read = tuple(values[name] for name in plan.inputs)
        look = Look(plan, session.network.layers[plan.name], read, values, session.batch_size)
        for part, tensor in _of(plan)(look).items():
            arrays[f"{plan.name}.{part}"] = half(tensor)
    return arrays


@contextmanager
def _last_step(session: Session) -> Iterator[None]:
    """Draws as at the last step, or at the first where none was taken."""
    moment = session.network.moment
    before, moment.step = moment.step, max(1, session.step)
    try:
        yield
    finally:
        moment.step = before


def _of(plan: LayerPlan) -> Inside:
    """What looks into a layer; for one with an activation of its own, at that."""
    found = SAMPLE.get(plan.type) or CROWD.get(plan.type)
    if found:
        return found
    if plan.fields.get("activation", "identity") == "identity" or plan.type == "feed_forward":
        raise ValueError(
            f"{plan.name} ({plan.type}) shows nothing beside its output; ask for units"
        )
    return spread


def _absent(name: str) -> NoReturn:
    raise ValueError(f"there is no layer {name!r} in this network")
