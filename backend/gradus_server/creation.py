"""How a run comes to be: one transaction, then a word to whoever could train it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from gradus.controls import Play
from gradus.events import Status
from gradus.planned import Plan
from gradus.probes import Probe
from gradus.problems import problem
from gradus_runs import beginnings, controls, idempotency, jobs, log, retention, runs
from gradus_runs.actor import Actor
from gradus_runs.database import write
from gradus_runs.errors import QuotaExceeded
from gradus_runs.runs import Start
from gradus_runs.store import digest_of
from gradus_runs.tables import runs as run_rows
from gradus_server.limits import QUEUED_RUNS, RUN_PARAMETERS
from gradus_server.problems import Refused
from gradus_server.public import run_public
from gradus_server.server import Server
from gradus_server.wire import RunPublic


@dataclass(frozen=True, slots=True)
class Paired:
    """A second document, to be trained beside the first."""

    plan: Plan
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Creation:
    """Everything that decides what the run is."""

    plan: Plan
    document: Mapping[str, Any]
    name: str | None = None
    source: str | None = None
    start: Start = "run"
    parent: str | None = None
    parent_step: int | None = None
    layout: Mapping[str, Any] | None = None
    tags: tuple[str, ...] = ()
    pair: Paired | None = None
    attended: bool = False  # begun to be looked at

    def body_hash(self) -> str:
        """What an idempotency key stands for: the request, without what was made of it."""
        request = {field.name: getattr(self, field.name) for field in fields(self)}
        del request["plan"], request["attended"]
        request["pair"] = self.pair.document if self.pair else None
        return digest_of(orjson.dumps(request, option=orjson.OPT_SORT_KEYS))


def create(
    server: Server,
    actor: Actor,
    creation: Creation,
    key: str | None = None,
    watch: Sequence[Probe] = (),
) -> RunPublic:
    """The new run, or the one that the key already made; queued when this returns.

    `watch` is no part of what the run is: a repeated request renews it. It is in the watch set
    before any worker is called, so that a run which diverges at once is seen to, and pauses.
    """
    _require_trainable(creation.plan)
    if creation.pair is not None:
        _require_lockstep(creation.plan, creation.pair.plan)
    made, events = write(server.engine, lambda conn: _once(conn, server, actor, creation, key))
    for run_id in (made.id, *made.beside):
        server.watch(run_id, watch)
    server.announce(events)
    if events:
        server.call_workers()
    return made


def _require_trainable(plan: Plan) -> None:
    count = plan.totals.parameters
    if count > RUN_PARAMETERS:
        found = problem("http.run_parameters", limit=RUN_PARAMETERS, count=count)
        raise Refused(422, "http.spec", {"count": 1}, problems=[found])


def _require_lockstep(plan: Plan, beside: Plan) -> None:
    """Two runs side by side take batches of one size from as many samples, for as many epochs."""
    _require_trainable(beside)
    own, other = _pace_of(plan), _pace_of(beside)
    if own != other:
        name = next(name for name in own if own[name] != other[name])
        expected, got = str(own[name]), str(other[name])
        found = problem(
            "http.pair", "/pair", expected=expected, got=got, name=name, one=expected, other=got
        )
        raise Refused(422, "http.fields", {"count": 1}, problems=[found])


def _pace_of(plan: Plan) -> dict[str, Any]:
    samples = plan.dataset.sizes["train"] if plan.dataset else 0
    return {
        "batch_size": plan.train.batch_size,
        "epochs": plan.train.epochs,
        "training samples": samples,
    }


def _require_room(conn: Connection, actor: Actor) -> None:
    queued = run_rows.c.status == Status.QUEUED.value
    own = (
        run_rows.c.team_id == actor.team_id,
        run_rows.c.owner_id == actor.user_id,
        run_rows.c.listed,
    )
    count = conn.execute(
        select(func.count()).select_from(run_rows).where(queued, *own)
    ).scalar_one()
    if count >= QUEUED_RUNS:
        raise QuotaExceeded("runs in the queue", QUEUED_RUNS)


def _once(
    conn: Connection, server: Server, actor: Actor, creation: Creation, key: str | None
) -> tuple[RunPublic, list[log.LogEvent]]:
    if key is None:
        return _insert(conn, server, actor, creation)
    earlier = idempotency.begin(conn, actor, key, creation.body_hash())
    if earlier is not None:
        return RunPublic.model_validate(earlier.response), []
    made, events = _insert(conn, server, actor, creation)
    idempotency.finish(conn, actor, key, 201, made.model_dump(mode="json"))
    return made, events


def _insert(
    conn: Connection, server: Server, actor: Actor, creation: Creation
) -> tuple[RunPublic, list[log.LogEvent]]:
    _require_room(conn, actor)
    run = _row(conn, server, actor, creation)
    if creation.parent is not None:
        retention.touch(conn, creation.parent, server.settings.scratch_ms)
    second = None
    if creation.pair is not None:
        second = _row(conn, server, actor, _beside(creation, creation.pair), run.id)
    if creation.start == "ramp":  # a control like any other, heeded before the first step
        controls.request(conn, actor, run.id, Play(ramp=True))
    place = jobs.places(conn, [run.id]).get(run.id)
    events = log.read(conn, run.id) + (log.read(conn, second.id) if second else [])
    return run_public(run, place, beside=[second] if second else []), events


def _beside(creation: Creation, pair: Paired) -> Creation:
    """The second run of a pair: begun with the first, from nothing."""
    return Creation(
        plan=pair.plan,
        document=pair.document,
        name=creation.name,
        start=creation.start,
        parent=creation.parent,
        tags=creation.tags,
        attended=creation.attended,
    )


def _row(
    conn: Connection, server: Server, actor: Actor, creation: Creation, beside: str | None = None
) -> runs.Run:
    settings = server.settings
    run = runs.create(
        conn,
        actor,
        creation.plan,
        creation.document,
        name=creation.name or _named_after(creation.document),
        source=creation.source,
        layout=creation.layout,
        start=creation.start,
        parent=creation.parent,
        parent_step=creation.parent_step,
        scratch=creation.name is None,
        tags=creation.tags,
        beside=beside,
        attended=creation.attended,
        queue=settings.queue,
        scratch_ms=settings.scratch_ms,
    )
    beginnings.hold(conn, actor, run.id, creation.plan)
    return run


def _named_after(document: Mapping[str, Any]) -> str:
    """The document's own name, else that of its data."""
    data = document.get("data")
    named = document.get("name") or (data.get("name") if isinstance(data, Mapping) else None)
    return str(named or "run")
