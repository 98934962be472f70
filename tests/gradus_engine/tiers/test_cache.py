"""What lies in the cache of compiled steps, and what is as good as nothing."""

import hashlib
import json
import os

import pytest

from gradus.plan import plan
from gradus_engine.session import Session
from gradus_engine.tiers import cache
from gradus_engine.tiers.cache import Told
from gradus_engine.tiers.gradient import StaticGradient
from tests.gradus_engine.documents import document

KEY = "a" * 32


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """One entry, whole."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache.code(KEY).parent.mkdir(parents=True)
    cache.code(KEY).write_bytes(b"code")
    cache.keep(Told(KEY, digest=hashlib.sha256(b"code").hexdigest(), ratio=2.0))
    return cache.code(KEY)


def test_code_that_is_whole_is_found(kept):
    assert cache.told(KEY).ratio == 2.0
    assert cache.ready(KEY) == kept


def test_code_that_is_damaged_is_as_good_as_none(kept):
    kept.write_bytes(b"coda")
    assert cache.ready(KEY) is None
    assert cache.told(KEY) is None, "it may be compiled again"


def test_code_that_somebody_else_could_have_written_is_as_good_as_none(kept):
    kept.chmod(0o666)
    assert cache.ready(KEY) is None


def test_a_report_that_somebody_else_could_have_written_is_as_good_as_none(kept):
    kept.with_name("told.json").chmod(0o660)
    assert cache.told(KEY) is None
    assert cache.ready(KEY) is None


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_code_of_another_user_is_as_good_as_none(kept):
    os.chown(kept, 65534, 65534)
    assert cache.ready(KEY) is None


@pytest.mark.parametrize("written", ["", "{", "[]", '{"key": 1}', '{"colour": "red"}'])
def test_a_report_that_says_nothing_is_as_good_as_none(kept, written):
    kept.with_name("told.json").write_text(written)
    assert cache.told(KEY) is None
    assert cache.ready(KEY) is None


def test_an_entry_under_anothers_name_is_as_good_as_none(kept):
    kept.parent.rename(kept.parent.with_name("b" * 32))
    assert cache.told("b" * 32) is None


def test_a_step_that_could_not_be_compiled_has_no_code(kept):
    cache.keep(Told(KEY, error="no C++ compiler is installed"))
    assert cache.told(KEY).error
    assert cache.ready(KEY) is None
    assert json.loads(kept.with_name("told.json").read_text())["ratio"] == 0


def key(layers, **train):
    session = Session(plan(document(layers, "digits", **{"batch_size": 16, **train})), tier="eager")
    return cache.key_of(session, StaticGradient(session))


def test_the_oldest_of_too_many_are_forgotten(kept, monkeypatch):
    monkeypatch.setattr(cache, "MOST", 2)
    os.utime(kept.with_name("told.json"), (0, 0))
    for key in ("b", "c"):
        cache.keep(Told(key, error="it cannot be traced"))
    assert cache.told(KEY) is None
    assert cache.told("b")
    assert cache.told("c")


def test_what_a_killed_compiler_left_is_cleared_away(kept):
    old, new = cache.folder() / f"{cache.WORK}old", cache.folder() / f"{cache.WORK}new"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    cache.keep(Told("b", error="it cannot be traced"))
    assert not old.exists()
    assert new.exists()


LAYERS = ["flatten", {"type": "linear", "units": 8, "activation": "tanh"}, "linear"]


@pytest.mark.parametrize(
    "train",
    [
        {"seed": 9},
        {"epochs": 3},
        {"optimizer": {"type": "adam", "learning_rate": 0.5}},
        {"l2": 0.1},
        {"schedule": {"type": "cosine"}},
    ],
)
def test_what_the_gradient_does_not_hang_on_leaves_the_key(train):
    assert key(LAYERS, **train) == key(LAYERS)


@pytest.mark.parametrize(
    ("layers", "train"),
    [
        (["flatten", {"type": "linear", "units": 9, "activation": "tanh"}, "linear"], {}),
        (["flatten", {"type": "linear", "units": 8, "activation": "relu"}, "linear"], {}),
        (["flatten", {**LAYERS[1], "trainable": False}, "linear"], {}),
        (LAYERS, {"batch_size": 17}),
        (LAYERS, {"precision": "float64"}),
        (LAYERS, {"losses": [{"type": "mse"}]}),
    ],
)
def test_what_the_gradient_hangs_on_changes_the_key(layers, train):
    assert key(layers, **train) != key(LAYERS)


def test_the_number_of_threads_changes_the_key():
    made = plan(document(LAYERS, "digits"))
    one, two = Session(made, threads=1, tier="eager"), Session(made, threads=2, tier="eager")
    assert cache.key_of(one, StaticGradient(one)) != cache.key_of(two, StaticGradient(two))
