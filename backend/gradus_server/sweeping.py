"""How a sweep comes to be, how it is steered as a whole, and what is told of it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection

from gradus.controls import Control, Pause, Play, Stop
from gradus.sweeps.groups import groups
from gradus.sweeps.members import Planned, plan_sweep
from gradus_runs import controls, idempotency, members, sweeps, workers
from gradus_runs.actor import Actor
from gradus_runs.beginnings import Finder
from gradus_runs.controls import ControlRow
from gradus_runs.database import reading, write
from gradus_runs.errors import Conflict, NotFound, QuotaExceeded
from gradus_runs.log import rfc3339
from gradus_runs.members import Member
from gradus_runs.store import Store, digest_of
from gradus_runs.sweeps import ENDED, Sweep
from gradus_server.limits import RUN_PARAMETERS, SWEEPS_UNDER_WAY
from gradus_server.problems import Refused
from gradus_server.public import moment
from gradus_server.server import Server
from gradus_server.wire_sweeps import SweepBest, SweepCounts, SweepCreate, SweepPublic, SweepRefused

BATCH = 50  # members steered in one transaction, since others wait for it on SQLite
ACTIONS: Mapping[str, Control] = {"pause": Pause(), "play": Play(), "stop": Stop()}


@dataclass(frozen=True, slots=True)
class Standing:
    """A sweep with what its members came to so far."""

    sweep: Sweep
    members: Sequence[Member]
    measures: Sequence[float | None]


def create(server: Server, actor: Actor, body: SweepCreate, key: str | None) -> SweepPublic:
    """The new sweep, or the one that the key already made; its members queued."""
    store = Store(server.settings.artifacts)
    planned = plan_sweep(body.request, Finder(server.engine, store, actor), RUN_PARAMETERS)
    made, fresh = write(server.engine, lambda conn: _once(conn, server, actor, body, planned, key))
    if fresh:
        server.call_workers()
    return made


def _once(
    conn: Connection,
    server: Server,
    actor: Actor,
    body: SweepCreate,
    planned: Planned,
    key: str | None,
) -> tuple[SweepPublic, bool]:
    if key is not None:
        sorted_ = orjson.dumps(body.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
        earlier = idempotency.begin(conn, actor, key, digest_of(sorted_))
        if earlier is not None:
            return SweepPublic.model_validate(earlier.response), False
    if sweeps.under_way(conn, actor) >= SWEEPS_UNDER_WAY:
        raise QuotaExceeded("sweeps under way", SWEEPS_UNDER_WAY)
    made = sweep_public(_insert(conn, server, actor, body, planned))
    if key is not None:
        idempotency.finish(conn, actor, key, 201, made.model_dump(mode="json"))
    return made, True


def _insert(
    conn: Connection, server: Server, actor: Actor, body: SweepCreate, planned: Planned
) -> Standing:
    children = workers.children(conn).get(server.settings.queue, 1)
    sizes = groups(planned.members, children, body.at_once)
    named = body.document.get("name")
    sweep = sweeps.create(
        conn,
        actor,
        body.request,
        planned,
        sizes,
        name=body.name or str(named or "sweep"),
        scratch=body.name is None,
        tags=body.tags,
        queue=server.settings.queue,
        scratch_ms=server.settings.scratch_ms,
    )
    found = members.of_sweep(conn, sweep.id)
    return Standing(sweep, found, [None] * len(found))


def standing(conn: Connection, actor: Actor, sweep_id: str) -> Standing:
    """A sweep with its members as they are now. Raises NotFound."""
    sweep = sweeps.get(conn, actor, sweep_id)
    found = members.of_sweep(conn, sweep_id)
    return Standing(sweep, found, members.measured(conn, found, sweep.goal))


def control(server: Server, actor: Actor, sweep_id: str, action: str) -> SweepPublic:
    """Ask the same of every member that has not ended. Raises Refused for a sweep that has."""

    def mark(conn: Connection) -> list[str]:
        sweep = sweeps.get(conn, actor, sweep_id)
        if sweep.status in ENDED:
            raise Refused(409, "http.sweep_ended", {"status": sweep.status})
        to = {"pause": "paused", "play": "running", "stop": "stopped"}[action]
        sweeps.move(conn, sweep_id, to)  # type: ignore[arg-type]
        return sweeps.living(conn, sweep_id)

    living = write(server.engine, mark)
    for start in range(0, len(living), BATCH):
        ask = partial(_ask, actor=actor, run_ids=living[start : start + BATCH], action=action)
        _tell(server, write(server.engine, ask))
    write(server.engine, lambda conn: sweeps.balance(conn, sweep_id))
    server.call_workers()
    with reading(server.engine) as conn:
        return sweep_public(standing(conn, actor, sweep_id))


def _ask(conn: Connection, actor: Actor, run_ids: Sequence[str], action: str) -> list[ControlRow]:
    asked = []
    for run_id in members.steerable(conn, run_ids, action):
        with suppress(Conflict, NotFound):  # it ended, or was deleted, since they were looked up
            asked.append(controls.request(conn, actor, run_id, ACTIONS[action]))
    return asked


def _tell(server: Server, asked: Sequence[ControlRow]) -> None:
    server.announce([event for row in asked for event in row.events])
    for row in asked:
        if row.holder is not None:
            server.wake(row.holder, {"control": row.run_id})


def remove(server: Server, actor: Actor, sweep_id: str) -> None:
    """Stop and delete. Raises NotFound."""

    def work(conn: Connection) -> list[tuple[str, str]]:
        sweeps.get(conn, actor, sweep_id)
        held = members.held(conn, sweep_id)
        sweeps.delete(conn, sweep_id, server.settings.scratch_ms)
        return held

    for run_id, holder in write(server.engine, work):
        server.wake(holder, {"control": run_id})


def sweep_public(found: Standing) -> SweepPublic:
    """A sweep for whoever may read it."""
    sweep = found.sweep
    counts: dict[str, int] = {}
    for member in found.members:
        counts[member.state] = counts.get(member.state, 0) + 1
    return _public(sweep, counts, _best(found))


def listed(conn: Connection, found: Sequence[Sweep]) -> list[SweepPublic]:
    """Sweeps of a list; their best by what is settled."""
    ids = [sweep.id for sweep in found]
    counts, best = (
        members.counts(conn, ids),
        {s.id: members.best(conn, s.id, s.goal) for s in found},
    )
    return [
        _public(
            sweep,
            counts[sweep.id],
            None if (top := best[sweep.id]) is None else _told(top, top.measure or 0.0),
        )
        for sweep in found
    ]


def _public(sweep: Sweep, counts: Mapping[str, int], best: SweepBest | None) -> SweepPublic:
    request = sweep.request
    return SweepPublic(
        id=sweep.id,
        name=sweep.name,
        document=sweep.document,
        method=request.method,
        vary=request.vary,
        members=sweep.settings * sweep.seeds,
        settings=sweep.settings,
        seeds=sweep.seeds,
        seed=sweep.seed,
        goal=sweep.goal,
        prune=sweep.prune,
        at_once=sweep.at_once,
        status=sweep.status,
        tags=sweep.tags,
        scratch=sweep.scratch,
        counts=SweepCounts(**counts, refused=len(sweep.refused) * sweep.seeds),
        refused=[SweepRefused(**each) for each in sweep.refused],
        best=best,
        created_at=rfc3339(sweep.created_at),
        finished_at=moment(sweep.finished_at),
        expires_at=moment(sweep.expires_at),
    )


def _best(found: Standing) -> SweepBest | None:
    ranked = in_order(found)
    if not ranked or ranked[0][1] is None or ranked[0][0].state == "failed":
        return None
    return _told(ranked[0][0], ranked[0][1])


def _told(member: Member, measure: float) -> SweepBest:
    return SweepBest(
        run=member.run_id,
        index=member.number,
        setting=member.setting,
        values=member.varied,
        goal=measure,
    )


def in_order(found: Standing) -> list[tuple[Member, float | None]]:
    """The members with their measures, the best first: those that failed and those without come
    last."""
    sign = found.sweep.goal.sign

    def rank(pair: tuple[Member, float | None]) -> tuple[Any, ...]:
        member, measure = pair
        return (member.state == "failed", measure is None, sign * (measure or 0.0), member.number)

    return sorted(zip(found.members, found.measures, strict=True), key=rank)
