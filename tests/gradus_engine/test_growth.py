"""Many runs, one after another in one process: what one leaves behind must be nothing."""

import gc
from collections.abc import Iterator
from itertools import islice

import psutil
import torch

from gradus.plan import plan
from gradus.probes import NormsProbe, UnitsProbe
from gradus_engine.opening import open_session
from gradus_engine.probes import probe
from gradus_engine.train import train
from tests.gradus_engine.documents import digits_cnn, everything, spiral, toy

RUNS, WARM = 100, 20
DOCUMENTS = (toy(), spiral(tier="eager"), digits_cnn(), everything())


def one(number: int) -> None:
    """A run of somebody's: opened, trained, looked at, kept, taken up again, closed."""
    written = dict(DOCUMENTS[number % len(DOCUMENTS)])
    written["train"] = {**written["train"], "seed": number}
    made = plan(written)
    session = open_session(made, threads=1)
    for _ in islice(train(made, session=session), 3):
        probe(session, UnitsProbe())
        probe(session, NormsProbe())
    open_session(made, threads=1, state=session.state()).advance()


def sizes() -> Iterator[tuple[int, int]]:
    """Tensors alive and bytes resident after each run."""
    for number in range(RUNS):
        one(number)
        if number % len(DOCUMENTS) == len(DOCUMENTS) - 1:
            gc.collect()
            alive = sum(issubclass(type(each), torch.Tensor) for each in gc.get_objects())
            yield alive, psutil.Process().memory_info().rss


def test_the_nets_of_a_hundred_runs_leave_no_tensor_and_no_memory_behind():
    seen = list(sizes())
    warm = seen[WARM // len(DOCUMENTS)]
    assert seen[-1][0] <= warm[0]
    assert seen[-1][1] - warm[1] < 8 * 2**20
