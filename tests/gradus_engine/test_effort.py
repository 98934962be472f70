"""What a step costs in figures that do not depend on the machine: operations that PyTorch runs."""

from typing import Any

import pytest
from torch.utils._python_dispatch import TorchDispatchMode

from gradus.plan import plan
from gradus_engine.dense.cache import ensure
from gradus_engine.session import Session
from tests.gradus_engine.documents import digits_cnn, spiral

STEPS = 40


class Counting(TorchDispatchMode):
    """Counts the operations that are run within it."""

    def __init__(self) -> None:
        super().__init__()
        self.operations = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None):
        self.operations += 1
        return function(*args, **(kwargs or {}))


def operations_a_step(written: dict[str, Any]) -> float:
    session = Session(plan(written), threads=1)
    session.advance()
    first = session.step
    with Counting() as counted:
        while session.step < first + STEPS:
            session.advance(first + STEPS - session.step)
    return counted.operations / (session.step - first)


@pytest.mark.parametrize(
    ("written", "most"),
    [
        pytest.param(spiral(tier="eager"), 70, id="dense by plain steps"),
        pytest.param(digits_cnn(), 56, id="convolution"),
    ],
)
def test_a_plain_step_runs_no_more_operations_than_it_did(written, most):
    assert operations_a_step(written) <= most


def test_the_compiled_loop_runs_hardly_any():
    assert ensure()
    # How many steps a call has depends on the clock; a step of PyTorch runs sixty and more.
    assert operations_a_step(spiral()) < 5
