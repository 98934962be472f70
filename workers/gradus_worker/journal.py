"""What one held run has to say, as rows and entries of its log, each under its claim."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection

from gradus.controls import Switch
from gradus.events import Status, Table
from gradus_engine.train import Metrics
from gradus_runs import controls, jobs, runs
from gradus_runs.claim import Claim
from gradus_runs.controls import ControlRow
from gradus_runs.log import Entry, LogEvent, append
from gradus_runs.runs import Facts
from gradus_worker import metrics
from gradus_worker.recorder import Recorder, Write


class Journal:
    """Writes in order and returns at once; the recorder commits.

    A `patient` one, of a run among many that nobody waits for, lets its writes gather: each commit
    costs more than a small net's training. What a person asked for, and the end of the job, are
    committed at once all the same.
    """

    def __init__(self, recorder: Recorder, run: str, claim: Claim, patient: bool = False) -> None:
        self.run = run
        self.claim = claim
        self._hurried = not patient
        self._recorder = recorder
        self._stream = recorder.open(run, claim)

    @property
    def lost(self) -> Exception | None:
        """Why nothing more will be written: the claim is over, or the database refuses."""
        return self._stream.lost

    @property
    def settled(self) -> bool:
        """Whether all that was written is committed, or nothing more ever will be."""
        return self._stream.lost is not None or not self._stream.pending

    def measure(self, measured: Metrics, *, urgent: bool = False) -> None:
        """The points of one block; `urgent` for the first, which somebody is waiting for."""
        self._put(metrics.entry(measured), urgent=urgent)

    def status(
        self,
        to: Status,
        *,
        reason: str | None = None,
        params: Mapping[str, Any] | None = None,
        results: Mapping[str, float | Table] | None = None,
        **facts: Any,
    ) -> None:
        """Move the run, and write `facts` (goal, speed, identity, inexact) on its row."""

        def write(conn: Connection) -> Sequence[LogEvent]:
            if facts:
                runs.note(conn, self.claim, self.run, **_facts(facts))
            return [self._move(conn, to, reason=reason, params=params, results=results)]

        self.put(write)

    def _move(self, conn: Connection, to: Status, **said: Any) -> LogEvent:
        return runs.move(conn, self.run, to, claim=self.claim, **said)

    def control(self, row: ControlRow, step: int, **facts: Any) -> None:
        """A control took effect before step `step + 1`."""

        def write(conn: Connection) -> Sequence[LogEvent]:
            said = self._apply(conn, row, step)
            if said and facts:
                runs.note(conn, self.claim, self.run, **_facts(facts))
            return said

        self._recorder.put(self._stream, write, urgent=True)

    def stop(self, row: ControlRow, step: int) -> None:
        """The control that ends the run, and its end: a child that dies before it wrote both
        has written neither, and the next one obeys.
        """

        def write(conn: Connection) -> Sequence[LogEvent]:
            said = self._apply(conn, row, step)
            return [*said, self._move(conn, Status.STOPPED)]

        self._recorder.put(self._stream, write, urgent=True)

    def _apply(self, conn: Connection, row: ControlRow, step: int) -> Sequence[LogEvent]:
        if not controls.applied(conn, self.claim, row.id, step):
            return []
        body = {"control": row.id, "body": row.body, "step": step}
        return append(conn, self.run, [Entry("control", body)], claim=self.claim)

    def switch(self, control_id: str, switch: Switch, step: int) -> None:
        """Training goes on by another tier from step `step + 1` on."""

        def write(conn: Connection) -> Sequence[LogEvent]:
            controls.switched(conn, self.claim, self.run, control_id, switch, step)
            body = {"control": control_id, "body": switch.model_dump(mode="json"), "step": step}
            return append(conn, self.run, [Entry("control", body)], claim=self.claim)

        self.put(write)

    def note(self, **facts: Any) -> None:
        """Facts on the run's row, without an event."""

        def write(conn: Connection) -> Sequence[LogEvent]:
            runs.note(conn, self.claim, self.run, **_facts(facts))
            return []

        self.put(write)

    def say(self, kind: str, **body: Any) -> None:
        """An event of any other type."""
        self._put(Entry(kind, body))

    def verdict(self, code: str, params: Mapping[str, Any], step: int) -> None:
        """What was found at a step, with its evidence."""
        self.say("verdict", code=code, params=dict(params), step=step)

    def put(self, write: Write) -> None:
        """Something with rows of its own, such as a checkpoint."""
        self._put(write)

    def urge(self, write: Write) -> None:
        """The same, committed at once: training waits for what it answers."""
        self._recorder.put(self._stream, write, urgent=True)

    def _put(self, write: Entry | Write, urgent: bool = True) -> None:
        self._recorder.put(self._stream, write, urgent=urgent and self._hurried)

    def end(self) -> None:
        """Nothing more is written of this run; others of its job go on."""
        self._recorder.put(self._stream, urgent=self._hurried, last=True)

    def release(self, ready: bool, retry_ms: int | None = None) -> None:
        """Give the job back; the last write under this claim.

        Where a job has several runs, through a journal opened after theirs: what they still have
        to say is committed first.
        """

        def write(conn: Connection) -> Sequence[LogEvent]:
            return jobs.release(conn, self.claim, ready, retry_ms=retry_ms)

        self._recorder.put(self._stream, write, urgent=True, last=True)

    def close(self, seconds: float) -> bool:
        """Wait until all is committed, then forget the run; False when something was not."""
        committed = self._recorder.drain(self._stream, seconds)
        self._recorder.close(self._stream)
        return committed


def _facts(facts: Mapping[str, Any]) -> Facts:
    return cast(Facts, facts)
