"""Verification: a run trained again from its beginning must come to the same weights, bit by bit."""

import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from safetensors.torch import save
from sqlalchemy import Engine

from gradus_engine.opening import AnySession
from gradus_engine.pace import Pace
from gradus_engine.train import Finished, train
from gradus_runs import beginnings, checkpoints, controls
from gradus_runs.checkpoints import Checkpoint
from gradus_runs.controls import ControlRow
from gradus_runs.database import reading
from gradus_runs.errors import NotFound
from gradus_runs.runs import Run
from gradus_runs.store import Store, digest_of
from gradus_worker.recovery import begun, origin_of
from gradus_worker.remaking import remake


@dataclass(frozen=True, slots=True)
class Verification:
    """Hashes of weights, buffers and optimizer at `step`: as kept, and as computed again."""

    run: str
    step: int
    kept: str
    found: str
    inexact: bool  # identity or tier changed on the way, or here: a difference is no surprise

    @property
    def same(self) -> bool:
        return self.kept == self.found


class TooLong(ValueError):
    """A run could not be trained again in the time given."""


def verify(
    engine: Engine,
    store: Store,
    run: Run,
    *,
    device: str,
    threads: int,
    seconds: float = math.inf,
) -> Verification:
    """Train `run` again to its newest checkpoint, with its changes at their steps.

    Raises NotFound for a run without a checkpoint, TooLong after so many `seconds`.
    """
    end = time.monotonic() + seconds
    with reading(engine) as conn:  # closed before the training, which may take minutes
        newest = checkpoints.latest(conn, store, run.id)
        if newest is None:
            raise NotFound("checkpoint", f"of {run.id}")
        origin = origin_of(conn, store, run)
        weights = {} if origin else beginnings.read(conn, store, run.resolved)
        applied = controls.since(conn, run.id, run.parent_step or 0)
    session = begun(run, origin, weights, device=device, threads=threads)
    exact = retrain(session, applied, newest.checkpoint.step, end)
    for row in held_at(newest.checkpoint, applied):
        exact = remake(session, row.body) and exact
    if newest.checkpoint.state.get("steering", {}).get("stop", {}).get("restored"):
        session.conclude()
    found = digest_of(save(session.state()[0]))
    kept = newest.checkpoint.tensors_hash
    return Verification(run.id, newest.checkpoint.step, kept, found, run.inexact or not exact)


def held_at(checkpoint: Checkpoint, applied: Sequence[ControlRow]) -> Sequence[ControlRow]:
    """The changes made at the checkpoint's own step that it already holds."""
    last = checkpoint.state.get("last_change")
    there = [row for row in applied if row.applied_step == checkpoint.step]
    newest = next((at for at, row in enumerate(there) if row.id == last), -1)
    return there[: newest + 1]


def retrain(
    session: AnySession, applied: Sequence[ControlRow], step: int, end: float = math.inf
) -> bool:
    """Train to `step`, each change made before the step before which it was made first.

    Answers whether each of them could be made. Raises TooLong where `end` of `time.monotonic` comes
    before.
    """
    exact = True
    waiting, pace = deque(applied), Pace()
    training = train(session.plan, session=session, pace=pace)
    while session.step < step:
        if time.monotonic() > end:
            raise TooLong(f"It could not be trained again in time: it got to {session.step:,}.")
        while waiting and (waiting[0].applied_step or 0) <= session.step:
            exact = remake(session, waiting.popleft().body) and exact
        ahead = waiting[0].applied_step if waiting else None
        pace.step = min(step, ahead or step)
        if isinstance(next(training), Finished):
            break
    return exact
