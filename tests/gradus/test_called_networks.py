"""`apply` and `each` of a network by its name: planned, shared, counted once, refused with a reason."""

from typing import Any

import pytest

from gradus import limits
from gradus.plan import plan, plan_resolved
from gradus.planned import Plan
from gradus.problems import Problem, SpecError

SENTENCE = {
    "input": [7, 16],
    "layers": [{"type": "gru", "name": "read", "units": 8, "returns": "last"}],
}
TEXT = [{"type": "gru", "units": 6, "returns": "last"}, {"type": "linear", "units": 3}]


def several(update: list[str], call: str = "text", **networks: Any) -> dict[str, Any]:
    step = {
        "update": update,
        "calls": [{"network": call}],
        "losses": [{"type": "cross_entropy", "target": "target"}],
    }
    return {"spec": "nn/1", "networks": networks, "train": {"steps": [step]}}


def hierarchy(**each: Any) -> dict[str, Any]:
    text = {"input": [5, 7, 16], "layers": [{"type": "each", "network": "sentence", **each}, *TEXT]}
    return several(["sentence", "text"], sentence=SENTENCE, text=text)


def refused(document: dict[str, Any]) -> list[Problem]:
    with pytest.raises(SpecError) as found:
        plan(document)
    return list(found.value.problems)


def own(found: Plan, network: str) -> int:
    return sum(each.parameter_count for each in found.networks[network].layers)


def test_a_network_is_applied_to_every_slice_with_the_weights_that_it_has() -> None:
    found = plan(hierarchy())
    layers = {each.name: each for each in found.networks["text"].layers}
    assert layers["text/each_1/sentence/read"].output == (8,)
    assert layers["text/each_1/each_end_1"].output == (5, 8)
    body = plan({"spec": "nn/1", "network": SENTENCE}).totals.parameters
    alone = plan({"spec": "nn/1", "network": {"input": [5, 8], "layers": TEXT}}).totals.parameters
    assert (own(found, "sentence"), own(found, "text")) == (body, alone)
    ties = found.networks["text"].ties
    assert ties["text/each_1/sentence/read.weight_ih_l0"] == "sentence/read.weight_ih_l0"


def test_the_resolved_form_of_called_networks_gives_the_same_plan() -> None:
    found = plan(hierarchy())
    again = plan_resolved(found.resolved)
    assert (again.hash, again.totals) == (found.hash, found.totals)
    assert {name: each.ties for name, each in again.networks.items()} == {
        name: each.ties for name, each in found.networks.items()
    }


def test_a_siamese_pair_calls_one_encoder_twice() -> None:
    encoder = {"input": [6], "layers": [{"type": "linear", "units": 4}, "relu"]}
    pair = {
        "inputs": {"left": [6], "right": [6]},
        "layers": [
            {"type": "apply", "to": "encoder", "name": "a", "from": "left"},
            {"type": "apply", "to": "encoder", "name": "b", "from": "right"},
            {"type": "concat", "from": ["a", "b"]},
            {"type": "linear", "units": 2},
        ],
    }
    step = {
        "update": ["encoder", "pair"],
        "calls": [{"network": "pair", "from": {"left": "noise", "right": "noise"}}],
        "losses": [{"type": "mse", "target": "zeros"}],
    }
    document = {"spec": "nn/1", "networks": {"encoder": encoder, "pair": pair}}
    found = plan({**document, "train": {"steps": [step]}})
    assert (own(found, "encoder"), own(found, "pair")) == (6 * 4 + 4, 8 * 2 + 2)
    assert set(found.networks["pair"].ties.values()) == {
        "encoder/linear_1.weight",
        "encoder/linear_1.bias",
    }


def test_inputs_of_a_called_network_are_named() -> None:
    both = {
        "inputs": {"x": [4], "y": [4]},
        "layers": [{"type": "add", "from": ["x", "y"]}, {"type": "linear", "units": 4}],
    }
    layers = [
        {"type": "linear", "units": 4, "name": "h"},
        {"type": "apply", "to": "both", "from": {"y": "h", "x": "input"}},
        {"type": "linear", "units": 3},
    ]
    found = plan(several(["both", "text"], both=both, text={"input": [4], "layers": layers}))
    add = next(each for each in found.networks["text"].layers if each.type == "add")
    assert add.inputs == ("text/input", "text/h")
    layers[1]["from"] = {"x": "input", "z": "h"}
    codes = {
        each.code
        for each in refused(
            several(["both", "text"], both=both, text={"input": [4], "layers": layers})
        )
    }
    assert "call.input_unknown" in codes
    layers[1]["from"] = "h"
    codes = {
        each.code
        for each in refused(
            several(["both", "text"], both=both, text={"input": [4], "layers": layers})
        )
    }
    assert "call.input_missing" in codes


def test_networks_that_call_networks_share_the_innermost() -> None:
    word = {"input": [4], "layers": [{"type": "linear", "name": "w", "units": 4}]}
    line = {
        "input": [3, 4],
        "layers": [
            {"type": "each", "network": "word"},
            {"type": "rnn", "units": 4, "returns": "last"},
        ],
    }
    text = {
        "input": [2, 3, 4],
        "layers": [{"type": "each", "network": "line"}, "flatten", {"type": "linear", "units": 3}],
    }
    found = plan(several(["word", "line", "text"], word=word, line=line, text=text))
    ties = found.networks["text"].ties
    assert ties["text/each_1/line/each_1/word/w.weight"] == "word/w.weight"
    assert plan_resolved(found.resolved).hash == found.hash


def test_what_is_tied_in_a_called_network_stays_one_tensor() -> None:
    twin = {
        "input": [4],
        "layers": [
            {"type": "linear", "name": "a", "units": 4},
            {"type": "linear", "name": "b", "units": 4},
        ],
    }
    text = {
        "input": [4],
        "layers": [{"type": "apply", "to": "twin"}, {"type": "linear", "units": 3}],
    }
    document = several(["twin", "text"], twin=twin, text=text)
    document["tie"] = {"twin/b.weight": "twin/a.weight"}
    ties = plan(document).networks["text"].ties
    assert ties["text/apply_1/a.weight"] == ties["text/apply_1/b.weight"] == "twin/a.weight"
    assert ties["text/apply_1/b.bias"] == "twin/b.bias"


@pytest.mark.parametrize(
    ("layer", "code", "place"),
    [
        ({"type": "each", "network": "sentense"}, "each.network_unknown", "/network"),
        ({"type": "each", "network": "text"}, "each.network_unknown", "/network"),
        ({"type": "apply", "to": "sentense"}, "reference.unknown", "/to"),
        ({"type": "each"}, "each.body", ""),
        ({"type": "each", "network": "sentence", "body": ["relu"]}, "each.body", ""),
    ],
)
def test_what_cannot_be_called_is_refused_at_its_place(layer: Any, code: str, place: str) -> None:
    document = hierarchy()
    document["networks"]["text"]["layers"][0] = layer
    told = next(each for each in refused(document) if each.code == code)
    assert told.path == f"/networks/text/layers/0{place}"


def test_a_network_does_not_fit_where_its_parameters_would_have_another_shape() -> None:
    document = hierarchy()
    document["networks"]["text"]["input"] = [5, 7, 12]
    told = refused(document)[0]
    assert (told.code, told.params["second"]) == ("apply.shape", "[24, 12]")


def test_a_later_network_cannot_be_called() -> None:
    document = hierarchy()
    document["networks"] = dict(reversed(document["networks"].items()))
    assert refused(document)[0].code == "each.network_unknown"


def test_whoever_calls_a_network_need_not_update_it_but_a_step_without_it_is_told() -> None:
    document = hierarchy()
    document["train"]["steps"][0]["update"] = ["text"]
    assert "advice.never_updated" in {each.code for each in plan(document).advice}


def test_networks_that_double_each_other_end_at_the_limit() -> None:
    networks: dict[str, Any] = {"n0": {"input": [2], "layers": [{"type": "linear", "units": 2}]}}
    for at in range(1, limits.NETWORKS):
        call = {"type": "apply", "to": f"n{at - 1}"}
        networks[f"n{at}"] = {"input": [2], "layers": [dict(call) for _ in range(3)]}
    told = refused(several(["n0"], "n0", **networks))[0]
    assert (told.code, told.params["limit"]) == ("limit.layers", limits.LAYERS)
