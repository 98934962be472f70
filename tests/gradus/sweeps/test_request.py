"""What is wrong with a sweep is told at its place in the request."""

from typing import Any

import pytest

from gradus.problems import SpecError
from gradus.sweeps import members
from gradus.sweeps.members import plan_sweep
from gradus.sweeps.request import MEMBERS, SweepRequest

RATE = "/train/optimizer/learning_rate"
DOCUMENT = {
    "spec": "nn/1",
    "data": "circle",
    "network": {"layers": [{"type": "linear", "units": 4, "activation": "tanh"}, "linear"]},
    "train": {"epochs": 20, "optimizer": "adam", "seed": 5},
}


def request(*vary: dict[str, Any], **fields: Any) -> SweepRequest:
    return SweepRequest.model_validate({"document": DOCUMENT, "vary": list(vary), **fields})


def values(path: str, *taken: Any) -> dict[str, Any]:
    return {"path": path, "values": list(taken)}


def between(path: str, low: float, high: float, **fields: Any) -> dict[str, Any]:
    return {"path": path, "low": low, "high": high, **fields}


def told(asked: SweepRequest) -> list[tuple[str, str]]:
    with pytest.raises(SpecError) as refused:
        plan_sweep(asked)
    return [(each.code, each.path) for each in refused.value.problems]


@pytest.mark.parametrize(
    ("asked", "code", "path"),
    [
        (request(values("/train/optimizer/rate", 0.1)), "field.unknown", "/vary/0/path"),
        (request(values(RATE, 0.1, -1)), "field.range", "/vary/0/values/1"),
        (request(between("/train/batch_size", 0, 8), method="tpe"), "field.range", "/vary/0/low"),
        (request(values("/network/layers/7/units", 3)), "sweep.path", "/vary/0/path"),
        (request(values("/train/epochs/many", 3)), "sweep.path", "/vary/0/path"),
        (request(values(RATE, 1), values(RATE, 2)), "sweep.twice", "/vary/1/path"),
        (request(values(RATE, 1), values("/train", {})), "sweep.twice", "/vary/1/path"),
        (request(between(RATE, 0.1, 1)), "sweep.grid_range", "/vary/0"),
        (request(between(RATE, 1, 1), method="random"), "sweep.bounds", "/vary/0/high"),
        (request(between(RATE, 0, 1, log=True), method="random"), "sweep.log", "/vary/0/low"),
        (request(between(RATE, 0.1, 1, step=2), method="qmc"), "sweep.step", "/vary/0/step"),
        (
            request(between(RATE, 0.1, 1, log=True, step=0.1), method="qmc"),
            "sweep.log_step",
            "/vary/0/step",
        ),
        (request(values("/train/seed", 1), seeds=2), "sweep.seeds", "/vary/0/path"),
        (request(values(RATE, 1), members=3), "sweep.grid_members", "/members"),
        (request(values("/nothing/at/all", 1)), "field.unknown", "/vary/0/path"),
        (
            request(between(RATE, 1e-300, 1e300, step=1e-300), method="random"),
            "sweep.step",
            "/vary/0/step",
        ),
        (request(values(RATE, 1), goal={"series": "loss"}), "sweep.series", "/goal/series"),
        (
            request(values(RATE, 1), goal={"series": "validation/top5"}),
            "sweep.series_unknown",
            "/goal/series",
        ),
        (
            request(values("/data/split/validation", 0.0), goal={"series": "validation/loss"}),
            "sweep.no_validation",
            "/goal/series",
        ),
        (
            request(values(RATE, 1), goal={"series": "train/loss"}, prune={}),
            "sweep.prune_series",
            "/goal/series",
        ),
        (request(values(RATE, 1), prune={"after": 20}), "sweep.prune_after", "/prune/after"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_fault_is_told_where_it_was_written(asked: SweepRequest, code: str, path: str) -> None:
    assert told(asked) == [(code, path)]


def test_a_fault_says_in_which_member_and_where_in_its_document() -> None:
    with pytest.raises(SpecError) as refused:
        plan_sweep(request(values("/train/epochs", 1), values(RATE, 0.1, 0.2, -1)))
    (problem,) = refused.value.problems
    assert (problem.params["member"], problem.params["at"]) == (2, RATE)


def test_a_fault_of_the_document_itself_is_told_once() -> None:
    broken = {**DOCUMENT, "network": {"layers": ["linaer"]}}
    asked = SweepRequest.model_validate({"document": broken, "vary": [values(RATE, 1, 2, 3)]})
    assert told(asked) == [("layer.unknown", "/document/network/layers/0")]


def test_a_document_without_data_is_refused() -> None:
    bare = {name: part for name, part in DOCUMENT.items() if name != "data"}
    bare["network"] = {"input": [2], "layers": [{"type": "linear", "units": 2}]}
    asked = SweepRequest.model_validate({"document": bare, "vary": [values(RATE, 1)]})
    assert ("sweep.data", "/document") in told(asked)


def test_members_and_seeds_together_have_a_limit() -> None:
    many = request(between(RATE, 0.1, 1), method="random", members=MEMBERS, seeds=2)
    assert told(many) == [("sweep.members", "/seeds")]
    halves = [values(f"/train/{name}", *range(1, 65)) for name in ("epochs", "batch_size")]
    assert told(request(*halves)) == [("sweep.members", "/vary")]


def test_the_layers_of_all_members_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "LAYERS", 5)
    assert told(request(values(RATE, 0.1, 0.2, 0.3))) == [("sweep.layers", "/vary")]
    monkeypatch.setattr(members, "LAYERS", 6)
    assert len(plan_sweep(request(values(RATE, 0.1, 0.2, 0.3))).members) == 3


def test_each_setting_is_trained_with_as_many_seeds() -> None:
    planned = plan_sweep(request(values(RATE, 0.1, 0.2), seeds=3))
    assert [each.seed for each in planned.members] == [5, 6, 7, 5, 6, 7]
    assert [each.plan.train.seed for each in planned.members] == [5, 6, 7, 5, 6, 7]
    assert [each.setting for each in planned.members] == [0, 0, 0, 1, 1, 1]


def test_a_sweep_is_judged_by_validation_where_there_is_any() -> None:
    assert plan_sweep(request(values(RATE, 1))).goal.series == "validation/loss"
    none = plan_sweep(request(values("/data/split/validation", 0.0)))
    assert none.goal.series == "train_eval/loss"


def test_what_an_algorithm_chooses_is_planned_at_its_ends_and_not_made() -> None:
    assert plan_sweep(request(between(RATE, 0.1, 1.0), method="tpe")).members == ()
    wide = request(between("/network/layers/0/units", 1, 2**30), method="tpe")
    assert told(wide)[0][1] == "/vary/0/high"
