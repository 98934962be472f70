"""Data that are planned alike are in memory once."""

import gc
import weakref

from gradus.plan import plan
from gradus_engine.datasets import load
from gradus_engine.opening import open_session


def spiral(noise: float = 0.1, seed: int = 0) -> dict[str, object]:
    return {
        "spec": "nn/1",
        "data": {"name": "spiral", "options": {"points": 60, "noise": noise}},
        "network": {"layers": [{"type": "linear", "units": 2}, "linear"]},
        "train": {"epochs": 2, "seed": seed, "optimizer": {"type": "sgd", "learning_rate": 0.1}},
    }


def test_sessions_of_the_same_data_share_them() -> None:
    first, second = (open_session(plan(spiral(seed=seed))) for seed in (1, 2))
    assert first.dataset is second.dataset
    before = first.dataset.train.inputs.clone()
    for _ in range(5):
        first.advance()
    assert (second.dataset.train.inputs == before).all(), "training writes to no data"
    other = open_session(plan(spiral(noise=0.2)))
    assert other.dataset is not first.dataset


def test_data_go_with_the_last_who_has_them() -> None:
    planned = plan(spiral(noise=0.3)).dataset
    assert planned is not None
    held = load(planned)
    assert load(planned) is held
    gone = weakref.ref(held)
    del held
    gc.collect()
    assert gone() is None
