"""Series of a run as packed column chunks.

Format 1: the seven columns one after another, little-endian, N values of 8 bytes each:
first_step, last_step, count as i8; mean, min, max, last as f8. NaN and infinities are kept.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from gradus_runs.nonfinite import spell, unspell
from gradus_runs.tables import chunks, events

FORMAT = 1
INTEGERS = ("first_step", "last_step", "count")
FLOATS = ("mean", "min", "max", "last")
POINT_BYTES = 8 * (len(INTEGERS) + len(FLOATS))

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class PointColumns(Protocol):
    """Anything with the seven columns of a series, each of shape [N]."""

    @property
    def first_step(self) -> NDArray[Any]: ...
    @property
    def last_step(self) -> NDArray[Any]: ...
    @property
    def count(self) -> NDArray[Any]: ...
    @property
    def mean(self) -> NDArray[Any]: ...
    @property
    def min(self) -> NDArray[Any]: ...
    @property
    def max(self) -> NDArray[Any]: ...
    @property
    def last(self) -> NDArray[Any]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """N blocks of steps: columns of shape [N], steps ascending."""

    first_step: Integers
    last_step: Integers
    count: Integers
    mean: Floats
    min: Floats
    max: Floats
    last: Floats

    @classmethod
    def of(cls, columns: PointColumns) -> Self:
        """The same columns as 64-bit numbers."""
        return cls(
            **{name: np.asarray(getattr(columns, name), dtype="<i8") for name in INTEGERS},
            **{name: np.asarray(getattr(columns, name), dtype="<f8") for name in FLOATS},
        )

    @classmethod
    def from_json(cls, columns: dict[str, list[Any]]) -> Self:
        """The reverse of `to_json`."""
        return cls(
            **{name: np.array(columns[name], dtype="<i8") for name in INTEGERS},
            **{name: np.array([unspell(x) for x in columns[name]], "<f8") for name in FLOATS},
        )

    def to_json(self) -> dict[str, list[Any]]:
        """`gradus.events.Columns` as it travels."""
        integers = {name: getattr(self, name).tolist() for name in INTEGERS}
        return integers | {name: _spelled(getattr(self, name)) for name in FLOATS}

    def __len__(self) -> int:
        return len(self.first_step)

    def __getitem__(self, chosen: Any) -> "Points":
        """The points that a mask, an index array or a slice chooses."""
        return Points(*(getattr(self, name)[chosen] for name in (*INTEGERS, *FLOATS)))


def _spelled(column: Floats) -> list[Any]:
    values = column.tolist()
    return values if np.isfinite(column).all() else list(spell(values))


def pack(points: PointColumns) -> bytes:
    """The body of one chunk."""
    columns = Points.of(points)
    return b"".join(getattr(columns, name).tobytes() for name in (*INTEGERS, *FLOATS))


def unpack(body: bytes, layout: int = FORMAT) -> Points:
    """The points of one chunk; raises ValueError for a format or a length that cannot be."""
    return unpack_all([body], layout)


def unpack_all(bodies: Iterable[bytes], layout: int = FORMAT) -> Points:
    """The points of several chunks as one stretch; raises ValueError like `unpack`."""
    if layout != FORMAT:
        raise ValueError(f"Chunks of format {layout} are unknown; this release reads {FORMAT}.")
    alike = [_columns(list(each)) for _, each in groupby(bodies, key=len)]
    columns = alike[0] if len(alike) == 1 else np.concatenate(alike, axis=1)
    whole = len(INTEGERS)
    return Points(*columns[:whole], *columns[whole:].view("<f8"))


def _columns(bodies: Sequence[bytes]) -> Integers:
    """[7, N], the floats as their bits, of bodies of one length."""
    if len(bodies[0]) % POINT_BYTES:
        raise ValueError(f"A chunk of {len(bodies[0])} bytes is no multiple of {POINT_BYTES}.")
    columns = len(INTEGERS) + len(FLOATS)
    each = np.frombuffer(b"".join(bodies), dtype="<i8").reshape(len(bodies), columns, -1)
    return each.swapaxes(0, 1).reshape(columns, -1)


def join(parts: Sequence[Points]) -> Points:
    """Several stretches of one series as one, in the order given."""
    if not parts:
        return unpack(b"")
    if len(parts) == 1:
        return parts[0]
    return Points(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in (*INTEGERS, *FLOATS))
    )


@dataclass(frozen=True, slots=True)
class Rewind:
    """From `epoch` on the run goes on from `to_step`."""

    epoch: int
    to_step: int


def surviving(stretches: Iterable[tuple[int, Points]], rewinds: Sequence[Rewind]) -> Points:
    """One series as it is after its rewinds, steps ascending.

    `stretches` are (epoch, points). A point of an older epoch that ends behind a rewind's
    `to_step` is dropped; where two epochs measured the same step, the newer one counts.
    """
    kept: dict[int, list[Points]] = {}
    for epoch, points in stretches:
        limit = min((r.to_step for r in rewinds if r.epoch > epoch), default=None)
        alive = points if limit is None else points[points.last_step <= limit]
        kept.setdefault(epoch, []).append(alive)
    # Newest epoch first, so that a stable sort keeps its point where two share a first step.
    ordered = join([part for epoch in sorted(kept, reverse=True) for part in kept[epoch]])
    if (ordered.first_step[1:] > ordered.first_step[:-1]).all():
        return ordered  # a run that was never interrupted: no sorting of a million points
    _, firsts = np.unique(ordered.first_step, return_index=True)
    return ordered[firsts]


def thin(points: Points, limit: int) -> Points:
    """At most about `limit` points, each the union of neighbours: nothing extreme is lost.

    Groups are steps `[k·w, (k+1)·w)` with w a power of two, so that two runs are cut alike.
    `min` and `max` are the extremes of the numbers in the group, `mean` is weighted by steps
    and NaN where any of them is, so that a break stays visible.
    """
    if limit < 1:
        raise ValueError(f"A series cannot be thinned to {limit} points; ask for 1 or more.")
    if len(points) <= limit:
        return points
    starts = _group_starts(points.first_step, limit)
    ends = np.append(starts[1:], len(points)) - 1
    count = np.add.reduceat(points.count, starts)
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is NaN, as it should be
        mean = np.add.reduceat(points.mean * points.count, starts) / count
    return Points(
        first_step=points.first_step[starts],
        last_step=points.last_step[ends],
        count=count,
        mean=mean,
        min=np.fmin.reduceat(points.min, starts),
        max=np.fmax.reduceat(points.max, starts),
        last=points.last[ends],
    )


def _group_starts(first_step: Integers, limit: int) -> Integers:
    # A group of 2ᵏ steps holds as many points at most: fewer than these doublings cannot do.
    group = first_step >> (math.ceil(len(first_step) / limit) - 1).bit_length()
    while True:
        starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
        if len(starts) <= limit:
            return starts
        group >>= 1


def names(conn: Connection, run_id: str) -> list[str]:
    """The series of a run, in alphabetical order."""
    found = select(chunks.c.series).where(chunks.c.run_id == run_id).distinct()
    return sorted(conn.execute(found).scalars())


def rewinds(conn: Connection, run_id: str) -> list[Rewind]:
    """The rewinds of a run in the order of its log."""
    found = (
        select(events.c.epoch, events.c.body)
        .where(events.c.run_id == run_id, events.c.type == "rewind")
        .order_by(events.c.number)
    )
    return [Rewind(row.epoch, row.body["to_step"]) for row in conn.execute(found)]


def series(
    conn: Connection, run_id: str, wanted: Sequence[str] | None = None, *, points: int | None = None
) -> dict[str, Points]:
    """The wanted series of a run (all without `wanted`) after its rewinds.

    `points` thins each to about that many, for display; never for an export.
    """
    columns = chunks.c.series, chunks.c.epoch, chunks.c.format, chunks.c.body
    found = select(*columns).where(chunks.c.run_id == run_id)
    if wanted is not None:
        found = found.where(chunks.c.series.in_(wanted))
    rows = conn.execute(found.order_by(chunks.c.series, chunks.c.epoch, chunks.c.first_step))
    stretches: dict[str, list[tuple[int, Points]]] = {name: [] for name in wanted or ()}
    for (name, epoch, layout), part in groupby(rows, key=itemgetter(0, 1, 2)):
        whole = unpack_all((row.body for row in part), layout)
        stretches.setdefault(name, []).append((epoch, whole))
    turned = rewinds(conn, run_id)
    after = {name: surviving(parts, turned) for name, parts in stretches.items()}
    return {name: thin(p, points) if points else p for name, p in after.items()}
