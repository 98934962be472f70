"""Questions to a network while it trains, after, or before. None of them changes it.

`probe` runs between two steps, in eval mode and without gradients.
"""

from collections.abc import Callable
from typing import Any

from gradus.probes import Probe
from gradus_engine.alternation import Alternation
from gradus_engine.opening import AnySession
from gradus_engine.probes import (
    ablation,
    activity,
    batch,
    confusion,
    descent,
    fields,
    generated,
    inside,
    judged,
    lanes,
    samples,
    sums,
    surface,
    weights,
)
from gradus_engine.probes.picture import Picture
from gradus_engine.session import Session

__all__ = ["PROBES", "Picture", "probe"]

# Each takes the request of its own kind; the union's tag decides which one is called.
PROBES: dict[str, Callable[[Session, Any], Picture]] = {
    "descent": descent.descent,
    "field": fields.field,
    "unit_fields": fields.unit_fields,
    "units": samples.units,
    "maps": samples.maps,
    "kernels": weights.kernels,
    "weights": weights.weights,
    "norms": weights.norms,
    "confusion": confusion.confusion,
    "samples": judged.samples,
    "ablation": ablation.ablation,
    "activity": activity.activity,
    "batch": batch.batch,
    "sum": sums.sums,
    "inside": inside.inside,
    "surface": surface.surface,
}


# Of several networks: those that name one of them, and those that need none.
LANES: dict[str, Callable[[Alternation, Any], Picture]] = {
    "field": lanes.field,
    "unit_fields": lanes.unit_fields,
    "units": lanes.units,
    "maps": lanes.maps,
    "kernels": weights.kernels,
    "weights": weights.weights,
    "norms": weights.norms,
    "samples": judged.samples,
    "generated": generated.generated,
    "sum": lanes.sum_of,
}


def probe(session: AnySession, request: Probe) -> Picture:
    """The picture that answers `request`.

    Raises ValueError when the network or its data have no such picture.
    """
    session.activate()
    if isinstance(session, Alternation):
        if request.kind not in LANES:
            raise ValueError(f"{request.kind} is a picture of one network; this run has several")
        return LANES[request.kind](session, request)
    if request.kind not in PROBES:
        raise ValueError(f"{request.kind} is a picture of several networks; this run has one")
    return PROBES[request.kind](session, request)
