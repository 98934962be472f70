"""Losses that are held against the input, read a draw or compare pairs: what is planned of them."""

from typing import Any

import pytest

from gradus.plan import plan, plan_resolved
from gradus.planned import Plan
from gradus.problems import Problem, SpecError

CODE = [
    {"type": "linear", "name": "mean", "units": 2},
    {"type": "linear", "name": "spread", "units": 2, "from": "input"},
    {"type": "sample_normal", "name": "code", "from": ["mean", "spread"]},
]


def document(layers: list[Any], losses: list[Any], data: str = "iris", **train: Any) -> Any:
    return {
        "spec": "nn/1",
        "data": data,
        "network": {"layers": layers},
        "train": {"losses": losses, **train},
    }


def planned(layers: list[Any], losses: list[Any], data: str = "iris", **train: Any) -> Plan:
    return plan(document(layers, losses, data, **train))


def refused(layers: list[Any], losses: list[Any], data: str = "iris", **train: Any) -> Problem:
    with pytest.raises(SpecError) as found:
        planned(layers, losses, data, **train)
    (problem,) = found.value.problems
    return problem


AGAINST_INPUT = {"type": "mse", "target": "batch"}


@pytest.mark.proves("C10")
def test_a_last_layer_without_units_gives_as_much_as_it_is_held_against() -> None:
    found = planned([{"type": "linear", "units": 2}, "linear"], [AGAINST_INPUT])
    assert found.network.shapes[found.network.output] == (4,)
    assert found.train.metrics == ()


@pytest.mark.proves("C10")
def test_a_variational_autoencoder_adds_the_divergence_of_its_draw() -> None:
    losses = [AGAINST_INPUT, {"type": "kl_normal", "input": "code", "weight": 0.1}]
    found = planned([*CODE, "linear"], losses)
    assert found.train.losses[1].further == ("code.mean", "code.log_variance")
    again = plan_resolved(found.resolved)
    assert (again.hash, again.train) == (found.hash, found.train)


def test_kl_normal_reads_nothing_but_a_draw_and_a_fix_names_the_only_one() -> None:
    problem = refused([*CODE, "linear"], [AGAINST_INPUT, "kl_normal"])
    assert (problem.code, problem.path) == ("loss.distribution", "/train/losses/1")
    assert problem.fix == [
        {
            "op": "replace",
            "path": "/train/losses/1",
            "value": {"type": "kl_normal", "input": "code"},
        }
    ]


def test_an_output_must_be_as_large_as_the_input_that_it_is_held_against() -> None:
    problem = refused([{"type": "linear", "units": 3}], [AGAINST_INPUT])
    assert (problem.code, problem.expected, problem.got) == ("loss.shape", "[4]", "[3]")


def test_a_picture_may_be_held_against_as_a_picture_or_as_a_list() -> None:
    planned([{"type": "conv2d", "filters": 1}], [AGAINST_INPUT], "digits")
    planned(["flatten", {"type": "linear", "units": 64}], [AGAINST_INPUT], "digits")


@pytest.mark.parametrize("target", ["ones", "zeros"])
def test_any_output_may_be_held_against_ones_or_zeros(target: str) -> None:
    found = planned([{"type": "linear", "units": 5}], [{"type": "mse", "target": target}])
    assert found.train.losses[0].target == target


def test_an_unknown_target_is_told_with_the_nearest() -> None:
    problem = refused(["linear"], [{"type": "mse", "target": "batches"}])
    assert (problem.code, problem.path) == ("loss.target_unknown", "/train/losses/0/target")
    assert problem.hint == "Did you mean batch?"


def test_a_loss_over_classes_cannot_be_held_against_the_input() -> None:
    problem = refused(["linear"], [{"type": "cross_entropy", "target": "batch"}])
    assert (problem.code, problem.path) == ("loss.target_kind", "/train/losses/0/target")


def test_nothing_is_counted_as_right_where_no_loss_reads_the_target() -> None:
    problem = refused(["linear"], [AGAINST_INPUT], metrics=["accuracy"])
    assert (problem.code, problem.path) == ("train.metric_answer", "/train/metrics")


def test_pairs_of_a_batch_are_compared_in_any_number_of_classes() -> None:
    found = planned([{"type": "linear", "units": 2}], [{"type": "contrastive", "margin": 2.0}])
    assert found.train.losses[0].fields == {"margin": 2.0, "other": None}
    assert found.train.metrics == ()


def test_two_outputs_are_compared_by_two_classes_and_in_one_shape() -> None:
    layers = [
        {"type": "linear", "name": "left", "units": 2},
        {"type": "linear", "name": "right", "units": 2, "from": "input"},
    ]
    loss = {"type": "contrastive", "input": "left", "other": "right"}
    found = planned(layers, [loss], "circle")
    assert found.train.losses[0].further == ("right",)
    assert plan_resolved(found.resolved).train == found.train
    assert refused(layers, [loss], "iris").code == "loss.pair_classes"
    layers[1]["units"] = 3
    assert refused(layers, [loss], "circle").code == "loss.pair"
    assert refused(layers, [{**loss, "other": "rihgt"}], "circle").path == "/train/losses/0/other"


def test_pairs_need_classes() -> None:
    problem = refused([{"type": "linear", "units": 1}], ["contrastive"], "plane")
    assert problem.code == "loss.regression"


@pytest.mark.parametrize(
    "loss", [{"type": "kl_normal"}, {"type": "contrastive", "input": "a", "other": "b"}]
)
def test_losses_over_layers_of_one_network_are_refused_in_a_step(loss: Any) -> None:
    calls = [{"name": name, "network": "g", "from": "batch"} for name in ("a", "b")]
    step = {"update": ["g"], "calls": calls, "losses": [loss]}
    with pytest.raises(SpecError) as found:
        plan(
            {
                "spec": "nn/1",
                "data": "circle",
                "networks": {"g": {"layers": [{"type": "linear", "units": 2}]}},
                "train": {"steps": [step]},
            }
        )
    assert [each.code for each in found.value.problems] == ["loss.one_network"]
