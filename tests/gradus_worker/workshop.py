"""A real worker on a real database and a real Valkey, and the runs that a test gives it."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from celery import Celery
from safetensors.torch import save
from sqlalchemy import Engine, select

from gradus.controls import Changes, Control
from gradus.plan import plan, plan_resolved
from gradus.probes import Probe
from gradus_engine.opening import open_session
from gradus_engine.pace import Pace
from gradus_engine.train import train
from gradus_runs import checkpoints, chunks, controls, jobs, log, runs, workers
from gradus_runs.actor import Actor, laptop
from gradus_runs.database import open_database, reading, writing
from gradus_runs.jobs import Job
from gradus_runs.live import Live, open_live
from gradus_runs.log import LogEvent
from gradus_runs.runs import Run
from gradus_runs.store import Store, digest_of
from gradus_runs.tables import runs as run_table
from gradus_worker.application import broker_url
from gradus_worker.lineage import die_with_parent
from gradus_worker.note import notes
from tests.services.valkey import private

START_SECONDS = 120.0  # of a loaded machine; two seconds on an idle one
SHORT = {
    "GRADUS_LEASE_SECONDS": "5",
    "GRADUS_RENEW_SECONDS": "0.5",
    "GRADUS_CHECKPOINT_SECONDS": "0.2",
    "GRADUS_THREADS": "1",
    "GRADUS_COMPILE_SECONDS": "0",
}


@dataclass
class Worker:
    """One `gradus work` with everything below it."""

    popen: subprocess.Popen[bytes]
    log: Path

    def tree(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self.popen.pid)
            return [root, *root.children(recursive=True)]
        return []

    def kill(self) -> list[psutil.Process]:
        """SIGKILL to every process at once, as a lost machine would look."""
        tree = self.tree()
        for process in tree:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.popen.wait(10)
        return tree


def alive(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Those that still run. A zombie whose new parent is slow to bury it does not."""
    found = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@dataclass
class Workshop:
    """`environment` is what worker and test share: data folder, database, Redis."""

    folder: Path
    environment: dict[str, str]
    engine: Engine
    live: Live
    actor: Actor
    celery: Celery
    workers: list[Worker] = field(default_factory=list)

    def start(self, **settings: str) -> Worker:
        """Start a worker and wait until a child of it is warm."""
        logged = self.folder / f"worker-{len(self.workers)}.log"
        environment = {**os.environ, **SHORT, **self.environment, **settings}
        with logged.open("wb") as out:
            popen = subprocess.Popen(
                [str(Path(sys.executable).with_name("gradus")), "work"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # killed tests leave no training worker behind
            )
        worker = Worker(popen, logged)
        self.workers.append(worker)
        until(lambda: self._warm(worker), START_SECONDS, f"a warm child, see {logged}")
        return worker

    def _warm(self, worker: Worker) -> bool:
        assert worker.popen.poll() is None, worker.log.read_text()[-3000:]
        below = {process.pid for process in worker.tree()}
        with reading(self.engine) as conn:
            return any(w.warm == w.children and w.pid in below for w in workers.alive(conn))

    def create(self, document: Mapping[str, Any], **options: Any) -> str:
        """Submit a run as the server does: a transaction, then a ticket."""
        with writing(self.engine) as conn:
            run = runs.create(
                conn, self.actor, plan(document), document, name="test", scratch=False, **options
            )
        self.wake()
        return run.id

    def wake(self) -> None:
        self.celery.send_task("gradus.shift", queue="train", expires=5)
        self.live.wake_queue("train")

    def control(self, run: str, control: Control) -> str:
        with writing(self.engine) as conn:
            row = controls.request(conn, self.actor, run, control)
        self.live.publish_events(row.events)
        if row.holder:
            self.live.wake_child(row.holder, {"control": run})
        else:
            self.wake()
        return row.id

    def watch(self, run: str, probe: Probe) -> str:
        """Look at a picture for the next ten seconds."""
        picture = self.live.watch(run, probe)
        if holder := self.job(run).holder:
            self.live.wake_child(holder, {"watch": run})
        return picture

    def run(self, run: str) -> Run:
        with reading(self.engine) as conn:
            return runs.get(conn, self.actor, run)

    def job(self, run: str) -> Job:
        with reading(self.engine) as conn:
            found = select(run_table.c.job_id).where(run_table.c.id == run)
            job = jobs.get(conn, conn.execute(found).scalar_one())
        assert job is not None
        return job

    def log(self, run: str, kind: str | None = None) -> list[LogEvent]:
        with reading(self.engine) as conn:
            events = log.read(conn, run, 0, 1_000_000)
        return [event for event in events if kind in (None, event.type)]

    def weights(self, run: str) -> str:
        """The hash of the newest checkpoint's tensors: weights, buffers and optimizer."""
        with reading(self.engine) as conn:
            found = checkpoints.latest(conn, Store(self.folder / "artifacts"), run)
        assert found is not None
        return found.checkpoint.tensors_hash

    def curve(self, run: str, series: str = "train/loss") -> chunks.Points:
        with reading(self.engine) as conn:
            return chunks.series(conn, run, [series])[series]

    def until_step(self, run: str, step: int, seconds: float = 120) -> Run:
        return until(lambda: (r := self.run(run)).step >= step and r, seconds, f"step {step}")

    def until_status(self, run: str, status: str, seconds: float = 180) -> Run:
        return until(lambda: (r := self.run(run)).status == status and r, seconds, status)

    def applied_step(self, run: str, control: str) -> int | None:
        """Before which step a control took effect, once that is committed."""
        events = [event.body for event in self.log(run, "control")]
        return next((body["step"] for body in events if body["control"] == control), None)

    def newest_checkpoint(self, run: str) -> int:
        """The highest step of a committed checkpoint, 0 without any."""
        kinds = ("checkpoint", "snapshot")
        return max((e.body["step"] for e in self.log(run) if e.type in kinds), default=0)

    def moved_since(self, run: str, epoch: int) -> bool:
        """Whether a later holder than that of `epoch` has trained a step and committed it."""
        return any(
            event.epoch > epoch and "train/loss" in event.series
            for event in self.log(run, "metrics")[-20:]
        )

    def await_children(self, count: int) -> None:
        """Wait until so many children are warm: one that was killed comes back in seconds."""
        until(lambda: len(self.warm()) == count, START_SECONDS, f"{count} warm children")

    def warm(self) -> set[int]:
        """The processes of the children that can train at once."""
        folder = self.folder / "run"
        found = [note.read() for path in folder.iterdir() for note in notes(path)]
        return {reading.pid for reading in found if reading.warm}

    def replayed(self, run: str, changes: Mapping[int, Changes]) -> str:
        """The hash that the run must end with: trained here at once, with the changes made."""
        session = open_session(plan_resolved(self.run(run).resolved), threads=1)
        pace = Pace()
        training = train(session.plan, session=session, pace=pace)
        while not session.finished:
            if session.step in changes:
                session.apply(changes[session.step])
            pace.step = min((step for step in changes if step > session.step), default=None)
            next(training)
        return digest_of(save(session.state()[0]))

    def heir_pid(self, run: str, epoch: int) -> int:
        """The process that holds the run's job after the holder of `epoch`."""

        def heir() -> str | None:
            job = self.job(run)
            return job.holder if job.epoch > epoch else None

        return int(until(heir, 60, "an heir").split(":")[1])

    def holder_pid(self, run: str) -> int:
        holder = until(lambda: self.job(run).holder, 60, "a holder")
        return int(holder.split(":")[1])


def until(question: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true answer; fails naming `what`. Asks often, since the answers are timed too."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.005)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


@contextlib.contextmanager
def workshop(folder: Path, database: str) -> Iterator[Workshop]:
    """A workshop without a worker yet; every worker it starts is killed at the end."""
    with private() as redis:
        engine, live = open_database(database), open_live(redis)
        with writing(engine) as conn:
            actor = laptop(conn)
        environment = {
            "GRADUS_DATA": str(folder),
            "GRADUS_DATABASE_URL": database,
            "GRADUS_REDIS_URL": redis,
        }
        celery = Celery("tests", broker=broker_url(redis))
        made = Workshop(folder, environment, engine, live, actor, celery)
        try:
            yield made
        finally:
            for worker in made.workers:
                worker.kill()
            celery.close()
            live.close()
            engine.dispose()
