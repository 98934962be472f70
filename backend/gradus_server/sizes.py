"""How many parameters the networks of a list have."""

from gradus.plan import plan_resolved
from gradus.problems import SpecError
from gradus_runs.runs import Run

MOST_KNOWN = 4_096


class Sizes:
    """Counts by hash of the spec, since planning a deep net again for each list takes 10 ms."""

    def __init__(self) -> None:
        self._known: dict[str, int | None] = {}

    def of(self, run: Run) -> int | None:
        """None for a form that this release cannot plan."""
        if run.spec_hash not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[run.spec_hash] = _count(run)
        return self._known[run.spec_hash]


def _count(run: Run) -> int | None:
    try:
        return plan_resolved(run.resolved).totals.parameters
    except SpecError:
        return None
