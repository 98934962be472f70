"""The inspector: a child that never trains and answers questions about nets nobody holds.

A draft is a document that may never become a run: its answer is step 0 of the run that play
would create, because both are built from plan and seed alone. A past moment of a run is its
newest checkpoint at or before the step asked for.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from safetensors.torch import load
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from gradus.plan import plan, plan_resolved
from gradus.planned import Plan
from gradus.probes import PROBE, Probe, probe_hash
from gradus_engine.opening import AnySession, open_session
from gradus_engine.probes import Picture, probe
from gradus_runs import beginnings, checkpoints
from gradus_runs.database import open_database, reading
from gradus_runs.errors import NotFound, RunsError
from gradus_runs.live import Live, open_live
from gradus_runs.runs import Run
from gradus_runs.settings import Settings, settings
from gradus_runs.store import Store
from gradus_runs.tables import checkpoints as checkpoint_table
from gradus_runs.tables import runs as run_table
from gradus_worker.pictures import frame, refusal
from gradus_worker.recovery import begun, origin_of, restored
from gradus_worker.shelf import Shelf
from gradus_worker.verification import verify
from gradus_worker.warmup import warm_up

log = logging.getLogger(__name__)

Question = Mapping[str, Any]


class Inspector:
    """`probe` with `document` (and `seed`), `resolved`, or `run` (and `step`) make a question."""

    def __init__(self, live: Live, engine: Engine, store: Store, threads: int) -> None:
        self._live = live
        self._engine = engine
        self._store = store
        self._threads = threads
        self._shelf = Shelf()

    def warm_up(self) -> None:
        """Take the first step of anything. Looking is done on the CPU, whatever trains."""
        warm_up("cpu", self._threads)

    def answer(self, question_id: str) -> None:
        """Answer the question laid down under this id, if it still stands."""
        question = self._live.question(question_id)
        if question is not None:
            self._live.answer(question_id, self.look(question))

    def look(self, question: Question) -> bytes:
        """The frame that answers, or one that says why there is none."""
        run = str(question.get("run", ""))
        try:
            asked = PROBE.validate_python(question["probe"])
            session = self._session(question)
            return frame(run, probe_hash(asked), 0, probe(session, asked))
        except SQLAlchemyError:
            raise  # asked again, it may be there again
        except Exception as error:
            log.info("no answer about %s: %s", run or "a draft", error)
            return refusal(run, _name(question), error)

    def verify(self, question_id: str) -> None:
        """Train a run again and say whether it comes to the weights that were kept.

        As long as that takes, nobody else's question is answered here: it ends when the asker has
        ceased to wait.
        """
        question = self._live.question(question_id)
        if question is not None:
            found = self._verified(str(question["run"]), float(question["seconds"]))
            self._live.answer(question_id, found)

    def _verified(self, run_id: str, seconds: float) -> bytes:
        try:
            with reading(self._engine) as conn:
                run = _row(conn, run_id)
            found = verify(
                self._engine, self._store, run, device="cpu", threads=self._threads, seconds=seconds
            )
        except (ValueError, RuntimeError, MemoryError, RunsError) as error:
            return refusal(run_id, "", error)
        meta = {**asdict(found), "same": found.same}
        return frame(run_id, "", 0, Picture("verification", found.step, {}, meta))

    def _session(self, question: Question) -> AnySession:
        if "run" in question:
            return self._of_run(question["run"], question.get("step"))
        if "resolved" in question:
            planned = plan_resolved(question["resolved"])
        else:
            planned = plan(seeded(question["document"], question.get("seed")))
        return self._shelf.get((planned.hash, planned.train.seed), lambda: self._begun(planned))

    def _begun(self, planned: Plan) -> AnySession:
        with reading(self._engine) as conn:
            weights = beginnings.read(conn, self._store, planned.resolved)
        read = {digest: load(body) for digest, body in weights.items()}
        return open_session(planned, threads=self._threads, weights=read)

    def _of_run(self, run_id: str, step: int | None) -> AnySession:
        with reading(self._engine) as conn:
            run = _row(conn, run_id)
            at = _checkpoint_step(conn, run, step)
        return self._shelf.get((run_id, at), lambda: self._restored(run, at))

    def _restored(self, run: Run, at: int | None) -> AnySession:
        with reading(self._engine) as conn:
            origin = origin_of(conn, self._store, run) if at is None else None
            found = checkpoints.load(conn, self._store, run.id, at) if at is not None else None
            begins = found is None and origin is None
            weights = beginnings.read(conn, self._store, run.resolved) if begins else {}
        if found is None:
            return begun(run, origin, weights, device="cpu", threads=self._threads)
        return restored(run, found, "cpu", self._threads)


def seeded(document: Mapping[str, Any], seed: int | None) -> Mapping[str, Any]:
    """The document with another seed, where one is given."""
    if seed is None:
        return document
    return {**document, "train": {**document.get("train", {}), "seed": seed}}


def _row(conn: Connection, run_id: str) -> Run:
    """The run itself: whoever laid the question down has checked that its asker may see it."""
    found = select(run_table).where(run_table.c.id == run_id)
    row = conn.execute(found).one_or_none()
    if row is None:
        raise NotFound("run", run_id)
    return Run(**row._mapping)


def _checkpoint_step(conn: Connection, run: Run, step: int | None) -> int | None:
    """The step of its newest checkpoint at or before `step`; None for its beginning."""
    table = checkpoint_table
    found = select(table.c.step).where(table.c.run_id == run.id).order_by(table.c.step.desc())
    if step is not None:
        found = found.where(table.c.step <= step)
    newest: int | None = conn.execute(found.limit(1)).scalar()
    return newest


def _name(question: Question) -> str:
    try:
        asked: Probe = PROBE.validate_python(question["probe"])
    except (KeyError, ValueError):
        return ""
    return probe_hash(asked)


def make_inspector(current: Settings) -> Inspector:
    live = open_live(current.redis_url.get_secret_value())
    engine = open_database(current.database)
    return Inspector(live, engine, Store(current.artifacts), current.threads or 1)


@lru_cache(maxsize=1)
def this_inspector() -> Inspector:
    """The one of this process, as with the training child."""
    return make_inspector(settings())
