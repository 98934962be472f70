"""Metrics on their way from the engine to the log."""

from collections.abc import Iterable, Mapping
from typing import Any

from gradus_engine.points import Points, join
from gradus_engine.train import Metrics
from gradus_runs.log import Entry


def entry(metrics: Metrics) -> Entry:
    """A block's metrics as an entry of the log."""
    body = {"step": metrics.step, "samples": metrics.samples, "elapsed": metrics.elapsed}
    return Entry("metrics", body, metrics.series)


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """The same entries with every stretch of metrics joined into one: a chunk a commit.

    A thousand blocks a second would otherwise be a thousand rows.
    """
    result: list[Entry] = []
    stretch: list[Entry] = []
    for one in entries:
        if one.type == "metrics":
            stretch.append(one)
            continue
        result += [*_joined(stretch), one]
        stretch = []
    return [*result, *_joined(stretch)]


def _joined(stretch: list[Entry]) -> list[Entry]:
    if len(stretch) < 2:
        return stretch
    columns: dict[str, list[Any]] = {}
    for one in stretch:
        for name, points in one.series.items():
            columns.setdefault(name, []).append(points)
    series: Mapping[str, Points] = {name: join(parts) for name, parts in columns.items()}
    return [Entry("metrics", stretch[-1].body, series)]
