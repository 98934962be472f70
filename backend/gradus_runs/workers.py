"""Workers announce their queues and children under a lease, so that servers know who is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from gradus_runs.database import insert_new, now_ms
from gradus_runs.tables import workers


@dataclass(frozen=True, slots=True)
class Worker:
    """One row; `warm` of its `children` are ready to train."""

    id: str
    host: str
    pid: int
    queues: list[str]
    children: int
    warm: int
    identity: dict[str, Any]
    lease_until: int
    started_at: int


def announce(
    conn: Connection,
    worker_id: str,
    *,
    host: str,
    pid: int,
    queues: Sequence[str],
    children: int,
    warm: int,
    identity: Mapping[str, Any],
    lease_ms: int,
) -> None:
    """Say that a worker is there, for the next `lease_ms`; to be repeated."""
    facts = {
        "host": host,
        "pid": pid,
        "queues": list(queues),
        "children": children,
        "warm": warm,
        "identity": identity,
        "lease_until": now_ms() + lease_ms,
    }
    row = insert_new(conn, workers).values(id=worker_id, started_at=now_ms(), **facts)
    conn.execute(row.on_conflict_do_update(index_elements=[workers.c.id], set_=facts))


def leave(conn: Connection, worker_id: str) -> None:
    """Say that a worker is gone."""
    conn.execute(delete(workers).where(workers.c.id == worker_id))


def alive(conn: Connection) -> list[Worker]:
    """The workers whose lease runs, oldest first."""
    found = select(workers).where(workers.c.lease_until >= now_ms()).order_by(workers.c.started_at)
    return [Worker(**row._mapping) for row in conn.execute(found)]


def children(conn: Connection) -> dict[str, int]:
    """How many children serve each queue."""
    counts: dict[str, int] = {}
    for worker in alive(conn):
        for queue in worker.queues:
            counts[queue] = counts.get(queue, 0) + worker.children
    return counts


def forget(conn: Connection) -> int:
    """Remove workers whose lease ran out; says how many."""
    return conn.execute(delete(workers).where(workers.c.lease_until < now_ms())).rowcount
