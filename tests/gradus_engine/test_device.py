"""The same code on a CUDA device."""

import pytest
import torch

from gradus.plan import plan
from gradus.probes import PROBE
from gradus_engine.probes import PROBES, probe
from gradus_engine.session import Session
from gradus_engine.train import Finished, train
from tests.gradus_engine.documents import digits_cnn, everything, spiral

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


@pytest.mark.parametrize("written", [spiral(epochs=40), everything()])
def test_a_run_on_the_gpu_learns_and_ends(written):
    planned = plan(written)
    session = Session(planned, device="cuda")
    *_, last = train(planned, session=session)
    assert isinstance(last, Finished)
    assert last.results["test/accuracy"] > 0.8
    assert session.identity()["device"] != "cpu"
    assert {p.device.type for p in session.network.parameters()} == {"cuda"}


def test_gpu_and_cpu_start_alike_and_agree_on_the_first_steps():
    planned = plan(spiral())
    there, here = Session(planned, device="cuda"), Session(planned)
    assert torch.equal(there.flat.values.cpu(), here.flat.values)
    for session in (there, here):
        for _ in range(10):
            session.advance()
    torch.testing.assert_close(there.flat.values.cpu(), here.flat.values, rtol=1e-3, atol=1e-4)


def test_going_on_from_a_state_on_the_gpu_stays_within_a_millionth():
    planned = plan(everything())
    stopped = Session(planned, device="cuda")
    for _ in range(10):
        stopped.advance()
    fresh = Session(planned, device="cuda", state=stopped.state())
    for session in (stopped, fresh):
        for _ in range(5):
            session.advance()
    torch.testing.assert_close(stopped.flat.values, fresh.flat.values, rtol=1e-6, atol=1e-6)


ASKED = {
    "kernels": {"layer": "conv2d_1"},
    "ablation": {"layer": "conv2d_1"},
    "sum": {"layers": ["conv2d_1"]},
    "inside": {"layers": ["batch_norm_1"]},
}
DESCENT = {"spec": "nn/1", "function": {"expression": "x**2", "start": [1.0]}}
LINE = {
    "spec": "nn/1",
    "data": {"name": "plane"},
    "network": {"layers": [{"type": "linear", "bias": False}]},
}
READ = {"field": spiral(), "unit_fields": spiral(), "descent": DESCENT, "surface": LINE}


@pytest.mark.parametrize("kind", sorted(PROBES))
def test_every_probe_answers_from_the_gpu(kind):
    session = Session(plan(READ.get(kind) or everything()), device="cuda")
    session.advance()
    picture = probe(session, PROBE.validate_python({"kind": kind} | ASKED.get(kind, {})))
    assert picture.kind == kind
    assert picture.arrays or picture.meta


def test_a_mixed_run_on_the_gpu_keeps_single_precision_weights_and_learns():
    planned = plan(digits_cnn(precision="bfloat16", epochs=4))
    session = Session(planned, device="cuda")
    *_, last = train(planned, session=session)
    assert isinstance(last, Finished)
    assert last.results["test/accuracy"] > 0.8
    assert session.flat.values.dtype == torch.float32
    assert session.identity()["dtype"] == "bfloat16"


def test_runs_by_turns_on_one_gpu_end_like_runs_alone():
    planned = plan(everything())
    turns = [Session(planned, device="cuda"), Session(planned, device="cuda")]
    alone = Session(planned, device="cuda")
    for _ in range(8):
        for session in turns:
            session.activate()
            session.advance()
    for _ in range(8):
        alone.advance()
    for session in turns:
        torch.testing.assert_close(session.flat.values, alone.flat.values, rtol=1e-6, atol=1e-6)
