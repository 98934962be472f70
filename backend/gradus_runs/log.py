"""The log of a run: append-only, numbered from 1 without a gap, whoever writes.

The numbers are taken by an UPDATE of the run's row inside the writing transaction. Its lock
lasts to the commit, so the order of commits is the order of numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Row, insert, literal, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from gradus_runs.chunks import FORMAT, PointColumns, Points, pack, unpack
from gradus_runs.claim import Claim, hold
from gradus_runs.database import now_ms
from gradus_runs.errors import NotFound
from gradus_runs.nonfinite import spell
from gradus_runs.tables import Json, chunks, events, runs


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be appended. The series of a metrics entry stand beside its body, not in it."""

    type: str
    body: Mapping[str, Any]
    series: Mapping[str, PointColumns] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One committed event; `at` in milliseconds on the database's clock."""

    run_id: str
    number: int
    epoch: int
    type: str
    at: int
    body: Mapping[str, Any]
    series: Mapping[str, Points] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """`gradus.events.Event` as it travels."""
        body = dict(self.body)
        if self.type == "metrics":
            body["series"] = {name: points.to_json() for name, points in self.series.items()}
        return {
            "run": self.run_id,
            "number": self.number,
            "type": self.type,
            "epoch": self.epoch,
            "at": rfc3339(self.at),
            "body": body,
        }


def rfc3339(at: int) -> str:
    """Milliseconds since 1970 as UTC text.

    >>> rfc3339(1_700_000_000_007)
    '2023-11-14T22:13:20.007Z'
    """
    moment = datetime.fromtimestamp(at // 1000, UTC).replace(tzinfo=None)
    return f"{moment.isoformat()}.{at % 1000:03d}Z"


class merged(FunctionElement[Any]):
    """A JSON object with the keys of another put over its own."""

    type = Json
    inherit_cache = True


@compiles(merged, "sqlite")
def _merged_sqlite(element: merged, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_patch({compiler.process(element.clauses, **options)})"


@compiles(merged, "postgresql")
def _merged_postgresql(element: merged, compiler: SQLCompiler, **options: Any) -> str:
    first, second = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({first} || CAST({second} AS JSONB))"


def append(
    conn: Connection, run_id: str, entries: Sequence[Entry], *, claim: Claim | None = None
) -> list[LogEvent]:
    """Append in order and return what was written, to be broadcast after the commit.

    Metrics also move the run's step, samples, elapsed and latest values; a rewind its step.
    Raises NotFound, or Fenced when `claim` is given and over. A writer of several runs takes
    them in the order of their jobs' ids, so that two writers cannot wait for each other.
    """
    if not entries:
        return []
    if claim is not None:
        hold(conn, claim)
    taken = take(conn, run_id, len(entries), _position(entries), claim=claim)
    if taken is None:
        raise claim.fenced if claim else NotFound("run", run_id)
    return record(conn, run_id, taken, entries, claim)


def take(
    conn: Connection,
    run_id: str,
    count: int,
    values: Mapping[str, Any],
    *conditions: ColumnElement[bool],
    claim: Claim | None = None,
) -> Row[Any] | None:
    """Take `count` numbers and set `values` on the run's row; None when a condition fails.

    Answers (last_event, step, job_id, at), as they are after it.
    """
    if claim is not None:
        conditions = (*conditions, runs.c.job_id == claim.job_id)
    statement = (
        update(runs)
        .where(runs.c.id == run_id, *conditions)
        .values(last_event=runs.c.last_event + count, **values)
        .returning(runs.c.last_event, runs.c.step, runs.c.job_id, now_ms().label("at"))
    )
    return conn.execute(statement).one_or_none()


def record(
    conn: Connection,
    run_id: str,
    taken: Row[Any],
    entries: Sequence[Entry],
    claim: Claim | None,
) -> list[LogEvent]:
    """Write entries under the numbers that `take` took."""
    first = taken.last_event - len(entries) + 1
    epoch = claim.epoch if claim else 0
    written = [
        LogEvent(run_id, first + i, epoch, entry.type, taken.at, spell(entry.body), _points(entry))
        for i, entry in enumerate(entries)
    ]
    conn.execute(insert(events), [_event_row(event) for event in written])
    if rows := [row for event in written for row in _chunk_rows(event)]:
        conn.execute(insert(chunks), rows)
    return written


def _points(entry: Entry) -> dict[str, Points]:
    whole = {name: Points.of(columns) for name, columns in entry.series.items()}
    return {name: points for name, points in whole.items() if len(points)}


def _event_row(event: LogEvent) -> dict[str, Any]:
    return {
        "run_id": event.run_id,
        "number": event.number,
        "epoch": event.epoch,
        "type": event.type,
        "at": event.at,
        "body": event.body,
    }


def _chunk_rows(event: LogEvent) -> list[dict[str, Any]]:
    return [
        {
            "run_id": event.run_id,
            "series": name,
            "epoch": event.epoch,
            "first_step": int(points.first_step[0]),
            "last_step": int(points.last_step[-1]),
            "number": event.number,
            "count": len(points),
            "format": FORMAT,
            "body": pack(points),
        }
        for name, points in event.series.items()
    ]


def _position(entries: Sequence[Entry]) -> dict[str, Any]:
    """Columns of the run's row that the entries move; the last entry wins."""
    values: dict[str, Any] = {}
    latest: dict[str, Any] = {}
    for entry in entries:
        if entry.type == "metrics":
            values |= {name: entry.body[name] for name in ("step", "samples", "elapsed")}
            latest |= {
                name: spell(float(p.last[-1])) for name, p in entry.series.items() if len(p.last)
            }
        elif entry.type == "rewind":
            values["step"] = entry.body["to_step"]
    if latest:
        values["latest"] = merged(runs.c.latest, literal(latest, JSON))
    return values


def read(conn: Connection, run_id: str, after: int = 0, limit: int = 1000) -> list[LogEvent]:
    """Events with a number over `after`, at most `limit`, the series of metrics put back."""
    found = (
        select(events)
        .where(events.c.run_id == run_id, events.c.number > after)
        .order_by(events.c.number)
        .limit(limit)
    )
    rows = conn.execute(found).all()
    if not rows:
        return []
    series = _series_between(conn, run_id, rows[0].number, rows[-1].number)
    return [
        LogEvent(run_id, r.number, r.epoch, r.type, r.at, r.body, series.get(r.number, {}))
        for r in rows
    ]


def _series_between(
    conn: Connection, run_id: str, first: int, last: int
) -> dict[int, dict[str, Points]]:
    found = select(chunks).where(chunks.c.run_id == run_id, chunks.c.number.between(first, last))
    series: dict[int, dict[str, Points]] = {}
    for row in conn.execute(found):
        series.setdefault(row.number, {})[row.series] = unpack(row.body, row.format)
    return series
