"""Members of a sweep in one job: each trains by itself, in the order of their numbers.

One after another, so that the first are there to be compared with the later ones. Those that are
looked at come first, and by turns, so that every picture moves. Who has had no turn says `queued`.
"""

from collections.abc import Sequence

from gradus_worker.held import Held
from gradus_worker.lanes import Lanes, Train


class Group(Lanes):
    """Lanes that are in no lockstep: each has controls, blocks and checkpoints of its own."""

    @property
    def wants_a_turn(self) -> bool:
        return any(held.able and held.wait == 0 for held in self.members)

    @property
    def level(self) -> list[Held]:
        """Whose checkpoints are written together: nobody waits for anybody, so the one on turn."""
        return _ordered(self._free)[:1]

    def agree(self) -> None:
        """What is asked of one counts from where it stands itself."""

    def round(self, seconds: float, train: Train) -> None:
        """One block of the one whose turn it is; the others say so where they wait for long."""
        free = self._free
        for held in _ordered(free)[:1]:
            held.take_turn()
            train(held, seconds, None, False)
        for held in free:
            held.leave_turn()

    @property
    def _free(self) -> list[Held]:
        return [held for held in self.training if held.wait == 0]


def _ordered(free: list[Held]) -> list[Held]:
    """Those that may train now, in the order of their turns."""
    watched = [held for held in free if held.pictures.wanted]
    return sorted(watched, key=lambda held: held.session.elapsed) or free


def lanes_of(members: Sequence[Held]) -> Lanes:
    """The held runs of one job as it is to be trained."""
    return Lanes(members) if not members or members[0].job.lockstep else Group(members)
