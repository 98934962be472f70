"""Training as a generator of events. It computes and says what came out; it writes nowhere."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradus.planned import Plan
from gradus_engine.block_size import BlockSize
from gradus_engine.evaluation_times import EvaluationTimes
from gradus_engine.opening import AnySession, open_session
from gradus_engine.pace import Pace
from gradus_engine.points import Points, block, join, single
from gradus_engine.session import Result
from gradus_engine.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the steps up to `step` showed: one block of each training series, evaluations, verdicts."""

    step: int
    samples: int
    elapsed: float
    series: Mapping[str, Points]
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class NonFinite:
    """The training loss became NaN or infinite within the block that ended at `step`."""

    step: int
    samples: int
    elapsed: float
    series: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The training is over; `results` holds the measures of the test part.

    `reason` says why where there is more to say than that all epochs are over.
    """

    step: int
    samples: int
    elapsed: float
    results: Mapping[str, Result]
    reason: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


Event = Metrics | NonFinite | Finished


def train(
    plan: Plan, *, session: AnySession | None = None, pace: Pace | None = None
) -> Iterator[Event]:
    """Train until the planned epochs are over; each `next` computes one block of steps.

    A session that has been trained before goes on where it stands. A loss that is not finite is
    said once, when it stops being finite; training goes on if the caller does.
    """
    blocks = _Blocks(session or open_session(plan), pace or Pace())
    if blocks.session.step == 0:
        yield blocks.first()
    finite = True
    while not blocks.session.finished:
        metrics = blocks.next()
        yield metrics
        broken = _broken(metrics)
        was_finite, finite = finite, broken is None
        if was_finite and broken is not None:
            yield NonFinite(metrics.step, metrics.samples, metrics.elapsed, broken)
    yield blocks.finished()


def _broken(metrics: Metrics) -> str | None:
    """The training loss that is not finite, if there is one."""
    for name, points in metrics.series.items():
        is_loss = name.startswith("train/") and name.endswith("/loss")
        if is_loss and not np.isfinite(points.mean).all():
            return name
    return None


class _Blocks:
    """Cuts a session's steps into blocks and puts evaluations between them."""

    def __init__(self, session: AnySession, pace: Pace) -> None:
        self.session = session
        self._pace = pace
        self._size = BlockSize()
        self._times = EvaluationTimes()
        self._shown: dict[str, list[Points]] = {}

    def first(self) -> Metrics:
        """The untrained network, measured."""
        self.session.activate()
        started = time.perf_counter()
        self._evaluate()
        self.session.elapsed += time.perf_counter() - started
        return self._metrics({})

    def next(self) -> Metrics:
        """One block: to the next boundary, or to where pace or the planned epochs end it."""
        self.session.activate()
        self._times.come()
        started = time.perf_counter()
        first_step = self.session.step + 1
        evaluating = self._train(started)
        values = self.session.take_record()
        seconds = time.perf_counter() - started
        self.session.elapsed += seconds
        self._size.measure(self.session.step + 1 - first_step, seconds - evaluating)
        verdicts = self.session.verdicts.take(first_step, values.get("train/loss"))
        last = self.session.step
        series = {name: block(first_step, column, last) for name, column in values.items()}
        metrics = self._metrics(series, verdicts)
        self._times.leave()
        return metrics

    def finished(self) -> Finished:
        """The test part, measured once, on the best weights where they are kept."""
        session = self.session
        session.activate()
        ending = session.conclude()
        results = session.results()
        reached = session.step, session.samples, session.elapsed
        return Finished(*reached, results, ending.reason, ending.params)

    def _train(self, started: float) -> float:
        """Steps up to the block's end; answers the seconds that evaluations took."""
        session, pace = self.session, self._pace
        end = self._size.end(session.step) if pace.exact is None else pace.exact
        evaluating = 0.0
        pace.begin(started)
        now = started
        while session.step < end and not pace.goal(session.step, session.samples):
            over = session.advance(self._most(end), self._until(now))
            now = time.perf_counter()
            if over:
                judged = session.verdicts.end_epochs(over)
                if session.epoch_ended and (judged or self._times.due(now)):
                    evaluating += self._evaluate(judged=judged)
            if session.finished or pace.over(now):
                break
        pace.end()
        return evaluating

    def _most(self, end: int) -> int:
        """Steps to the end of the block, or to where the pace ends."""
        goal = self._pace.step
        return (end if goal is None else min(end, goal)) - self.session.step

    def _until(self, now: float) -> int:
        """Samples drawn at the next end of an epoch that something waits for."""
        horizon, goal = self.session.horizon(soon=self._times.due(now)), self._pace.samples
        return horizon if goal is None else min(horizon, goal)

    def _evaluate(self, *, judged: bool = False) -> float:
        started = time.perf_counter()
        measured: dict[str, float] = {}
        for part in ("train_eval", "validation"):
            measured |= self.session.evaluate(part)
        for name, value in measured.items():
            self._shown.setdefault(name, []).append(single(self.session.step, value))
        if judged:
            self.session.verdicts.look(measured)
        seconds = time.perf_counter() - started
        self._times.done(started, seconds)
        return seconds

    def _metrics(self, series: dict[str, Points], verdicts: tuple[Verdict, ...] = ()) -> Metrics:
        shown, self._shown = self._shown, {}
        series |= {name: join(points) for name, points in shown.items()}
        session = self.session
        return Metrics(session.step, session.samples, session.elapsed, series, verdicts)
