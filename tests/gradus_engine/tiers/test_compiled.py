"""A step that torch's compiler has made into native code: really compiled, once for this file."""

import copy

import pytest
import torch

from gradus.controls import Changes
from gradus.plan import plan
from gradus_engine.session import Session
from gradus_engine.tiers import cache
from gradus_engine.tiers.compiling import compiled, compiler
from gradus_engine.tiers.switching import switch
from tests.gradus_engine.documents import document

# Batch norm writes running statistics, dropout reads what is drawn outside.
LAYERS = [
    {"type": "batch_norm", "activation": "gelu"},
    "flatten",
    {"type": "dropout", "rate": 0.2},
    "linear",
]
PLANNED = plan(document(LAYERS, "digits", batch_size=48, epochs=50))
NEEDS = pytest.mark.skipif(compiler() is None, reason="needs a C++ compiler")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield compiled(session())


def session(state=None, planned=PLANNED):
    return Session(planned, threads=1, state=state)


def switched(told, state=None):
    made = session(state)
    assert switch(made, "compiled", told.key)
    return made


def advance(session, steps):
    session.activate()
    for _ in range(steps):
        session.advance()
    return session


def assert_same(one, other):
    tensors, same = one.state()[0], other.state()[0]
    assert all(torch.equal(tensors[name], same[name]) for name in tensors)


@NEEDS
def test_compiled_steps_are_plain_ones_within_rounding_and_are_measured(told):
    assert not told.error
    assert told.ratio > 0
    plain, quick = advance(session(), 100), advance(switched(told), 100)
    torch.testing.assert_close(plain.flat.values, quick.flat.values, rtol=1e-4, atol=1e-5)
    assert not torch.equal(plain.flat.values, quick.flat.values)
    name = "batch_norm_1.running_mean"
    plain, quick = plain.network.layers.own_state(), quick.network.layers.own_state()
    torch.testing.assert_close(plain[name], quick[name], rtol=1e-4, atol=1e-5)
    assert plain["batch_norm_1.num_batches_tracked"] == 100


@NEEDS
def test_they_equal_themselves_and_go_on_from_a_state_by_the_same_code(told):
    straight, stopped = advance(switched(told), 60), advance(switched(told), 35)
    resumed = session(copy.deepcopy(stopped.state()))
    assert resumed.quick is not None
    assert_same(advance(resumed, 25), straight)


@NEEDS
def test_a_state_whose_code_is_gone_goes_on_by_plain_steps(told):
    state = advance(switched(told), 5).state()
    path, hidden = cache.code(told.key), cache.code(told.key).with_name("hidden")
    path.rename(hidden)
    try:
        resumed = session(state)
    finally:
        hidden.rename(path)
    assert resumed.quick is None
    assert advance(resumed, 5).step == 10


@NEEDS
def test_code_of_another_structure_is_not_taken(told):
    other = plan(document([*LAYERS[:2], "linear"], "digits", batch_size=48))
    assert not switch(session(planned=other), "compiled", told.key)
    resized = session()
    resized.apply(Changes(batch_size=32))
    assert not switch(resized, "compiled", told.key)


@NEEDS
def test_a_document_that_asks_for_plain_steps_keeps_them(told):
    eager = plan(document(LAYERS, "digits", batch_size=48, epochs=50, tier="eager"))
    assert not switch(session(planned=eager), "compiled", told.key)


def test_without_a_compiler_a_step_is_told_to_be_uncompiled(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("CXX", "no-such-compiler")
    found = compiled(session())
    assert "no C++ compiler" in found.error
    assert cache.told(found.key) == found
    assert not switch(session(), "compiled", found.key)
