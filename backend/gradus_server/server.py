"""What one server process holds while it runs: connections, the hub, the threads beside it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import orjson
from redis.asyncio import Redis
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from gradus.probes import Probe
from gradus_runs import attendance
from gradus_runs.database import now_ms, open_database, reading, write
from gradus_runs.errors import LiveUnavailable, QuotaExceeded
from gradus_runs.live import Live, client_options, open_live
from gradus_runs.log import LogEvent, read
from gradus_runs.settings import Settings
from gradus_runs.store import Store
from gradus_runs.tables import jobs, runs
from gradus_server.conductor import Conductor
from gradus_server.dispatcher import Dispatcher
from gradus_server.guests import Guests
from gradus_server.hub import Hub
from gradus_server.lookout import Lookout
from gradus_server.meters import Meters
from gradus_server.origin import Origins, address
from gradus_server.places import Places
from gradus_server.questions import Questions
from gradus_server.room import Room
from gradus_server.sizes import Sizes
from gradus_server.tickets import SHIFT, Ticket, Tickets
from gradus_server.topic import Entry
from gradus_server.visitor import Visitors
from gradus_server.watching import Wake, Watching

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Server:
    """The state of one process, at `app.state.server`."""

    settings: Settings
    engine: Engine
    live: Live
    origins: Origins
    visitors: Visitors
    hub: Hub
    watching: Watching
    tickets: Tickets
    questions: Questions
    meters: Meters
    places: Places
    guests: Guests
    sizes: Sizes
    room: Room

    @property
    def address(self) -> str:
        """Where a person finds the service."""
        return address(self.settings)

    def announce(self, events: Sequence[LogEvent]) -> None:
        """Broadcast what is committed; who misses it reads the database."""
        try:
            self.live.publish_events(events)
        except LiveUnavailable as error:
            log.warning("%d events were not broadcast: %s", len(events), error)

    def watch(self, run: str, probes: Sequence[Probe]) -> None:
        """Want pictures of a run for 10 s; whoever looks for longer asks again."""
        try:
            for probe in probes:
                self.live.watch(run, probe)
        except (LiveUnavailable, QuotaExceeded) as error:
            log.warning("not every picture of %s is watched: %s", run, error)

    def come_back(self, run: str) -> None:
        """Somebody looks at a run again: if it rests because nobody did, it goes on."""
        with reading(self.engine) as conn:
            if not attendance.is_left(conn, run):
                return
        asked = write(self.engine, lambda conn: attendance.come_back(conn, run))
        if asked is None:
            return
        self.announce(asked.events)
        if asked.holder is not None:
            self.wake(asked.holder, {"control": run})
        else:
            self.call_workers()

    def call_workers(self) -> None:
        """A job became claimable: wake the busy children, and send one empty ticket."""
        queue = self.settings.queue
        try:
            self.live.wake_queue(queue)
        except LiveUnavailable as error:
            log.warning("nobody was woken: %s", error)
        self.tickets.put(Ticket(SHIFT, queue))

    def wake(self, holder: str, message: Mapping[str, str]) -> None:
        """Let a child look, if it can be told; it looks by itself before long."""
        try:
            self.live.wake_child(holder, message)
        except LiveUnavailable as error:
            log.warning("%s was not woken: %s", holder, error)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Server]:
    """A server from its settings, with everything running; closed at the end of the block."""
    url = settings.redis_url.get_secret_value()
    engine = open_database(settings.database)
    live = open_live(url)
    redis = Redis.from_url(url, **client_options())
    reader = LogReader(engine)
    tickets = Tickets(url, live)
    hub = Hub(redis, reader.read, reader.heads)
    watching = Watching(redis, live, _caller(engine, live))
    server = Server(
        settings=settings,
        engine=engine,
        live=live,
        origins=Origins.of(settings),
        visitors=Visitors(engine, f"gradus_{settings.port}"),
        hub=hub,
        watching=watching,
        tickets=tickets,
        questions=Questions(redis, live, tickets),
        meters=Meters(),
        places=Places(),
        guests=Guests(),
        sizes=Sizes(),
        room=Room(engine),
    )
    async with AsyncExitStack() as stack:
        stack.callback(engine.dispose)
        stack.callback(live.close)
        stack.push_async_callback(redis.aclose)
        stack.enter_context(tickets)
        stack.enter_context(Dispatcher(engine, live, settings, tickets))
        stack.enter_context(Lookout(engine, live, settings.unattended_seconds))
        stack.enter_context(Conductor(engine, Store(settings.artifacts), server.call_workers))
        for part in (hub, watching):
            task = asyncio.create_task(part.run())
            task.add_done_callback(tell_failure)
            stack.push_async_callback(_cancelled, task)
        yield server


def _caller(engine: Engine, live: Live) -> Wake:
    async def call(run: str) -> None:
        await asyncio.to_thread(_call_holder, engine, live, run)

    return call


def _call_holder(engine: Engine, live: Live, run: str) -> None:
    """Let the child that holds the run look at the watch set; when none does, nobody is told."""
    try:
        with reading(engine) as conn:
            holder = holding(conn, run)
        if holder is not None:
            live.wake_child(holder, {"watch": run})
    except (SQLAlchemyError, LiveUnavailable) as error:
        log.warning("the holder of %s was not woken: %s", run, error)


def holding(conn: Connection, run: str) -> str | None:
    """The child that holds a run under a valid lease."""
    found = (
        select(jobs.c.holder)
        .join(runs, runs.c.job_id == jobs.c.id)
        .where(runs.c.id == run, jobs.c.lease_until >= now_ms())
    )
    return conn.execute(found).scalar()


def tell_failure(task: "asyncio.Task[None]") -> None:
    """What feeds every page has ended: without a word nobody would know why pictures stand still."""
    if not task.cancelled() and (error := task.exception()):
        log.critical("pages are told nothing more until a restart", exc_info=error)


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])


@dataclass(frozen=True, slots=True)
class LogReader:
    """The hub's way to the database."""

    engine: Engine

    def read(self, run: str, after: int, limit: int) -> list[Entry]:
        with reading(self.engine) as conn:
            found = read(conn, run, after, limit)
        return [Entry(event.number, orjson.dumps(event.to_json())) for event in found]

    def heads(self, wanted: Sequence[str]) -> Mapping[str, int]:
        with reading(self.engine) as conn:
            found = conn.execute(select(runs.c.id, runs.c.last_event).where(runs.c.id.in_(wanted)))
            return {row.id: row.last_event for row in found}
