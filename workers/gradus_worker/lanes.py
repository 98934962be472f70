"""The held runs of one job, trained in lockstep: side by side, step by step.

They stand at one step whenever anybody else is heard, and their blocks end at the same steps.
One that is behind, after a loss or a pause of its own, trains alone until it has caught up.
"""

from collections.abc import Callable, Sequence

from gradus.events import Status
from gradus_engine.train import Finished, NonFinite
from gradus_runs.jobs import Job
from gradus_worker.held import Held
from gradus_worker.turns import Standing

# Trains one block of a run, at most so many seconds or exactly to a step, and sees to its end.
Train = Callable[[Held, float, int | None, bool], Finished | NonFinite | None]


class Lanes:
    """`members` are the runs of one job that are held, in the order of their lanes."""

    def __init__(self, members: Sequence[Held]) -> None:
        self.members = tuple(members)

    @property
    def job(self) -> Job:
        return self.members[0].job

    @property
    def standing(self) -> Standing:
        watched = any(held.pictures.wanted for held in self.members)
        return Standing(self.job.id, self.job.team_id, self.job.owner_id, watched)

    @property
    def training(self) -> list[Held]:
        return [held for held in self.members if held.able]

    @property
    def wants_a_turn(self) -> bool:
        training = self.training
        return bool(training) and all(held.wait == 0 for held in training)

    @property
    def resting(self) -> bool:
        """Whether nothing of the job has to be done."""
        return all(held.status is Status.PAUSED for held in self.members)

    @property
    def level(self) -> list[Held]:
        """Those that train and stand where the last of them stands."""
        training = self.training
        lowest = min((held.session.step for held in training), default=0)
        return [held for held in training if held.session.step == lowest]

    def agree(self) -> None:
        """Tell each where the first of them stands: whatever is asked of all counts from there."""
        first = max(self.training or self.members, key=lambda held: held.session.step)
        for held in self.members:
            held.front = first.session.step, first.session.samples

    def round(self, seconds: float, train: Train) -> None:
        """One block of all that are level: the first leads, the others follow to its very step."""
        level = self.level
        if not level:
            return
        leader, *followers = level
        start = leader.session.step
        said = train(leader, seconds / len(level), self._next_mark(level), False)
        moved = leader.session.step > start or start == 0
        if moved or isinstance(said, Finished):
            for held in followers:
                train(held, seconds, leader.session.step, True)

    def _next_mark(self, level: Sequence[Held]) -> int | None:
        """Where a block has to end: where one is ahead, or has something to do."""
        start = level[0].session.step
        ahead = [held.session.step for held in self.training if held.session.step > start]
        marks = [held.mark for held in level if held.mark is not None]
        return min([*ahead, *marks], default=None)
