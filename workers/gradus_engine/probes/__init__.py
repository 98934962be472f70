"""Questions to a network while it trains, after, or before. None of them changes it.

`probe` runs between two steps, in eval mode and without gradients.
"""

from collections.abc import Callable
from typing import Any

from gradus.probes import Probe
from gradus_engine.probes import (
    ablation,
    activity,
    batch,
    confusion,
    fields,
    inside,
    judged,
    samples,
    sums,
    weights,
)
from gradus_engine.probes.picture import Picture
from gradus_engine.session import Session

__all__ = ["PROBES", "Picture", "probe"]

# Each takes the request of its own kind; the union's tag decides which one is called.
PROBES: dict[str, Callable[[Session, Any], Picture]] = {
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
}


def probe(session: Session, request: Probe) -> Picture:
    """The picture that answers `request`.

    Raises ValueError when the network or its data have no such picture.
    """
    session.activate()
    return PROBES[request.kind](session, request)
