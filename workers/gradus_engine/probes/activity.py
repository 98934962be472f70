"""Which units of each layer answer, which are dead, which have come to their limits."""

import numpy as np
from numpy.typing import NDArray

from gradus.probes import ActivityProbe
from gradus_engine.activity import activities, sample_count
from gradus_engine.probes.picture import Picture
from gradus_engine.session import Session


def activity(session: Session, probe: ActivityProbe) -> Picture:
    """`dead`, `active`, `saturated` [layers] in the order of meta; NaN where it means nothing."""
    found = activities(session.network, session.plan, session.parts["train"])
    arrays: dict[str, NDArray[np.float32]] = {
        name: np.array(
            [np.nan if (value := getattr(each, name)) is None else value for each in found],
            np.float32,
        )
        for name in ("dead", "active", "saturated")
    }
    meta = {
        "layers": [each.layer for each in found],
        "functions": [each.function for each in found],
        "samples": min(sample_count(session.plan), len(session.parts["train"])),
    }
    return Picture("activity", session.step, arrays, meta)
