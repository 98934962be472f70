"""A child's desk: the runs that lie on it, and everything done to one of them as a whole."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil
from sqlalchemy import Engine

from gradus.events import FINAL, Status
from gradus_engine.ranks.session import First
from gradus_engine.train import Finished
from gradus_runs import controls, jobs, runs
from gradus_runs.claim import Claim
from gradus_runs.controls import ControlRow
from gradus_runs.database import reading, write
from gradus_runs.errors import Fenced, LiveUnavailable
from gradus_runs.jobs import Job
from gradus_runs.live import Live
from gradus_runs.members import PRUNED
from gradus_runs.reports import Judged
from gradus_runs.runs import Run
from gradus_runs.settings import Settings
from gradus_runs.store import Store
from gradus_worker.broadcaster import Broadcaster
from gradus_worker.children import idle_sibling, lighter_sibling
from gradus_worker.faults import Fault, fault_of
from gradus_worker.groups import lanes_of
from gradus_worker.held import Held
from gradus_worker.inbox import Inbox
from gradus_worker.journal import Journal
from gradus_worker.keeper import Keeper
from gradus_worker.lanes import Lanes
from gradus_worker.note import Note
from gradus_worker.recorder import OUTAGES, Recorder
from gradus_worker.recovery import recover, remember
from gradus_worker.tiers import Tiers
from gradus_worker.watcher import Watcher

log = logging.getLogger(__name__)

MOST_HELD = 64
COURTESY_SECONDS = 0.05
PATIENCE_SECONDS = 1.0  # how long an idle sibling has to take a job that must be alone
BUILD_SECONDS = 600.0  # loading data and building a network: the limit of that phase


@dataclass
class Desk:
    """`held` is replaced, never changed: other threads read it."""

    settings: Settings
    holder: str
    device: str
    threads: int
    memory: int  # bytes that this child may use
    engine: Engine
    live: Live
    store: Store
    note: Note
    inbox: Inbox
    recorder: Recorder
    broadcaster: Broadcaster
    keeper: Keeper
    tiers: Tiers
    watcher: Watcher | None = None
    held: tuple[Held, ...] = ()
    leaving: tuple[Journal, ...] = ()  # given back, with rows still to be committed
    _refused: set[Claim] = field(default_factory=set)
    _stuck_since: float | None = None

    @property
    def claims(self) -> list[Claim]:
        """What is to be renewed."""
        journals = (*(held.journal for held in self.held), *self.leaving)
        return sorted({journal.claim for journal in journals})

    @property
    def run_ids(self) -> list[str]:
        return [held.run.id for held in self.held]

    @property
    def watched(self) -> bool:
        return any(held.pictures.wanted for held in self.held)

    def is_watched(self, held: Held) -> bool:
        """Asked anew of Redis: a run may diverge sooner than its watch set is known here."""
        if held.pictures.wanted:
            return True
        try:
            return held.run.id in self.live.watched()
        except LiveUnavailable:
            return False

    @property
    def lanes(self) -> list[Lanes]:
        """The held runs by their jobs, in the order in which they came."""
        by_job: dict[str, list[Held]] = {}
        for held in self.held:
            by_job.setdefault(held.job.id, []).append(held)
        return [lanes_of(members) for members in by_job.values()]

    def find(self, job_id: str) -> Lanes:
        """What is held of a job; empty where nothing is any more."""
        return lanes_of([held for held in self.held if held.job.id == job_id])

    def of_run(self, run_id: str) -> Held | None:
        return next((held for held in self.held if held.run.id == run_id), None)

    def lose(self, claim: Claim) -> None:
        """Another child has the job now. Any thread may say so; the loop lets go."""
        self._refused.add(claim)

    def claim(self) -> bool:
        """Take one more job if there is room and one waits; answers whether it did."""
        if not self._room():
            return False
        try:
            job = self._claim_one()
        except OUTAGES as error:
            log.warning("nothing can be claimed for now: %s", error)
            return False
        if job is None:
            return False
        if job.alone:
            for neighbour in self.lanes:
                self.give_up(neighbour)
        self.note.turn(job.id)
        self.note.beat(BUILD_SECONDS)
        self._begin(job)
        self.note.turn(None)
        return True

    @property
    def courtesy(self) -> float:
        """Seconds that this child leaves a waiting job to a sibling that holds fewer."""
        busy = any(held.status is Status.RUNNING for held in self.held)
        lighter = busy and lighter_sibling(self.note.path.parent, len(self.held))
        return COURTESY_SECONDS if lighter else 0.0

    def share(self) -> bool:
        """Leave one of several training jobs, the last to come, to an idle sibling."""
        training = [lanes for lanes in self.lanes if lanes.training]
        shared = len(training) > 1 and idle_sibling(self.note.path.parent)
        if shared:
            self.give_up(training[-1])
        return shared

    def _room(self) -> bool:
        if any(held.job.alone and held.status is Status.RUNNING for held in self.held):
            return False
        if len(self.held) < MOST_HELD and psutil.Process().memory_info().rss < self.memory:
            return True
        resting = [lanes for lanes in self.lanes if lanes.resting]
        if not resting:
            return False
        self.give_up(min(resting, key=lambda lanes: lanes.members[0].since))
        return True

    def _claim_one(self) -> Job | None:
        queue, lease_ms = self.settings.queue, round(self.settings.lease_seconds * 1000)
        with reading(self.engine) as conn:
            if not jobs.claimable(conn, queue):
                self._stuck_since = None
                return None
        watched = self.watcher.watched if self.watcher else ()
        idle = not self.held or self._stuck()
        job = write(
            self.engine,
            lambda conn: jobs.claim(conn, self.holder, queue, watched, lease_ms, idle=idle),
        )
        self._stuck_since = (self._stuck_since or time.monotonic()) if job is None else None
        return job

    def _stuck(self) -> bool:
        """A job that must be alone waits, and no idle sibling has come for it."""
        since = self._stuck_since
        return since is not None and time.monotonic() - since > PATIENCE_SECONDS

    def _begin(self, job: Job) -> None:
        came: list[Held] = []
        try:
            for run in write(self.engine, lambda conn: runs.of_job(conn, job.claim)):
                held = None if run.status in FINAL else self._bring(job, run)
                came += [held] if held else []
            asked = self._asked(came)
        except (*OUTAGES, Fenced, OSError) as error:  # nothing is wrong with the runs themselves
            log.warning("job %s is put back: %s", job.id, error)
            for held in came:
                self._end(held.journal)
            self._give_back(job, ready=True, retry_ms=self._retry_ms)
            return
        if not came:
            self._give_back(job, ready=False)
            return
        for held in came:
            held.begin([row for row in asked if row.run_id == held.run.id])
        self.held = (*self.held, *came)
        self.note.held(len(self.held))
        if self.watcher:
            self.watcher.look()

    def _bring(self, job: Job, run: Run) -> Held | None:
        """Load or build a run; one that cannot be built fails, and no other of its job.

        Raises OSError, with the run left waiting, where its checkpoints cannot be read.
        """
        journal = Journal(self.recorder, run.id, job.claim, patient=not job.lockstep)
        try:
            return self._recover(job, run, journal)
        except OSError as error:
            log.error("no checkpoint of run %s can be read: %s", run.id, error)
            if run.status is not Status.WAITING:
                journal.status(Status.WAITING, reason="disk")
            self._end(journal)
            raise
        except (*OUTAGES, Fenced):
            self._end(journal)
            raise
        except Exception as error:  # a document that cannot be built fails its own run only
            fault = fault_of(error)
            journal.status(Status.FAILED, reason=fault.reason, params=fault.params)
            self._end(journal)
            return None

    @property
    def _retry_ms(self) -> int:
        return round(self.settings.retry_seconds * 1000)

    def _recover(self, job: Job, run: Run, journal: Journal) -> Held:
        with reading(self.engine) as conn:
            past = remember(conn, self.store, run)
        return recover(
            past,
            job,
            run,
            journal,
            device=self.device,
            threads=self.threads,
            checkpoint_seconds=self.settings.checkpoint_seconds,
        )

    def _asked(self, came: Sequence[Held]) -> list[ControlRow]:
        with reading(self.engine) as conn:
            return controls.pending(conn, [held.run.id for held in came])

    def finish(self, held: Held, said: Finished) -> None:
        """The end of training: everything kept, then the results, then the job given back."""
        held.finished = said
        if self.keeper.save(held, kept=True):
            held.end(
                Status.FINISHED,
                reason=said.reason,
                params=said.params,
                results=dict(said.results),
            )
            self.let_go(held)

    def stop(self, held: Held) -> None:
        """A person ended it; what it learned stays."""
        if self.keeper.save(held, kept=True):
            held.end_as_asked()
            self.let_go(held)

    def prune(self, held: Held, judged: Judged) -> None:
        """It is worse than the others of its sweep; what it learned stays."""
        if self.keeper.save(held, kept=True):
            held.end(Status.STOPPED, reason=PRUNED, params=judged.params)
            self.let_go(held)

    def try_again(self, held: Held) -> None:
        """What a run waited for may be there again."""
        if held.finished is not None:
            self.finish(held, held.finished)
        elif held.stop is not None:
            self.stop(held)
        elif held.pruned is not None:
            self.prune(held, held.pruned)
        elif self.keeper.save(held, kept=False):
            held.resume()

    def fail(self, held: Held, fault: Fault) -> None:
        held.end(Status.FAILED, reason=fault.reason, params=fault.params)
        self.let_go(held)

    def give_up(self, lanes: Lanes) -> None:
        """Checkpoint and release: another child, or this one later, goes on from here.

        Where the disk refuses, they stay and wait.
        """
        kept = [self.keeper.save(held, kept=False) for held in lanes.members]
        if all(kept):
            self._release(lanes)

    def _release(self, lanes: Lanes) -> None:
        ready = not lanes.resting
        for held in lanes.members:
            self.let_go(held, ready)

    def let_go(self, held: Held, ready: bool = False) -> None:
        """Hold a run no longer; with the last one of its job the job is given back."""
        self._take_off(held)
        self._end(held.journal)
        if not self.find(held.job.id).members:
            self._give_back(held.job, ready)

    def _end(self, journal: Journal) -> None:
        journal.end()
        self.leaving = (*self.leaving, journal)

    def _give_back(self, job: Job, ready: bool, retry_ms: int | None = None) -> None:
        journal = Journal(self.recorder, job.run_ids[0], job.claim)
        journal.release(ready, retry_ms)
        self.leaving = (*self.leaving, journal)

    def _take_off(self, held: Held) -> None:
        self.held = tuple(other for other in self.held if other is not held)
        if isinstance(held.session, First):
            held.session.end()
        self.note.held(len(self.held))

    def sweep(self) -> None:
        """Forget what is committed and gone, and drop what this child has lost."""
        for journal in self.leaving:
            if journal.settled:
                journal.close(0)
                self.leaving = tuple(other for other in self.leaving if other is not journal)
        refused, self._refused = self._refused, set()  # another thread adds to it
        for held in self.held:
            if held.journal.lost is not None or held.job.claim in refused:
                log.warning("run %s is no longer held here: %s", held.run.id, held.journal.lost)
                self._take_off(held)
                held.journal.close(0)

    def give_up_all(self, seconds: float) -> None:
        """The end of the shift: everything checkpointed, released and committed."""
        for lanes in self.lanes:
            for held in lanes.members:
                self.keeper.save(held, kept=False)  # without it, the next one goes a little back
            self._release(lanes)
        self._settle(self.leaving, time.monotonic() + seconds)
        self.leaving = ()
        self.note.rest()

    def _settle(self, leaving: Sequence[Journal], end: float) -> None:
        for journal in leaving:
            if not journal.close(max(0.0, end - time.monotonic())):
                log.error("run %s could not be given back; its lease will expire", journal.run)
