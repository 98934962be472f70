"""Which job of a child is on turn next, and for how long.

Watched jobs together get four times the time of unwatched ones; inside each class teams, the
users of a team and the jobs of a user share alike. Lengths: with n watched jobs a round of
watched turns takes at most 0.7 s, and the unwatched fifth beside it 0.175 s, so every watched
net moves within a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gradus_worker.shares import Shares

WATCHED_ROUND = 0.7  # seconds for one turn of each watched job
WATCHED_TURN = 0.1  # no longer, or a second watched run would visibly wait
BESIDE_WATCHED = 0.025
ALONE = 1.0  # nobody looks: long turns keep the caches warm
WEIGHTS = {"watched": 4.0, "unwatched": 1.0}


@dataclass(frozen=True, slots=True)
class Standing:
    """One job that wants a turn."""

    job: str
    team: str
    user: str
    watched: bool

    @property
    def path(self) -> tuple[str, str, str, str]:
        return ("watched" if self.watched else "unwatched", self.team, self.user, self.job)


@dataclass(frozen=True, slots=True)
class Turn:
    """`job` may train for `seconds`; it takes at least one step however long that is."""

    job: str
    seconds: float


def turn_length(watched: bool, watched_jobs: int) -> float:
    """Seconds of one turn where `watched_jobs` of the child's jobs are watched.

    >>> turn_length(watched=True, watched_jobs=40)
    0.0175
    """
    if watched:
        return min(WATCHED_TURN, WATCHED_ROUND / max(1, watched_jobs))
    return BESIDE_WATCHED if watched_jobs else ALONE


@dataclass(slots=True)
class Turns:
    """The order of turns on one child. Knows no clock: it is told what each turn cost."""

    shares: Shares = field(default_factory=lambda: Shares(WEIGHTS))

    def next(self, standings: Sequence[Standing]) -> Turn | None:
        """The next turn, or None where nobody wants one."""
        if not standings:
            return None
        by_path = {standing.path: standing for standing in standings}
        chosen = by_path[self.shares.pick(list(by_path))]  # type: ignore[index]
        watched_jobs = sum(standing.watched for standing in standings)
        return Turn(chosen.job, turn_length(chosen.watched, watched_jobs))

    def spent(self, standing: Standing, seconds: float) -> None:
        """Count a turn that has been taken."""
        self.shares.charge(standing.path, seconds)
