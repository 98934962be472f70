"""Starting from kept weights, as the planner sees it: what fits, what is told, what is pinned."""

import pytest

from gradus.plan import plan, plan_resolved
from gradus.problems import SpecError
from gradus.weights import Kept, NoWeights, Tensor

FILE, RUN = "a" * 64, "run_" + "0" * 32
OLD = {
    "linear_1.weight": Tensor("F32", (8, 2)),
    "linear_1.bias": Tensor("F32", (8,)),
    "head.weight": Tensor("F32", (4, 8)),
    "head.bias": Tensor("F32", (4,)),
}


def kept(tensors=OLD, prefix=""):
    return lambda source: Kept(FILE, tensors, prefix)


def nothing(source):
    raise NoWeights("weights.run_unknown", "run", run=source.run)


def spirals(classes=4, network=None, **first):
    layers = [
        {"type": "linear", "units": 8, "activation": "tanh", **first},
        {"type": "linear", "name": "head", "units": classes},
    ]
    return {
        "spec": "nn/1",
        "data": {"name": "spiral", "options": {"classes": classes}},
        "network": {**(network or {}), "layers": layers},
        "train": {"losses": [{"type": "cross_entropy"}]},
    }


def whole(**source):
    return {"init": {"from": {"weights": FILE, **source}}}


def faults(document, weights):
    with pytest.raises(SpecError) as refused:
        plan(document, weights=weights)
    return refused.value.problems


def test_a_whole_network_starts_from_the_tensors_of_its_own_names():
    found = plan(spirals(network=whole()), weights=kept(prefix="network/")).weights
    assert [each.artifact for each in found] == [FILE]
    assert found[0].tensors == {name: f"network/{name}" for name in OLD}


def test_another_head_is_told_with_both_shapes_and_mended_by_its_own_patch():
    document = spirals(classes=7, network=whole())
    told = next(each for each in faults(document, kept()) if each.params["field"] == "head.weight")
    assert (told.code, told.path, told.expected, told.got) == (
        "weights.shape", "/network/init/from", "[7, 8]", "[4, 8]",
    )  # fmt: skip
    assert told.layer == "head"
    [mend] = told.fix
    assert mend["path"] == "/network/init/from/without"
    document["network"]["init"]["from"]["without"] = mend["value"]
    assert set(plan(document, weights=kept()).weights[0].tensors) == {
        "linear_1.weight",
        "linear_1.bias",
    }


def test_one_layer_may_start_from_another_ones_weights():
    source = {"run": RUN, "checkpoint": 40, "layer": "linear_1"}
    planned = plan(spirals(init={"from": source}, name="body"), weights=kept())
    assert planned.weights[0].tensors == {
        "body.weight": "linear_1.weight",
        "body.bias": "linear_1.bias",
    }
    assert planned.layers[0].fields["init"] == {"type": "from", "from": None}


def test_a_file_from_elsewhere_is_read_through_a_map_of_names():
    elsewhere = {
        "features.0.weight": Tensor("F16", (8, 2)),
        "features.0.bias": Tensor("F16", (8,)),
        "fc_w": Tensor("F64", (4, 8)),
        "fc_b": Tensor("F64", (4,)),
    }
    names = {"linear_1": "features.0", "head.weight": "fc_w", "head.bias": "fc_b"}
    found = plan(spirals(network=whole(names=names)), weights=kept(elsewhere)).weights[0]
    assert found.tensors["linear_1.weight"] == "features.0.weight"
    assert found.tensors["head.weight"] == "fc_w"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({"weights": FILE, "names": {"hed": "fc"}}, "weights.name_unknown"),
        ({"weights": FILE, "without": ["hed"]}, "weights.name_unknown"),
        ({"weights": FILE, "layer": "encoder"}, "weights.tensor_missing"),
        ({"weights": FILE, "without": ["linear_1", "head"]}, "weights.nothing"),
        ({"weights": FILE, "run": RUN}, "weights.source"),
        ({}, "weights.source"),
        ({"weights": FILE, "checkpoint": 3}, "weights.checkpoint"),
        ({"weights": "../etc/passwd"}, "field.form"),
        ({"run": "run_1"}, "field.form"),
    ],
)
def test_a_source_that_cannot_be_is_refused_at_its_place(source, code):
    told = faults(spirals(network={"init": {"from": source}}), kept())
    assert code in {each.code for each in told}
    assert all(each.path.startswith("/network/init/from") for each in told)


def test_weights_that_are_whole_numbers_are_refused():
    counted = {**OLD, "head.bias": Tensor("I64", (4,))}
    [told] = faults(spirals(network=whole()), kept(counted))
    assert (told.code, told.got) == ("weights.kind", "I64")


def test_a_run_that_nobody_may_see_is_told_at_its_field():
    [told] = faults(spirals(network={"init": {"from": {"run": RUN}}}), nothing)
    assert (told.code, told.path) == ("weights.run_unknown", "/network/init/from/run")


def test_the_resolved_form_holds_the_files_hash_and_no_run():
    written = {"init": {"from": {"run": RUN}}}
    planned = plan(spirals(network=written), weights=kept())
    assert planned.resolved["weights"] == [
        {"artifact": FILE, "tensors": {name: name for name in OLD}}
    ]
    assert RUN not in str(planned.resolved)
    again = plan_resolved(planned.resolved)
    assert (again.hash, again.weights) == (planned.hash, planned.weights)
    other = plan(spirals(network=written), weights=lambda source: Kept("b" * 64, OLD))
    assert other.hash != planned.hash


def test_a_layers_own_source_goes_before_the_networks():
    document = spirals(init={"from": {"run": RUN}}, network=whole())
    files = {FILE: Kept(FILE, OLD), RUN: Kept("b" * 64, OLD)}
    found = plan(document, weights=lambda source: files[source.run or source.weights]).weights
    assert {each.artifact: sorted(each.tensors) for each in found} == {
        FILE: ["head.bias", "head.weight"],
        "b" * 64: ["linear_1.bias", "linear_1.weight"],
    }


def test_running_statistics_come_along_with_a_whole_network():
    document = spirals(network=whole())
    document["network"]["layers"].insert(1, "batch_norm")
    told = {each.params["field"] for each in faults(document, kept())}
    assert {"batch_norm_1.running_mean", "batch_norm_1.weight"} <= told


def test_a_network_of_several_starts_from_a_run_that_had_one():
    body = [{"type": "linear", "units": 4}]
    document = {
        "spec": "nn/1",
        "data": {"name": "iris"},
        "networks": {"d": {**whole(), "input": [4], "layers": body}},
        "train": {
            "steps": [
                {
                    "update": ["d"],
                    "calls": [{"network": "d"}],
                    "losses": [{"type": "mse", "target": "batch"}],
                }
            ]
        },
    }
    one = {"linear_1.weight": Tensor("F32", (4, 4)), "linear_1.bias": Tensor("F32", (4,))}
    assert plan(document, weights=kept(one)).weights[0].tensors == {
        "d/linear_1.weight": "linear_1.weight",
        "d/linear_1.bias": "linear_1.bias",
    }


def test_without_anybody_to_ask_shapes_are_not_checked_and_nothing_is_pinned():
    [open_] = plan(spirals(classes=7, network=whole())).weights
    assert (open_.artifact, open_.tensors) == (None, {})
