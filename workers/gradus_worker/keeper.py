"""The keeper: writes the checkpoints of a child's runs, in a thread beside the loop.

The loop copies the state at a step boundary; only turning it into bytes and files happens
here. The row goes through the run's journal, so it never stands before the points that led
to it.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safetensors.torch import save
from sqlalchemy import Connection
from torch import Tensor

from gradus_runs import checkpoints
from gradus_runs.log import LogEvent
from gradus_runs.store import Store
from gradus_worker.held import Held
from gradus_worker.weights import keep_weights

log = logging.getLogger(__name__)

SNAPSHOT_FACTOR = 20  # early snapshots lie close together: at most a twentieth of the time


@dataclass(frozen=True, slots=True)
class Copy:
    """A run's whole state at one step, apart from the session that goes on."""

    held: Held
    tensors: Mapping[str, Tensor]
    state: Mapping[str, Any]
    step: int
    samples: int
    kept: bool


class Keeper(threading.Thread):
    """Has one step of one job in hand at most: who comes while it is busy is kept a little later."""

    def __init__(self, store: Store) -> None:
        super().__init__(name="keeper", daemon=True)
        self._store = store
        self._in_hand: tuple[Copy, ...] = ()
        self._changed = threading.Condition()

    def keep(self, level: Sequence[Held]) -> None:
        """Write a checkpoint or snapshot of runs that stand at one step, if one of them is due.

        The loop goes on meanwhile.
        """
        now = time.monotonic()
        snapshot = any(held.snapshot_due and _affords(held, now) for held in level)
        due = any(held.checkpoints.due(now, held.session.step) for held in level)
        if self._in_hand or not (snapshot or due):
            return
        with self._changed:
            self._in_hand = tuple(_copy(held, kept=snapshot) for held in level)
            for held in level:
                held.checkpoints.spent(now, held.session.step, time.monotonic() - now)
            self._changed.notify_all()

    def save(self, held: Held, kept: bool) -> bool:
        """Write one now; False, with the run left waiting, when the disk refuses.

        `kept` is for a run at its end, whose weights are stored apart too. Another one that has
        not moved since its last checkpoint, and was not edited by hand, needs none.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._in_hand)
        moved = held.session.step != held.checkpoints.step or held.edited_at is not None
        if not kept and not moved:
            return True
        try:
            self._write(_copy(held, kept))
            if kept:
                keep_weights(held, self._store)
        except OSError as error:
            log.error("no checkpoint of run %s: %s", held.run.id, error)
            held.wait_for("disk")
            return False
        held.unkept = None
        return True

    def run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._in_hand))
                copies = self._in_hand
            for copy in copies:
                self._write_softly(copy)
            with self._changed:
                self._in_hand = ()
                self._changed.notify_all()

    def _write_softly(self, copy: Copy) -> None:
        try:
            self._write(copy)
        except Exception as error:  # for the loop to deal with: this thread must live on
            log.error("no checkpoint of run %s: %s", copy.held.run.id, error)
            copy.held.checkpoints.step = 0  # so that `save` knows that this step is not kept
            copy.held.unkept = error

    def _write(self, copy: Copy) -> None:
        started = time.monotonic()
        body = save(dict(copy.tensors))
        self._store.keep(body)
        copy.held.journal.put(lambda conn: self._record(conn, copy, body))
        copy.held.checkpoints.spent(started, copy.step, time.monotonic() - started)

    def _record(self, conn: Connection, copy: Copy, body: bytes) -> Sequence[LogEvent]:
        journal = copy.held.journal
        written = checkpoints.write(
            conn,
            journal.claim,
            journal.run,
            self._store,
            tensors=body,
            state=copy.state,
            step=copy.step,
            samples=copy.samples,
            kept=copy.kept,
        )
        return [written.event]


def _affords(held: Held, now: float) -> bool:
    return now - held.checkpoints.last >= SNAPSHOT_FACTOR * held.checkpoints.cost


def _copy(held: Held, kept: bool) -> Copy:
    tensors, state = held.session.state()
    held.edited_at = None
    # Several checkpoints may stand at one step: this says which of its changes they hold.
    state["last_change"] = held.last_change
    return Copy(held, tensors, state, held.session.step, held.session.samples, kept)
