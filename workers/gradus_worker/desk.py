"""A child's desk: the runs that lie on it, and everything done to one of them as a whole."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil
from sqlalchemy import Engine

from gradus.events import Status
from gradus_engine.train import Finished
from gradus_runs import controls, jobs, runs
from gradus_runs.claim import Claim
from gradus_runs.controls import ControlRow
from gradus_runs.database import reading, write
from gradus_runs.errors import Fenced, LiveUnavailable
from gradus_runs.jobs import Job
from gradus_runs.live import Live
from gradus_runs.runs import Run
from gradus_runs.settings import Settings
from gradus_runs.store import Store
from gradus_worker.broadcaster import Broadcaster
from gradus_worker.children import idle_sibling, lighter_sibling
from gradus_worker.faults import Fault, fault_of
from gradus_worker.held import Held
from gradus_worker.inbox import Inbox
from gradus_worker.journal import Journal
from gradus_worker.keeper import Keeper
from gradus_worker.note import Note
from gradus_worker.recorder import OUTAGES, Recorder
from gradus_worker.recovery import recover, remember
from gradus_worker.watcher import Watcher

log = logging.getLogger(__name__)

MOST_HELD = 64
MEMORY_SHARE = 0.8  # of the machine, for all children together
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
    watcher: Watcher | None = None
    held: tuple[Held, ...] = ()
    leaving: tuple[Journal, ...] = ()  # given back, with rows still to be committed
    _refused: set[Claim] = field(default_factory=set)
    _stuck_since: float | None = None

    @property
    def claims(self) -> list[Claim]:
        """What is to be renewed."""
        return [journal.claim for journal in (*(h.journal for h in self.held), *self.leaving)]

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

    def find(self, job_id: str) -> Held:
        return next(held for held in self.held if held.job.id == job_id)

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
            for neighbour in self.held:
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
        """Leave one of several training runs, the last to come, to an idle sibling."""
        training = [held for held in self.held if held.status is Status.RUNNING]
        shared = len(training) > 1 and idle_sibling(self.note.path.parent)
        if shared:
            self.give_up(training[-1])
        return shared

    def _room(self) -> bool:
        if any(held.job.alone and held.status is Status.RUNNING for held in self.held):
            return False
        if len(self.held) < MOST_HELD and psutil.Process().memory_info().rss < self.memory:
            return True
        resting = [held for held in self.held if held.status is Status.PAUSED]
        if not resting:
            return False
        self.give_up(min(resting, key=lambda held: held.since))
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
        journal = Journal(self.recorder, job.run_ids[0], job.claim)
        try:
            (run,) = write(self.engine, lambda conn: runs.of_job(conn, job.claim))
            self._bring(job, run, journal)
        except (*OUTAGES, Fenced) as error:  # nothing is wrong with the run itself
            log.warning("job %s is put back: %s", job.id, error)
            self._give_back(journal, ready=True)
        except Exception as error:  # a document that cannot be built fails its own run only
            fault = fault_of(error)
            journal.status(Status.FAILED, reason=fault.reason, params=fault.params)
            self._give_back(journal, ready=False)

    def _bring(self, job: Job, run: Run, journal: Journal) -> None:
        """Load or build the run; where its checkpoints cannot be read, it waits until they can."""
        try:
            held = self._recover(job, run, journal)
        except OSError as error:
            log.error("no checkpoint of run %s can be read: %s", run.id, error)
            if run.status is not Status.WAITING:
                journal.status(Status.WAITING, reason="disk")
            self._give_back(journal, ready=True, retry_ms=self._retry_ms)
            return
        held.begin(self._asked(run))
        self.held = (*self.held, held)
        self.note.held(len(self.held))
        if self.watcher:
            self.watcher.look()

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

    def _asked(self, run: Run) -> list[ControlRow]:
        with reading(self.engine) as conn:
            return controls.pending(conn, [run.id])

    def finish(self, held: Held, said: Finished) -> None:
        """The end of training: everything kept, then the results, then the job given back."""
        held.finished = said
        if self.keeper.save(held, kept=True):
            held.end(Status.FINISHED, results=dict(said.results))
            self.let_go(held)

    def stop(self, held: Held) -> None:
        """A person ended it; what it learned stays."""
        if self.keeper.save(held, kept=True):
            held.end_as_asked()
            self.let_go(held)

    def try_again(self, held: Held) -> None:
        """What a run waited for may be there again."""
        if held.finished is not None:
            self.finish(held, held.finished)
        elif held.stop is not None:
            self.stop(held)
        elif self.keeper.save(held, kept=False):
            held.resume()

    def fail(self, held: Held, fault: Fault) -> None:
        held.end(Status.FAILED, reason=fault.reason, params=fault.params)
        self.let_go(held)

    def give_up(self, held: Held) -> None:
        """Checkpoint and release: another child, or this one later, goes on from here.

        Where the disk refuses, it stays and waits.
        """
        if self.keeper.save(held, kept=False):
            self.let_go(held, ready=held.status is not Status.PAUSED)

    def let_go(self, held: Held, ready: bool = False) -> None:
        self._take_off(held)
        self._give_back(held.journal, ready)

    def _give_back(self, journal: Journal, ready: bool, retry_ms: int | None = None) -> None:
        journal.release(ready, retry_ms)
        self.leaving = (*self.leaving, journal)

    def _take_off(self, held: Held) -> None:
        self.held = tuple(other for other in self.held if other is not held)
        self.note.held(len(self.held))

    def sweep(self) -> None:
        """Forget what is committed and gone, and drop what this child has lost."""
        for journal in self.leaving:
            if journal.settled:
                journal.close(0)
                self.leaving = tuple(other for other in self.leaving if other is not journal)
        for held in self.held:
            if held.journal.lost is not None or held.job.claim in self._refused:
                log.warning("run %s is no longer held here: %s", held.run.id, held.journal.lost)
                self._take_off(held)
                held.journal.close(0)
        self._refused.clear()

    def give_up_all(self, seconds: float) -> None:
        """The end of the shift: everything checkpointed, released and committed."""
        for held in self.held:
            resting = held.status is Status.PAUSED
            self.keeper.save(held, kept=False)  # without it, the next holder goes a little back
            self.let_go(held, ready=not resting)
        self._settle(self.leaving, time.monotonic() + seconds)
        self.leaving = ()
        self.note.rest()

    def _settle(self, leaving: Sequence[Journal], end: float) -> None:
        for journal in leaving:
            if not journal.close(max(0.0, end - time.monotonic())):
                log.error("run %s could not be given back; its lease will expire", journal.run)
