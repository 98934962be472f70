"""Runs as a table shows them: page by page, and with their kin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from gradus.events import Status
from gradus_runs.actor import Actor
from gradus_runs.errors import Invalid, NotFound
from gradus_runs.runs import Run, own, run_of
from gradus_runs.tables import members as member_rows
from gradus_runs.tables import runs

PAGE = 200
CURSOR = re.compile(r"([0-9]{1,15})\.(run_[0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, newest first; `cursor` opens the next, None at the end."""

    runs: list[Run]
    cursor: str | None


def page(
    conn: Connection,
    actor: Actor,
    *,
    status: Sequence[Status] = (),
    tag: str | None = None,
    name: str | None = None,
    dataset: str | None = None,
    sweep: str | None = None,
    members: bool = False,
    oldest: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """The team's runs, newest first, or `oldest` first; `name` is any part of the name, in any
    case, `dataset` the name of its data. Members of sweeps that nobody named or pinned are left out
    without `members`; `sweep` gives those of one alone.

    Raises Invalid for a cursor that no page gave out.
    """
    limit = max(1, min(limit, PAGE))
    place = (runs.c.created_at, runs.c.id)
    order = place if oldest else tuple(column.desc() for column in place)
    found = select(runs).where(own(actor)).order_by(*order)
    if sweep is not None:
        its = select(member_rows.c.run_id).where(member_rows.c.sweep_id == sweep)
        found = found.where(runs.c.id.in_(its))
    elif not members:
        found = found.where(runs.c.listed)
    if status:
        found = found.where(runs.c.status.in_(status))
    if tag is not None:
        found = found.where(_tagged(conn, tag))
    if name is not None:
        found = found.where(runs.c.name.icontains(name, autoescape=True))
    if dataset is not None:
        found = found.where(runs.c.resolved["data"]["name"].as_string() == dataset)
    if cursor is not None:
        here, there = tuple_(*place), _position(cursor)
        found = found.where(here > there if oldest else here < there)
    rows = [run_of(row) for row in conn.execute(found.limit(limit + 1))]
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(rows[:limit], f"{last.created_at}.{last.id}" if last else None)


def tree(conn: Connection, actor: Actor, run_id: str) -> list[Run]:
    """All runs that share the oldest ancestor with this one, oldest first."""
    up = own(actor)
    line = select(runs.c.id, runs.c.parent_id).where(up, runs.c.id == run_id).cte(recursive=True)
    line = line.union(select(runs.c.id, runs.c.parent_id).where(up, runs.c.id == line.c.parent_id))
    root = select(line.c.id).where(
        line.c.parent_id.is_(None) | line.c.parent_id.not_in(select(runs.c.id).where(up))
    )
    family = select(runs.c.id).where(runs.c.id.in_(root)).cte(recursive=True)
    family = family.union(select(runs.c.id).where(up, runs.c.parent_id == family.c.id))
    found = select(runs).where(runs.c.id.in_(select(family.c.id))).order_by(runs.c.id)
    members = [run_of(row) for row in conn.execute(found)]
    if not members:
        raise NotFound("run", run_id)
    return members


def _position(cursor: str) -> Any:
    parts = CURSOR.fullmatch(cursor)
    if parts is None:
        raise Invalid(f"The cursor {cursor!r} is not one that a page gave out.", what="cursor")
    return tuple_(literal(int(parts[1])), literal(parts[2]))


def _tagged(conn: Connection, tag: str) -> ColumnElement[bool]:
    if conn.dialect.name == "postgresql":
        return runs.c.tags.op("@>")(literal([tag], JSONB))
    each = func.json_each(runs.c.tags).table_valued("value")
    return exists(select(1).select_from(each).where(each.c.value == tag))
