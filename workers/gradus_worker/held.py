"""One claimed run in memory: trained in blocks, changed and looked at between two steps."""

import logging
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from gradus.controls import Changes, Switch
from gradus.events import Status
from gradus.probes import Probe
from gradus_engine.opening import AnySession
from gradus_engine.pace import Pace
from gradus_engine.probes import Picture, probe
from gradus_engine.tiers.quick import Tier
from gradus_engine.train import Finished, Metrics, NonFinite, train
from gradus_runs.controls import ControlRow
from gradus_runs.ids import new_id
from gradus_runs.jobs import Job
from gradus_runs.reports import Judged, Rule
from gradus_runs.runs import Run
from gradus_worker.budget import CheckpointBudget, snapshot_after
from gradus_worker.cost import clock
from gradus_worker.effects import CONTROL, Goal, Place, effect, reached
from gradus_worker.journal import Journal
from gradus_worker.pictures import Pictures
from gradus_worker.remaking import remake, tier_lost
from gradus_worker.rungs import Rungs
from gradus_worker.tempo import Tempo

log = logging.getLogger(__name__)

UNTURNED_SECONDS = 2.0  # a member of a group that has no turn for so long waits for one


class Held:
    """Everything a child knows of one run between claim and release.

    `replays` are the changes behind the checkpoint that it came from: each is made again before
    the step before which it was made first.
    """

    def __init__(
        self,
        job: Job,
        run: Run,
        session: AnySession,
        journal: Journal,
        *,
        replays: Sequence[ControlRow] = (),
        checkpoints: CheckpointBudget,
        rule: Rule | None = None,
    ) -> None:
        self.job = job
        self.run = run
        self.session = session
        self.journal = journal
        self.checkpoints = checkpoints
        self.rungs = None if rule is None else Rungs(rule, session)
        self.pruned: Judged | None = None  # worse than its sweep's others: it is to end
        self.pictures = Pictures()
        self.clock = clock(session.device.type)
        self.status = Status.RUNNING
        self.goal: Goal = run.goal
        self.since = time.monotonic()  # when it came into its status
        self.front = (0, 0)  # step and samples of the first of the job's runs, when last asked
        self.stop: ControlRow | None = None  # somebody asked for its end
        self.unkept: Exception | None = None  # said by the keeper's thread, heeded by the loop
        self.finished: Finished | None = None  # trained to its end, not yet written down
        self.last_change: str | None = None  # the newest control that changed numbers
        self.edited_at: float | None = None  # weights were set by hand, and not yet kept
        self._tempo = Tempo()
        self._tempo.limit(run.speed, self.since)
        self._pace = Pace()
        self._training = train(session.plan, session=session, pace=self._pace)
        self._replays = deque(replays)
        self._later: deque[ControlRow] = deque()
        self._known: set[str] = set()
        self._fresh = True
        # Whether the log says that it trains; None where it says something else than that or queued.
        self._on_turn = False if run.status is Status.QUEUED else None
        self._turn_at = self.since

    @property
    def able(self) -> bool:
        """Whether nothing but its speed limit keeps it from the next step."""
        free = self.status is Status.RUNNING and self.stop is None and self.journal.lost is None
        return free and not self.judging

    @property
    def judging(self) -> bool:
        """Whether it waits to hear how it stands against its sweep's others."""
        return self.rungs is not None and self.rungs.waiting

    def heed_judgement(self) -> None:
        """Go on, or be pruned, once the last report is committed."""
        judged = self.rungs.verdict(self.journal) if self.rungs else None
        if judged is not None and judged.pruned:
            self.pruned = judged

    @property
    def untouched(self) -> bool:
        """Whether its first step is just ahead; who watches has seen the untrained net already."""
        return self.status is Status.RUNNING and self.session.step == 0

    @property
    def wait(self) -> float:
        """Seconds until its speed limit allows the next step."""
        return self._tempo.wait(time.monotonic())

    @property
    def snapshot_due(self) -> bool:
        snapshot = self._snapshot
        return snapshot is not None and self.session.step >= snapshot

    @property
    def _snapshot(self) -> int | None:
        """The next step to keep; none of a member of a group that nobody looks at, whose rows would
        cost more than its training."""
        if not self.job.lockstep and not self.pictures.wanted:
            return None
        return snapshot_after(self.checkpoints.step)

    def begin(self, asked: Sequence[ControlRow]) -> None:
        """Heed what was asked while nobody held it, then say that it runs, or rests at its goal."""
        for row in asked:
            self._known.add(row.id)
            self._heed_in_line(row)
        if self.stop is not None:
            return
        self.status = Status.PAUSED if self._at_goal else Status.RUNNING
        if self.status is Status.RUNNING:
            self._say_turn(self.job.lockstep)
        elif self.run.status is not Status.PAUSED:
            self.journal.status(Status.PAUSED)
        self._replay()

    def take_turn(self) -> None:
        """It trains now; of a group, only then is it said."""
        self._turn_at = time.monotonic()
        self._say_turn(True)

    def leave_turn(self) -> None:
        """Others of its group train; after a while without a turn it says that it waits for one."""
        if self._on_turn and self.able and time.monotonic() - self._turn_at > UNTURNED_SECONDS:
            self._say_turn(False)

    def _say_turn(self, on: bool) -> None:
        if on is not self._on_turn:
            self._on_turn = on
            self.journal.status(Status.RUNNING if on else Status.QUEUED)

    def advance(
        self, seconds: float, until: int | None = None, *, exact: bool = False
    ) -> Finished | NonFinite | None:
        """Train one block of at most `seconds` and not beyond `until`; at least one step.

        With `exact` the block ends at `until`, however long that takes.
        """
        self._limit(seconds, until, paced=not exact)
        self._pace.exact = until if exact else None
        before, spent = self.session.step, self.clock()
        said = next(self._training)
        steps = self.session.step - before
        self._tempo.took(steps, time.monotonic())
        self.pictures.budget.train(self.clock() - spent, steps)
        if not isinstance(said, Metrics):
            return said
        self.journal.measure(said, urgent=self._fresh)
        for verdict in said.verdicts:
            self.journal.verdict(verdict.code, verdict.params, verdict.step)
        self._fresh = self._fresh and steps == 0
        self._replay()
        self._arrive()
        if self.rungs is not None and self.rungs.due:
            self.rungs.report(self.journal)
        return None

    @property
    def mark(self) -> int | None:
        """The next step where something is to happen."""
        marks = [(self.goal or {}).get("step"), self._snapshot]
        marks += [self._replays[0].applied_step] if self._replays else []
        return min((m for m in marks if m is not None and m > self.session.step), default=None)

    def _limit(self, seconds: float, until: int | None, *, paced: bool) -> None:
        # Who follows keeps the pace of the one that leads: its own would cut the block elsewhere.
        allowed = self._tempo.allowance(time.monotonic()) if paced else None
        ends = [self.mark, until, self.session.step + allowed if allowed else None]
        self._pace.seconds = seconds
        samples = ((self.goal or {}).get("samples"), self.rungs.samples if self.rungs else None)
        self._pace.samples = min((n for n in samples if n is not None), default=None)
        self._pace.step = min((end for end in ends if end is not None), default=None)

    def _arrive(self) -> None:
        """Pause where the goal is reached; a run at its very end finishes instead."""
        if self._at_goal and self.status is Status.RUNNING and not self.session.finished:
            self.rest()

    def _replay(self) -> None:
        while self._replays and (self._replays[0].applied_step or 0) <= self.session.step:
            self._remake(self._replays.popleft())
        while self._later and not self._replays:
            self._heed(self._later.popleft())

    def ask(self, row: ControlRow) -> None:
        """Let a control take effect before the next step; one that is known already is ignored."""
        if row.id not in self._known:
            self._known.add(row.id)
            self._heed_in_line(row)
            self._go()

    def _heed_in_line(self, row: ControlRow) -> None:
        """A change of numbers waits while older ones are being replayed: they would overrule it."""
        if self._replays and row.body["action"] == "set":
            self._later.append(row)
        else:
            self._heed(row)

    def _heed(self, row: ControlRow) -> None:
        consequence = effect(CONTROL.validate_python(row.body), self._place)
        facts: dict[str, Any] = {}
        if consequence.stops:
            self.stop = row  # written together with the end itself
            return
        if consequence.moves:
            facts["goal"] = self.goal = consequence.goal
            self._tempo.start(time.monotonic(), ramp=consequence.ramp)
        if consequence.changes is not None:
            facts |= self._change(row, consequence.changes)
        self.journal.control(row, self.session.step, **facts)

    def _remake(self, row: ControlRow) -> None:
        self.last_change = row.id
        if not remake(self.session, row.body):
            tier_lost(self.journal, row.body, self.session.step)
        self._edited(row.body)

    def switch(self, tier: Tier, key: str) -> None:
        """Go on by another tier, where the session can, and write down from which step on."""
        made = Switch(tier=tier, key=key)
        if remake(self.session, made.model_dump()):
            self.last_change = new_id("control")
            self.journal.switch(self.last_change, made, self.session.step)

    def _edited(self, body: Mapping[str, Any]) -> None:
        """Weights that were set by hand are seen at once, and kept before long."""
        if body.get("changes", {}).get("weights"):
            self.edited_at = time.monotonic()
            self.pictures.age()

    def _change(self, row: ControlRow, changes: Changes) -> dict[str, Any]:
        self.session.apply(changes)
        self.last_change = row.id
        self._edited(row.body)
        if changes.speed is None:
            return {}
        self._tempo.limit(changes.speed, time.monotonic())
        return {"speed": changes.speed}

    def _go(self) -> None:
        """Rest or train, as the goal now says; a run that waits will when it no longer has to."""
        if self._at_goal and self.status is Status.RUNNING:
            self.rest()
        elif self.stop is None and not self._at_goal and self.status is Status.PAUSED:
            self._train_on()

    def _train_on(self) -> None:
        self._fresh = True
        self.status, self.since = Status.RUNNING, time.monotonic()
        self._say_turn(self.job.lockstep)

    @property
    def _at_goal(self) -> bool:
        return reached(self.goal, self.session.step, self.session.samples)

    @property
    def _place(self) -> Place:
        size = len(self.session.dataset.train)
        step, samples = max(self.front, (self.session.step, self.session.samples))
        return Place(step, samples, size)

    def rest(self, reason: str | None = None) -> None:
        """Pause here and keep everything in memory."""
        self.goal = {"step": self.session.step}
        self._become(Status.PAUSED, reason=reason, goal=self.goal)

    def wait_for(self, reason: str) -> None:
        """It cannot go on now; it will by itself."""
        if self.status is Status.WAITING:
            self.since = time.monotonic()  # tried in vain: the log says it already
        else:
            self._become(Status.WAITING, reason=reason)

    def resume(self) -> None:
        """What it waited for is there again: rest or train, as was asked meanwhile."""
        if self._at_goal:
            self.rest()
        else:
            self._train_on()

    def end_as_asked(self) -> None:
        """Stopped, for good."""
        if self.stop is not None:
            self.status = Status.STOPPED
            self.journal.stop(self.stop, self.session.step)

    def end(self, to: Status, **said: object) -> None:
        """Finished or failed, for good."""
        self._become(to, **said)

    def _become(self, to: Status, **said: object) -> None:
        self.status, self.since, self._on_turn = to, time.monotonic(), None
        self.journal.status(to, **said)  # type: ignore[arg-type]

    def look(self, question: Probe) -> Picture:
        """The picture of now; raises ValueError where the network has none such."""
        return probe(self.session, question)
