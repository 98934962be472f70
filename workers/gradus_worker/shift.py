"""A shift: a child claims jobs, trains them in turns, and gives them back.

One thread runs it. Everything that others have for it comes through the inbox and is dealt
with between two blocks, at a step boundary of every held run.
"""

import logging
import time
from collections.abc import Mapping, Sequence

from gradus.events import Status
from gradus.probes import Probe, probe_hash
from gradus_engine.ranks.group import RankLost
from gradus_engine.train import Finished, NonFinite
from gradus_runs.controls import ControlRow
from gradus_worker.desk import Desk
from gradus_worker.faults import Fault, fault_of
from gradus_worker.held import Held
from gradus_worker.inbox import Asked, Claimable, Keep, Mail, Question, Watching
from gradus_worker.lanes import Lanes
from gradus_worker.pictures import frame, refusal
from gradus_worker.turns import Turns

log = logging.getLogger(__name__)

BLOCK_SECONDS = 0.012  # a question waits this long plus one step
CLAIM_SECONDS = 1.0  # without a wake-up call
SHARED_SECONDS = 3.0  # for a sibling to take what was left to it, before it is taken back
LINGER_SECONDS = 1.0  # a child with nothing to do ends its shift after this
HAND_SECONDS = 1.0  # a hand that rests so long has set what a fork may begin with
NAP_SECONDS = 0.25  # how soon a request to end is seen while nothing trains
JUDGED_SECONDS = 0.005  # how soon it is seen that a report is committed
CLOSE_SECONDS = 6.0


class Shift:
    """`desk` is the child's equipment and `turns` its order."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turns = Turns()
        self._claim_at = 0.0
        self._cut = False
        self._busy_at = time.monotonic()

    def run(self) -> None:
        """Stay until nothing is claimable, or until asked to end."""
        desk = self._desk
        try:
            while not desk.note.ending:
                self._look_around()
                turn = self._turns.next([each.standing for each in desk.lanes if each.wants_a_turn])
                if turn is not None and not desk.recorder.full:
                    self._take(desk.find(turn.job), turn.seconds)
                elif self._draw_waiting():
                    continue
                elif not desk.held and time.monotonic() - self._busy_at > LINGER_SECONDS:
                    return
                else:
                    self._nap()
        finally:
            desk.give_up_all(CLOSE_SECONDS)

    def _nap(self) -> None:
        waits = [held.wait for held in self._desk.held if held.status is Status.RUNNING]
        self._desk.note.turn(None)
        judging = any(held.judging for held in self._desk.held)
        nap = JUDGED_SECONDS if judging else NAP_SECONDS
        self._desk.inbox.wait(min([nap, *(wait for wait in waits if wait > 0)]))
        if self._desk.held:
            self._busy_at = time.monotonic()

    def _look_around(self) -> None:
        """What happens between two turns: mail, claims, rest."""
        self._boundary()
        now = time.monotonic()
        if now >= self._claim_at:
            self._claim_at = now + CLAIM_SECONDS
            if self._desk.claim():
                self._claim_at, self._busy_at = now + self._desk.courtesy, now
            elif self._desk.share():
                self._claim_at = now + SHARED_SECONDS
        for held in self._desk.held:
            self._tend(held, now)
        self._desk.tiers.look(self._desk.held)

    def _tend(self, held: Held, now: float) -> None:
        if held.status is Status.RUNNING:
            return
        since, current = now - held.since, self._desk.settings
        if held.status is Status.WAITING and since > current.retry_seconds:
            self._desk.try_again(held)
        elif self._desk.find(held.job.id).resting and since > current.paused_seconds:
            self._desk.give_up(self._desk.find(held.job.id))
        elif held.edited_at is not None and now - held.edited_at > HAND_SECONDS:
            self._desk.keeper.save(held, kept=False)
        else:
            self._draw(held)

    def _take(self, lanes: Lanes, seconds: float) -> None:
        """One turn: blocks until its time is over, a claim is due, or something cuts it."""
        self._cut = False
        clock, standing = lanes.members[0].clock, lanes.standing
        spent = clock()
        end = time.monotonic() + seconds
        self._desk.note.turn(lanes.job.id)
        while True:
            rest = end - time.monotonic()
            lanes.round(min(BLOCK_SECONDS, max(rest, 0.0)), self._train)
            self._draw_ended(lanes)
            self._keep(lanes)
            self._boundary()
            lanes = self._desk.find(standing.job)
            over = time.monotonic() >= min(end, self._claim_at)
            if over or self._cut or not lanes.wants_a_turn:
                break
            self._draw_all(lanes)
        self._draw_all(lanes)
        self._turns.spent(standing, clock() - spent)

    def _draw_ended(self, lanes: Lanes) -> None:
        """The last pictures of those that are held no longer, while their nets are still here."""
        for held in lanes.members:
            if held not in self._desk.held:
                while self._draw(held):
                    pass

    def _draw_all(self, lanes: Lanes) -> None:
        """Whatever is due, so that what is looked at together shows one step; no longer than a block,
        because somebody may wait for the next."""
        end = time.monotonic() + BLOCK_SECONDS
        for held in lanes.members:
            while self._draw(held) and time.monotonic() < end:
                pass

    def _keep(self, lanes: Lanes) -> None:
        """Checkpoints of those that stand together, unless the one before was hindered."""
        for held in lanes.training:
            if held.unkept is not None:
                error, held.unkept = held.unkept, None
                self._hinder(held, error)
        self._desk.keeper.keep(lanes.level)

    def _train(
        self, held: Held, seconds: float, until: int | None, exact: bool
    ) -> Finished | NonFinite | None:
        """One block, and what its end calls for."""
        try:
            said = held.advance(seconds, until, exact=exact)
            if isinstance(said, Finished):
                self._desk.finish(held, said)
            elif isinstance(said, NonFinite):
                self._diverge(held, said)
        except Exception as error:  # whatever a network throws ends that run and no other
            self._hinder(held, error)
            return None
        return said

    def _hinder(self, held: Held, error: Exception) -> None:
        if isinstance(error, RankLost):
            log.warning("run %s lost one of its processes: %s", held.run.id, error)
            self._desk.let_go(held, ready=True)  # taken up again from its newest checkpoint
        elif isinstance(error, OSError):
            log.warning("run %s waits for the disk: %s", held.run.id, error)
            held.wait_for("disk")
        else:
            self._desk.fail(held, fault_of(error))

    def _diverge(self, held: Held, said: NonFinite) -> None:
        params = {"step": said.step, "series": said.series}
        held.journal.verdict("verdict.diverged", params, said.step)
        if held.session.plan.train.on_nan == "continue":
            return
        if self._desk.is_watched(held):
            held.rest(reason="diverged")
        else:
            self._desk.fail(held, Fault("diverged", params))

    def _boundary(self) -> None:
        """Between two steps of everybody: the loop moved, losses are let go, mail is read."""
        desk = self._desk
        desk.note.beat(desk.settings.stall_seconds)
        if desk.inbox:
            for mail in desk.inbox.take():
                self._read(mail)
        for held in desk.held:
            held.heed_judgement()
            if held.status is Status.WAITING:
                continue
            if held.stop is not None:
                desk.stop(held)
            elif held.pruned is not None:
                desk.prune(held, held.pruned)
        desk.sweep()

    def _read(self, mail: Mail) -> None:
        match mail:
            case Asked(controls):
                self._heed(controls)
            case Watching(pictures):
                self._watch(pictures)
            case Question():
                self._answer(mail)
            case Keep(run):
                self._keep_resting(run)
            case Claimable():
                # A sibling with less to do heard it too; let it come first.
                self._claim_at = time.monotonic() + self._desk.courtesy

    def _heed(self, controls: Sequence[ControlRow]) -> None:
        for lanes in self._desk.lanes:
            lanes.agree()
        for control in controls:
            if held := self._desk.of_run(control.run_id):
                try:
                    held.ask(control)
                except Exception as error:  # as in a block; what was not applied is asked again
                    self._hinder(held, error)

    def _watch(self, pictures: Mapping[str, Mapping[str, Probe]]) -> None:
        """What is looked at from now on. The turn under way was dealt by who was watched before."""
        for held in self._desk.held:
            before = bool(held.pictures.wanted)
            held.pictures.want(pictures.get(held.run.id, held.pictures.wanted))
            self._cut = self._cut or bool(held.pictures.wanted) != before

    def _answer(self, question: Question) -> None:
        held = self._desk.of_run(question.run)
        if held is None:
            error = ValueError(f"Run {question.run} is not held here any more; ask again.")
            self._desk.broadcaster.answer(question.id, refusal(question.run, "", error))
        else:
            name = probe_hash(question.probe)
            self._desk.broadcaster.answer(question.id, seen(held, name, question.probe))

    def _keep_resting(self, run: str) -> None:
        """One that trains is kept often enough by itself."""
        held = self._desk.of_run(run)
        if held is not None and held.status is Status.PAUSED:
            self._desk.keeper.save(held, kept=False)

    def _draw_waiting(self) -> bool:
        """A picture of a run whose speed limit leaves time for one; answers whether there was."""
        waiting = (held for held in self._desk.held if held.status is Status.RUNNING)
        return any(self._draw(held, idle=True) for held in waiting)

    def _draw(self, held: Held, idle: bool = False) -> bool:
        """The next picture of a watched run; answers whether one was due."""
        if held.untouched:  # its first step comes before any picture
            return False
        training = held.status is Status.RUNNING
        name = held.pictures.due(time.monotonic(), held.session.step, training, idle)
        if name is None:
            return False
        spent = held.clock()
        shown = seen(held, name, held.pictures.wanted[name])
        held.pictures.done(name, held.session.step, 0.0 if idle else held.clock() - spent)
        self._desk.broadcaster.frame(held.run.id, name, shown)
        return True


def seen(held: Held, name: str, question: Probe) -> bytes:
    """The frame that answers a probe, or says why there is none: whatever a picture throws costs
    that picture and no training."""
    try:
        return frame(held.run.id, name, held.job.epoch, held.look(question))
    except Exception as error:
        return refusal(held.run.id, name, error)
