"""Steps that are recorded as a CUDA graph."""

import copy

import pytest
import torch

from gradus.plan import plan
from gradus_engine.session import Session
from gradus_engine.tiers import cache, graph
from gradus_engine.tiers.gradient import StaticGradient
from gradus_engine.tiers.switching import switch
from tests.gradus_engine.documents import everything, spiral

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


def switched(written, state=None):
    session = Session(plan(written), device="cuda", state=state)
    key = cache.key_of(session, StaticGradient(session))
    assert switch(session, "graph", key)
    return session


@pytest.mark.parametrize("written", [spiral(), everything()], ids=["toy", "everything"])
def test_a_graph_computes_what_plain_steps_do(written):
    plain, quick = Session(plan(written), device="cuda"), switched(written)
    for _ in range(40):
        plain.advance()
        quick.advance()
    wanted, found = plain.state()[0], quick.state()[0]
    for name in wanted:
        torch.testing.assert_close(found[name], wanted[name], rtol=1e-3, atol=1e-4)


def test_recording_leaves_the_session_where_it_stands():
    session = Session(plan(everything()), device="cuda")
    before = copy.deepcopy(session.state()[0])
    gradient = StaticGradient(session)
    graph.gain(session, gradient, cache.key_of(session, gradient))
    after = session.state()[0]
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_going_on_from_a_state_goes_on_by_the_graph():
    stopped = switched(everything())
    for _ in range(10):
        stopped.advance()
    fresh = Session(plan(everything()), device="cuda", state=stopped.state())
    assert fresh.quick is not None
    for session in (stopped, fresh):
        for _ in range(5):
            session.advance()
    torch.testing.assert_close(stopped.flat.values, fresh.flat.values, rtol=1e-6, atol=1e-6)
