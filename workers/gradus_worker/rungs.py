"""Where a member of a sweep is held against the others: at ends of epochs, by steps alone.

What is measured there is not what is shown: curves are thinned by time, and who is pruned must not
hang on how fast it was.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from gradus_engine.opening import AnySession
from gradus_runs.log import LogEvent
from gradus_runs.reports import Judged, Rule, report
from gradus_worker.journal import Journal


class Rungs:
    """The next end of an epoch at which one run is judged, and what is known of the last."""

    def __init__(self, rule: Rule, session: AnySession) -> None:
        self._rule = rule
        self._session = session
        self._size = len(session.dataset.train)
        # One that stands just there is judged again: the child may have died before it knew.
        self._next = rule.after((session.samples - 1) / self._size)
        self._judged: Judged | None = None
        self._waiting = False

    @property
    def samples(self) -> int | None:
        """Where to stop to be judged; None where training is over before."""
        last = self._next >= self._session.plan.train.epochs
        return None if last else self._next * self._size

    @property
    def due(self) -> bool:
        samples = self.samples
        return samples is not None and not self._waiting and self._session.samples >= samples

    @property
    def waiting(self) -> bool:
        """Whether a report is on its way to the database."""
        return self._waiting

    def report(self, journal: Journal) -> None:
        """Have the measure of now judged; nothing is trained until `verdict` says what came of it."""
        self._session.activate()
        part = self._rule.goal.series.partition("/")[0]
        value = self._session.evaluate(part).get(self._rule.goal.series, float("nan"))
        epochs, step = self._next, self._session.step

        def write(conn: Connection) -> Sequence[LogEvent]:
            self._judged, said = report(
                conn, journal.claim, journal.run, self._rule, epochs, value, step
            )
            return said

        self._waiting = True
        journal.urge(write)

    def verdict(self, journal: Journal) -> Judged | None:
        """What became of the report, once it is committed; then training may go on to the next."""
        if not (self._waiting and journal.settled and self._judged):
            return None
        judged, self._judged, self._waiting = self._judged, None, False
        self._next = self._rule.after(self._next)
        return judged
