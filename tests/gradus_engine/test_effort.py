"""What a step costs in figures that do not depend on the machine: operations that PyTorch runs, and
tensors that it allocates.
"""

from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from benchmarks.families import plain, planned, samples
from benchmarks.family_nets import NETS, Net
from gradus.plan import plan
from gradus_engine.dense.cache import ensure
from gradus_engine.session import Session
from tests.gradus_engine.documents import digits_cnn, spiral

STEPS = 40


class Counting(TorchDispatchMode):
    """Counts the operations that are run within it, and the tensors whose memory is new."""

    def __init__(self) -> None:
        super().__init__()
        self.operations = 0
        self.allocations = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None):
        self.operations += 1
        given = {_storage(each) for each in tree_leaves((args, kwargs)) if _is_tensor(each)}
        answer = function(*args, **(kwargs or {}))
        made = {_storage(each) for each in tree_leaves(answer) if _is_tensor(each)}
        self.allocations += len(made - given)
        return answer


def _is_tensor(each: Any) -> bool:
    return isinstance(each, torch.Tensor)


def _storage(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def operations_a_step(written: dict[str, Any]) -> float:
    return counted(Session(plan(written), threads=1))[0]


def counted(session: Session) -> tuple[float, float]:
    """Operations and allocations of a step."""
    session.advance()
    first = session.step
    with Counting() as count:
        while session.step < first + STEPS:
            session.advance(first + STEPS - session.step)
    steps = session.step - first
    return count.operations / steps, count.allocations / steps


def counted_plain(net: Net) -> tuple[float, float]:
    """The same of the loop that a good engineer would write."""
    loop = plain(net)
    first = next(loop)
    with Counting() as count:
        last = next(loop)
    return count.operations / (last - first), count.allocations / (last - first)


@pytest.mark.parametrize(
    ("written", "most"),
    [
        pytest.param(spiral(tier="eager"), 64, id="dense by plain steps"),
        pytest.param(digits_cnn(), 50, id="convolution"),
    ],
)
def test_a_plain_step_runs_no_more_operations_than_it_did(written, most):
    assert operations_a_step(written) <= most


@pytest.mark.parametrize("net", NETS, ids=lambda net: net.family)
def test_a_step_of_any_family_runs_no_more_operations_than_a_plain_loop_s(net):
    operations, allocations = counted(Session(planned(net), threads=1, dataset=samples(net)))
    plainly, allocated = counted_plain(net)
    assert operations <= plainly
    assert allocations <= allocated


def test_the_compiled_loop_runs_hardly_any():
    assert ensure()
    # How many steps a call has depends on the clock; a step of PyTorch runs sixty and more.
    assert operations_a_step(spiral()) < 5
