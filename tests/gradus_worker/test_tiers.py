"""A run whose step is compiled beside it, and which changes over while it trains.

Shown able to fail: leave the key out of `switched` in a checkpoint's state, or let `remake` pass over
switches, and the weights at the end are others than those that a replay comes to.
"""

import json
import os
import secrets
import shutil
import signal
from functools import partial

import pytest
from safetensors.torch import save

from gradus.controls import Changes, Set, Stop
from gradus_engine.tiers import cache
from gradus_engine.tiers.cache import Told
from gradus_engine.tiers.compiling import compiler
from gradus_runs.controls import since
from gradus_runs.database import reading
from gradus_runs.store import Store, digest_of
from gradus_worker.compilers import Compilers
from gradus_worker.recovery import begun
from gradus_worker.verification import retrain, verify
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def small(name: str) -> dict:
    """A recurrent layer whose steps are small operations; named apart, so that nobody has its code."""
    gates = {"type": "lstm", "units": 4, "returns": "last", "name": name}
    return {
        "spec": "nn/1",
        "data": {"name": "digits"},
        "network": {"layers": [{"type": "reshape", "shape": [8, 8]}, gates, "linear"]},
        "train": {"epochs": 1_000_000, "batch_size": 16, "optimizer": {"type": "adam"}},
    }


def switches(shop: Workshop, run: str) -> list[dict]:
    """The changes of tier in a run's log."""
    events = [event.body for event in shop.log(run, "control")]
    return [body for body in events if body["body"]["action"] == "switch"]


def kill(shop: Workshop, run: str) -> None:
    """Kill the child that holds a run, and wait until another trains it."""
    epoch = shop.job(run).epoch
    os.kill(shop.holder_pid(run), signal.SIGKILL)
    until(partial(shop.moved_since, run, epoch), 60, "life after the kill")


@pytest.mark.skipif(compiler() is None, reason="needs a C++ compiler")
@pytest.mark.timeout(600)
def test_a_run_changes_over_to_compiled_steps_and_keeps_to_them(bare: Workshop) -> None:
    bare.start(GRADUS_CHILDREN="1", GRADUS_COMPILE_SECONDS="1", GRADUS_CHECKPOINT_SECONDS="1")
    run = bare.create(small(f"lstm_{secrets.token_hex(4)}"))
    until(lambda: (bare.folder / "compile").exists(), 60, "the step to be asked for")
    bare.control(run, Set(changes=Changes(speed=50)))  # few plain steps meanwhile
    (switched,) = until(lambda: switches(bare, run), 500, "the change of tier")
    key, entry = switched["body"]["key"], cache.code(switched["body"]["key"]).parent
    try:
        assert cache.told(key).ratio >= 1.1
        assert switched["body"]["tier"] == "compiled"
        until(lambda: bare.newest_checkpoint(run) > switched["step"], 60, "a checkpoint")
        kill(bare, run)
        assert not bare.run(run).inexact
        assert len(switches(bare, run)) == 1
        bare.control(run, Stop())
        bare.until_status(run, "stopped")
        same = verify(
            bare.engine, Store(bare.folder / "artifacts"), bare.run(run), device="cpu", threads=1
        )
        assert same.same
        assert not same.inexact
        assert weights_without(bare, run, same.step) != same.kept
    finally:
        shutil.rmtree(entry)


def weights_without(shop: Workshop, run: str, step: int) -> str:
    """What the run would have come to by plain steps alone."""
    with reading(shop.engine) as conn:
        rows = [row for row in since(conn, run, 0) if row.body["action"] != "switch"]
    session = begun(shop.run(run), None, {}, device="cpu", threads=1)
    retrain(session, rows, step)
    return digest_of(save(session.state()[0]))


def test_one_step_is_compiled_at_a_time(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "compile"
    folder.mkdir()
    for key in ("a", "b"):
        (folder / f"{key}.wanted").write_text(json.dumps({"resolved": {}}))
    compilers = Compilers(folder, every=0)
    try:
        compilers.look()
        compilers.look()
        assert [path.name for path in folder.glob("*.wanted")] == ["b.wanted"]
    finally:
        compilers.end()


def test_what_somebody_has_tried_to_compile_is_not_tried_again(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "compile"
    folder.mkdir()
    (folder / "a.wanted").write_text("{}")
    cache.keep(Told("a", error="it cannot be traced"))
    compilers = Compilers(folder, every=0)
    compilers.look()
    compilers.end()
    assert list(folder.iterdir()) == []
