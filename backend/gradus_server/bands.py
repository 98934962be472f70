"""The bands of a sweep: a series of one setting over its seeds."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np

from gradus_runs.chunks import Points, thin
from gradus_runs.members import Member
from gradus_server.wire_sweeps import BandColumns, SweepBand


def bands(found: Sequence[Member], measured: Mapping[str, Points], points: int) -> list[SweepBand]:
    """One band a setting, of at most about so many points; without points where nothing is known."""
    return [
        SweepBand(setting=setting, values=same[0].varied, columns=_band(same, measured, points))
        for setting, same in (
            (key, list(part)) for key, part in groupby(found, key=lambda each: each.setting)
        )
    ]


def _band(same: Sequence[Member], measured: Mapping[str, Points], points: int) -> BandColumns:
    """Seeds are compared where they were measured: each stands at its last point up to a step, and
    counts from its first to its last."""
    series = [thin(measured[each.run_id], points) for each in same if each.run_id in measured]
    if not series:
        return BandColumns(step=[], mean=[], min=[], max=[], count=[])
    steps = np.unique(np.concatenate([each.last_step for each in series]))
    if len(steps) > points:
        steps = steps[np.unique(np.linspace(0, len(steps) - 1, points).round().astype(int))]
    # values[S, N]: NaN where a seed has no point yet, or none any more.
    values = np.stack([_at(each, steps) for each in series])
    count = np.isfinite(values).sum(axis=0)
    kept = count > 0
    values, steps, count = values[:, kept], steps[kept], count[kept]
    total = np.where(np.isfinite(values), values, 0.0).sum(axis=0)
    return BandColumns(
        step=steps.tolist(),
        mean=(total / count).tolist(),
        min=np.where(np.isfinite(values), values, np.inf).min(axis=0).tolist(),
        max=np.where(np.isfinite(values), values, -np.inf).max(axis=0).tolist(),
        count=count.tolist(),
    )


def _at(points: Points, steps: np.ndarray) -> np.ndarray:
    """The mean at each of the steps [N]."""
    place = np.searchsorted(points.last_step, steps, side="right") - 1
    outside = (place < 0) | (steps > points.last_step[-1])
    return np.where(outside, np.nan, points.mean[np.maximum(place, 0)])
