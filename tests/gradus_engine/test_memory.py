"""The estimate of a step's memory against the peak that PyTorch's allocator tells."""

from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from torch.profiler import ProfilerActivity, profile

from gradus.plan import plan
from gradus.planned import Plan
from gradus.presets import PRESETS
from gradus_engine.opening import open_session
from gradus_engine.session import Session
from tests.gradus.alternations import digits_asked_for
from tests.gradus.vocabulary import documents_of_all_words
from tests.gradus_engine.documents import document

# The estimate is for whoever has to choose a batch: a run may need a tenth more, and where
# PyTorch frees early (chains of convolutions, normalization) as little as a third.
LEAST, MOST = 0.9, 3.0
TINY = 2**16  # bytes about which nobody has to choose
COPIES = 4 * 8  # bytes of a sample's number: the plan leaves room for transforms that make copies


def peak(session: Any) -> int:
    """Bytes of a step at most, with what is held between steps."""
    session.advance()  # what is made at the first step alone
    state, _ = session.state()
    trained = sum(each.values.nbytes for each in _flats(session))
    held = sum(each.nbytes for each in state.values()) + trained  # gradients are no state
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as watched:
        session.advance()
    assert watched.profiler is not None
    results = watched.profiler.kineto_results
    assert results is not None
    events = [each for each in results.events() if each.name() == "[memory]"]
    now = most = 0
    for each in sorted(events, key=lambda each: each.start_ns()):
        now += each.nbytes()
        most = max(most, now)
    return held + most


def _flats(session: Any) -> list[Any]:
    return [session.flat] if isinstance(session, Session) else list(session.flats.values())


def taught(layers: list[Any], **train: Any) -> dict[str, Any]:
    return document(layers, "digits", **{"batch_size": 256, "tier": "eager", **train})


ROWS = {"type": "reshape", "shape": [8, 8]}
WIDE = {"type": "linear", "units": 512, "activation": "relu"}
NETS: dict[str, dict[str, Any]] = {
    "dense": taught(["flatten", WIDE, WIDE, "linear"], batch_size=64),
    "optimizer": taught(["flatten", WIDE, WIDE, "linear"], optimizer="adadelta", batch_size=8),
    "doubles": taught(["flatten", WIDE, WIDE, "linear"], precision="float64"),
    "members": taught(["flatten", WIDE, "linear"], ensemble={"members": 3}),
    "convolutions": taught(PRESETS["digits_cnn"].document["network"]["layers"]),
    "a residual network": taught(
        [
            {"type": "conv2d", "filters": 16},
            *[{"type": "residual", "body": [{"type": "conv2d", "filters": 16}, "batch_norm", "relu"]}]
            * 4,
            "global_avg_pool",
            "linear",
        ]
    ),
    "rnn": taught([ROWS, {"type": "rnn", "units": 64}, "flatten", "linear"]),
    "lstm": taught([ROWS, {"type": "lstm", "units": 64, "layers": 2}, "flatten", "linear"]),
    "gru": taught([ROWS, {"type": "gru", "units": 64, "bidirectional": True}, "flatten", "linear"]),
    "attention": taught(
        [{"type": "reshape", "shape": [64, 1]}, {"type": "linear", "units": 16}, {"type": "attention", "heads": 4}, "flatten", "linear"]
    ),
    "a transformer": taught(
        [{"type": "reshape", "shape": [16, 4]}, {"type": "linear", "units": 32}, {"type": "transformer_encoder", "heads": 4, "hidden": 64, "layers": 2}, "flatten", "linear"]
    ),
    "several networks": digits_asked_for(),
}  # fmt: skip


def judge(written: dict[str, Any]) -> None:
    """Holds what the plan says to what a step takes."""
    planned = plan(written)
    session = open_session(planned, threads=1)
    session.activate()
    taken = peak(session)
    # Of processes that share each batch, it is the first one's peak; the plan tells the whole batch.
    members = (planned.train.ensemble or {"members": 1})["members"]
    most = MOST * planned.train.devices * taken + members * TINY + COPIES * _drawn(planned)
    assert LEAST * taken < planned.totals.training_bytes < most


def _drawn(planned: Plan) -> int:
    """Numbers of the samples of a batch."""
    shapes = [shape for each in planned.networks.values() for shape in each.inputs.values()]
    return planned.train.batch_size * sum(map(prod, shapes))


def trains(document: dict[str, Any]) -> bool:
    return plan(document).dataset is not None


@pytest.mark.parametrize("name", NETS)
def test_a_step_needs_about_what_the_plan_says(name: str) -> None:
    judge(NETS[name])


@pytest.mark.timeout(900)  # Hypothesis may shrink a failure for five minutes
@given(documents_of_all_words().filter(trains))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_any_step_needs_about_what_the_plan_says(document: dict[str, Any]) -> None:
    judge(document)


@pytest.mark.soak
@given(documents_of_all_words().filter(trains))
@settings(max_examples=500, deadline=None)
def test_five_hundred_steps_need_about_what_their_plans_say(document: dict[str, Any]) -> None:
    judge(document)


@pytest.mark.parametrize(
    ("sequence", "code"), [(30_000, None), (65_000, None), (200_000, "limit.elements")]
)
def test_the_matrix_of_an_attention_counts(sequence: int, code: str | None) -> None:
    written = {"spec": "nn/1", "network": {"input": [sequence, 8], "layers": ["attention"]}}
    if code is None:
        assert plan(written).totals.training_bytes > 8 * sequence**2
        return
    with pytest.raises(ValueError, match=f"{sequence**2}"):
        plan(written)
