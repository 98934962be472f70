"""Several networks in one document, and the steps that train them in alternation."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus import limits
from gradus.plan import plan, plan_json, plan_resolved
from gradus.problems import Problem, SpecError
from tests.gradus.alternations import conditional_gan, gan, linear, one_network, spoilt
from tests.gradus.patches import apply, resolve
from tests.gradus.test_mutations import JSON, places

pytestmark = pytest.mark.proves("C11.plan")

STEPS = "/train/steps"
SCORES = {"point": "fake"}


def problems(document: dict[str, Any]) -> tuple[Problem, ...]:
    with pytest.raises(SpecError) as refused:
        plan(document)
    return refused.value.problems


def told(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Code and place of everything that is wrong with a document, if anything is."""
    try:
        plan(document)
    except SpecError as refused:
        return {(each.code, each.path) for each in refused.problems}
    return set()


@pytest.mark.proves("C11.plan")
def test_names_begin_with_their_network_and_counts_are_those_of_both() -> None:
    planned = plan(gan())
    assert [layer.name for layer in planned.layers] == [
        "g/linear_1",
        "g/linear_2",
        "d/linear_1",
        "d/linear_2",
    ]
    assert planned.networks["g"].inputs == {"g/input": (2,)}
    assert planned.networks["d"].inputs == {"d/input": (2,)}
    answer = plan_json(planned)
    each = [network["totals"]["parameters"] for network in answer["networks"].values()]
    assert each == [2 * 8 + 8 + 8 * 2 + 2, 2 * 8 + 8 + 8 + 1]
    assert answer["totals"]["parameters"] == sum(each)


@pytest.mark.proves("C11.plan")
def test_what_is_left_out_is_written_into_the_resolved_form() -> None:
    document = gan()
    for step in document["train"]["steps"]:
        del step["name"]
    del document["train"]["steps"][0]["calls"][1]["from"]
    del document["train"]["steps"][1]["calls"][1]["name"]
    del document["train"]["steps"][1]["losses"][0]["input"]
    d, g = plan(document).resolved["train"]["steps"]
    assert (d["name"], g["name"]) == ("d", "g")
    assert d["calls"][1]["from"] == {"input": "batch"}
    assert g["calls"][1]["name"] == g["losses"][0]["input"] == "d_1"
    assert g["optimizer"] == plan(document).train.optimizer
    assert (g["every"], g["repeat"]) == (1, 1)


@pytest.mark.parametrize(
    "document", [gan(), conditional_gan(), one_network({"layers": [linear(1)]})]
)
def test_a_resolved_form_plans_to_itself(document: dict[str, Any]) -> None:
    planned = plan(document)
    again = plan_resolved(json.loads(json.dumps(planned.resolved)))
    assert (again.hash, again.resolved) == (planned.hash, planned.resolved)
    assert (again.train, again.totals) == (planned.train, planned.totals)
    assert list(again.networks) == list(planned.networks)


def test_each_network_of_the_resolved_form_keeps_its_place() -> None:
    # A database may sort the keys of a mapping.
    planned = plan(gan())
    stored = json.loads(json.dumps(planned.resolved, sort_keys=True))
    assert list(plan_resolved(stored).networks) == ["g", "d"]


def test_a_conditional_network_reads_the_class_beside_the_noise() -> None:
    calls = plan(conditional_gan()).train.steps[0].calls
    assert calls[0].sources == {"point": "noise", "label": "target"}


def test_a_tie_holds_within_one_network() -> None:
    document = gan()
    document["networks"]["g"]["layers"] = [linear(2), linear(2), linear(2)]
    document["tie"] = {"g/linear_2.weight": "g/linear_1.weight"}
    planned = plan(document)
    assert planned.networks["g"].ties == {"g/linear_2.weight": "g/linear_1.weight"}
    assert plan_resolved(planned.resolved).totals == planned.totals
    document["networks"]["d"]["layers"] = [linear(2), linear(1)]
    document["tie"] = {"g/linear_2.weight": "d/linear_1.weight"}
    assert [each.code for each in problems(document)] == ["tie.networks"]


def test_a_network_that_no_step_updates_is_told() -> None:
    document = gan()
    del document["train"]["steps"][1]
    (advice,) = plan(document).advice
    assert (advice.code, advice.path) == ("advice.never_updated", "/networks/g")


def test_a_sigmoid_before_a_loss_on_logits_is_told_where_it_stands() -> None:
    document = gan()
    document["networks"]["d"]["layers"].append("sigmoid")
    (advice,) = plan(document).advice
    assert (advice.code, advice.path) == ("advice.doubled_softmax", "/networks/d/layers/2")
    assert plan(apply(document, advice.fix or [])).advice == ()


def test_one_network_can_still_not_have_steps() -> None:
    document = {"spec": "nn/1", "data": "circle", "network": {"layers": ["linear"]}}
    document["train"] = {"steps": gan()["train"]["steps"]}
    assert [each.code for each in problems(document)] == ["steps.one_network"]


# A fault, the value that makes it at its place, the code, and the place where that is told.
FAULTS: dict[str, tuple[str, Any, str, str]] = {
    "network of a call": (f"{STEPS}/0/calls/0/network", "gen", "step.network_unknown", ""),
    "updated network": (f"{STEPS}/0/update/0", "disc", "step.network_unknown", ""),
    "twice": (f"{STEPS}/0/update", ["d", "d"], "step.update_twice", "/1"),
    "no gradient": (f"{STEPS}/0/update", ["d", "g"], "step.unreached", "/1"),
    "detached": (f"{STEPS}/1/calls/0/detach", True, "step.unreached", f"{STEPS}/1/update/0"),
    "unknown source": (f"{STEPS}/1/calls/1/from", "fkae", "call.unknown", ""),
    "source to come": (f"{STEPS}/0/calls/0/from", "real_score", "call.forward", ""),
    "itself": (f"{STEPS}/0/calls/0/from", "fake", "call.forward", ""),
    "target of losses": (f"{STEPS}/0/calls/0/from", "zeros", "call.word", ""),
    "other kind": (f"{STEPS}/0/calls/1/from", "target", "call.kind", ""),
    "shape": (f"{STEPS}/1/calls/1/from", "fake", "call.shape", ""),
    "shape of the data": (f"{STEPS}/0/calls/1/from", "batch", "call.shape", ""),
    "unknown input": (f"{STEPS}/0/calls/0/from", {"imput": "noise"}, "call.input_unknown", "/imput"),
    "name": (f"{STEPS}/0/calls/0/name", "Fake", "name.form", ""),
    "reserved": (f"{STEPS}/0/calls/0/name", "noise", "name.reserved", ""),
    "reserved network": ("/networks/batch", {"input": [2], "layers": ["relu"]}, "name.reserved", ""),
    "name of a series": (f"{STEPS}/0/calls/0/name", "loss", "name.reserved", ""),
    "call twice": (f"{STEPS}/0/calls/1/name", "fake", "name.taken", ""),
    "step twice": (f"{STEPS}/1/name", "d", "name.taken", ""),
    "loss input": (f"{STEPS}/0/losses/0/input", "rael_score", "call.unknown", ""),
    "loss target": (f"{STEPS}/0/losses/0/target", "one", "loss.target_unknown", ""),
    "loss kind": (f"{STEPS}/0/losses/0/type", "cross_entropy", "loss.target_kind", f"{STEPS}/0/losses/0"),
    "loss shape": (f"{STEPS}/0/losses/0/target", "batch", "loss.target_shape", f"{STEPS}/0/losses/0"),
    "losses beside steps": ("/train/losses", ["mse"], "steps.field", ""),
    "metrics beside steps": ("/train/metrics", ["accuracy"], "steps.field", ""),
    "no batch": (f"{STEPS}/0/calls/1/from", "fake", "steps.no_batch", STEPS),
    "no steps": ("/train", {}, "steps.missing", ""),
    "both": ("/network", {"layers": ["linear"]}, "document.both_networks", "/networks"),
    "network's name": ("/networks/Net", {"input": [2], "layers": ["relu"]}, "name.form", ""),
    "layer": ("/networks/g/layers/0/type", "linaer", "layer.unknown", ""),
    "no size": ("/networks/d/layers/1", "linear", "layer.size_missing", ""),
    "rule": (f"{STEPS}/1/optimizer", "kmeans", "step.rule", ""),
    "no call": (f"{STEPS}/0/calls", [], "field.too_few", ""),
    "no loss": (f"{STEPS}/0/losses", [], "field.too_few", ""),
    "nothing updated": (f"{STEPS}/0/update", [], "field.too_few", ""),
    "not often": (f"{STEPS}/0/every", 0, "field.range", ""),
    "too seldom": (f"{STEPS}/0/every", limits.STEP_EVERY + 1, "field.range", ""),
    "too many updates": (f"{STEPS}/0/repeat", limits.STEP_REPEAT + 1, "field.range", ""),
    "unknown field": (f"{STEPS}/0/evry", 2, "field.unknown", ""),
}  # fmt: skip


def faulty(name: str) -> dict[str, Any]:
    document = gan()
    if name == "shape":
        document["networks"]["g"]["layers"][1]["units"] = 3
    if name == "shape of the data":
        document["networks"]["d"]["input"] = [3]
        document["networks"]["g"]["layers"][1]["units"] = 3
    pointer, value, _, _ = FAULTS[name]
    return spoilt(document, pointer, value)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_where_it_stands(name: str) -> None:
    pointer, _, code, place = FAULTS[name]
    wanted = place if place.startswith("/train/steps") or place == "/networks" else pointer + place
    wanted = "" if name == "no steps" else wanted
    document = faulty(name)
    found = {(each.code, each.path): each for each in problems(document)}
    assert (code, wanted) in found
    fix = found[code, wanted].fix
    if fix is not None:
        assert (code, wanted) not in told(apply(document, fix))


@pytest.mark.parametrize("name", ["loss target", "unknown source", "twice", "losses beside steps"])
def test_a_fix_mends_a_step(name: str) -> None:
    document = faulty(name)
    (found,) = problems(document)
    plan(apply(document, found.fix or []))


def test_every_fault_is_told_at_once() -> None:
    names = ["network of a call", "loss target", "no size", "both"]
    document = gan()
    for name in names:
        document = spoilt(document, *FAULTS[name][:2])
    assert {FAULTS[name][2] for name in names} <= {each.code for each in problems(document)}


def test_an_input_that_is_left_out_is_told_with_its_name() -> None:
    document = conditional_gan()
    del document["train"]["steps"][0]["calls"][1]["from"]["label"]
    (found,) = problems(document)
    assert (found.code, found.expected) == ("call.input_missing", "label")
    document["train"]["steps"][0]["calls"][1]["from"] = "batch"
    assert [each.code for each in problems(document)] == ["call.input_missing"]


def test_noise_has_a_fixed_length_and_fractions() -> None:
    document = gan()
    document["networks"]["g"]["input"] = ["*", 2]
    assert "call.noise_length" in {each.code for each in problems(document)}
    document = conditional_gan()
    document["train"]["steps"][0]["calls"][0]["from"]["label"] = "noise"
    assert [each.code for each in problems(document)] == ["call.kind"]


def many(**counts: int) -> dict[str, Any]:
    document = gan()
    network = document["networks"]["g"]
    extra = range(counts.get("networks", 2) - 2)
    document["networks"] |= {f"n{index}": network for index in extra}
    d, g = document["train"]["steps"]
    more = [{**g, "name": f"g{index}"} for index in range(counts.get("steps", 2) - 2)]
    calls = [{"network": "g", "from": "noise"}] * (counts.get("calls", 2) - 2)
    g = {**g, "calls": [*calls, *g["calls"]]}
    return spoilt(document, "/train/steps", [d, g, *more])


LIMITS = {"networks": limits.NETWORKS, "steps": limits.STEPS, "calls": limits.STEP_CALLS}


@pytest.mark.parametrize("name", LIMITS)
def test_a_document_at_a_limit_is_planned_and_one_beyond_is_not(name: str) -> None:
    plan(many(**{name: LIMITS[name]}))
    found = problems(many(**{name: LIMITS[name] + 1}))
    assert [each.code for each in found] == ["field.too_many"]


def test_networks_without_steps_are_planned_though_nobody_trains_them() -> None:
    one = {"input": [3], "layers": [linear(4)]}
    found = plan({"spec": "nn/1", "networks": {"one": one, "other": one}})
    assert found.totals.training_bytes > found.totals.parameters
    assert plan_resolved(found.resolved).hash == found.hash


def test_layers_of_all_networks_count_together() -> None:
    document = gan()
    bomb = {"type": "repeat", "times": limits.LAYERS // 2 + 1, "body": ["relu"]}
    for name in ("g", "d"):
        document["networks"][name]["layers"].insert(0, bomb)
    assert [each.code for each in problems(document)] == ["limit.layers"]


def test_parameters_of_all_networks_count_together() -> None:
    document = gan()
    for name in ("g", "d"):
        document["networks"][name]["layers"][0] = linear(2**19)
        document["networks"][name]["layers"].insert(1, linear(2000))
    assert [each.code for each in problems(document)] == ["limit.parameters"]


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_mutated_alternation_is_planned_or_refused(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([gan(), conditional_gan()]))
    for _ in range(data.draw(st.integers(1, 3))):
        value = data.draw(st.one_of(JSON, st.sampled_from(["fake", "noise", "g", "batch"])))
        document = spoilt(document, data.draw(st.sampled_from(places(document))), value)
    try:
        plan(document)
    except SpecError as refused:
        for found in refused.problems:
            resolve(document, found.path)
            assert found.message
