"""`apply`: one set of parameters, called several times, counted once."""

import time
from typing import Any

import pytest

from gradus.plan import plan, plan_resolved
from gradus.planned import Plan
from gradus.problems import Problem, SpecError

PAIR = {"left": [6], "right": [6]}
ENCODER = {
    "type": "repeat",
    "name": "encoder",
    "times": 1,
    "from": "left",
    "body": [{"type": "linear", "units": 4}, "batch_norm", {"type": "linear", "units": 3}],
}


def planned(layers: list[Any], inputs: Any = PAIR, **parts: Any) -> Plan:
    return plan({"spec": "nn/1", "network": {"inputs": inputs, "layers": layers}, **parts})


def problems(layers: list[Any], inputs: Any = PAIR, **parts: Any) -> list[Problem]:
    with pytest.raises(SpecError) as found:
        planned(layers, inputs, **parts)
    return list(found.value.problems)


def again(to: str = "encoder", source: Any = "right", **fields: Any) -> dict[str, Any]:
    return {"type": "apply", "to": to, "from": source, **fields}


SIAMESE: list[Any] = [ENCODER, again(name="twin"), {"type": "concat", "from": ["encoder", "twin"]}]


def test_parameters_are_counted_once_and_products_twice() -> None:
    once, twice = planned([ENCODER]), planned(SIAMESE)
    assert once.totals.parameters == (6 * 4 + 4) + 2 * 4 + (4 * 3 + 3)
    assert twice.totals.parameters == once.totals.parameters
    assert twice.totals.multiply_adds == 2 * once.totals.multiply_adds == 2 * (6 * 4 + 4 * 3)
    assert twice.network.shapes[twice.network.output] == (6,)


def test_every_tensor_of_the_second_call_is_that_of_the_first() -> None:
    found = planned(SIAMESE)
    assert found.network.ties["twin/0/linear_1.weight"] == "encoder/0/linear_1.weight"
    # Running statistics too: it is one layer that sees two batches.
    assert found.network.ties["twin/0/batch_norm_1.running_mean"].startswith("encoder/")
    names = {f"{x.name}.{p.name}" for x in found.network.layers for p in x.parameters}
    assert {n for n in names if n.startswith("twin/")} == found.network.ties.keys()


def test_the_resolved_form_gives_the_same_plan() -> None:
    found = planned(SIAMESE)
    same = plan_resolved(found.resolved)
    assert (same.hash, same.totals, same.network.ties) == (
        found.hash,
        found.totals,
        found.network.ties,
    )


def test_layers_of_a_call_point_at_the_call() -> None:
    found = planned(SIAMESE)
    sources = {x.source for x in found.network.layers if x.name.startswith("twin/")}
    assert sources == {"/network/layers/1"}


def test_a_single_layer_is_called_again_under_the_name_of_the_call() -> None:
    layers = [{"type": "linear", "name": "encoder", "units": 3, "from": "left"}, again()]
    found = planned(layers)
    assert [(x.name, x.type, x.inputs) for x in found.network.layers] == [
        ("encoder", "linear", ("left",)),
        ("apply_1", "linear", ("right",)),
    ]
    assert found.totals.parameters == 6 * 3 + 3


def test_a_call_may_be_called_again_and_all_are_one() -> None:
    found = planned([*SIAMESE[:2], again("twin", "left", name="third")])
    assert set(found.network.ties.values()) == {
        f"encoder/0/{x}"
        for x in (
            "linear_1.weight", "linear_1.bias", "batch_norm_1.weight", "batch_norm_1.bias",
            "batch_norm_1.running_mean", "batch_norm_1.running_var",
            "batch_norm_1.num_batches_tracked", "linear_2.weight", "linear_2.bias",
        )
    }  # fmt: skip


def test_further_outputs_and_ports_are_those_of_the_layer() -> None:
    inputs = {"first": ["*", 4], "second": ["*", 4], "seen": ["*"]}
    attention = {"type": "attention", "name": "look", "from": {"query": "first", "mask": "seen"}}
    found = planned(
        [
            attention,
            again("look", {"query": "second", "mask": "seen"}),
            {"type": "lstm", "name": "memory", "units": 3, "from": "first"},
            again("memory", "second", name="later"),
            {"type": "linear", "units": 1, "from": "later.state"},
        ],
        inputs,
    )
    assert found.network.layers[1].ports == ("query", "mask")
    (wrong,) = problems([attention, again("look", {"question": "second"})], inputs)
    assert wrong.code == "port.unknown"


def test_an_inner_body_may_call_what_stands_outside_it() -> None:
    same = {"type": "linear", "name": "same", "units": 6, "from": "left"}
    body = {"type": "repeat", "times": 3, "body": [{"type": "apply", "to": "same"}, "relu"]}
    found = planned([same, body])
    assert found.totals.parameters == 6 * 6 + 6
    assert found.totals.multiply_adds == 4 * 36


def test_another_shape_of_input_is_refused_with_both() -> None:
    inputs = {"left": [6], "right": [5]}
    (found,) = problems(SIAMESE[:2], inputs)
    assert (found.code, found.path, found.layer) == (
        "apply.shape",
        "/network/layers/1",
        "twin/0/linear_1",
    )
    assert (found.expected, found.got) == ("[[6]]", "[[5]]")
    assert "weight of shape [4, 5]; it has [4, 6]" in found.message


@pytest.mark.parametrize(
    ("layers", "code", "path"),
    [
        ([ENCODER, again("encoedr")], "reference.unknown", "/network/layers/1/to"),
        ([again("later", "left"), {"type": "linear", "name": "later", "units": 2, "from": "left"}],
         "reference.forward", "/network/layers/0/to"),
        ([ENCODER, again("left")], "apply.input", "/network/layers/1/to"),
        ([{**ENCODER, "body": [{"type": "apply", "to": "encoder"}]}],
         "apply.itself", "/network/layers/0/body/0/to"),
        ([ENCODER, {"type": "apply"}], "field.missing", "/network/layers/1"),
        ([ENCODER, again(source=["left", "right"])], "reference.count", "/network/layers/1/from"),
    ],
)  # fmt: skip
def test_what_cannot_be_called_is_refused_at_its_place(
    layers: list[Any], code: str, path: str
) -> None:
    assert [(each.code, each.path) for each in problems(layers)] == [(code, path)]


def test_a_faulty_layer_is_told_once_however_often_it_is_called() -> None:
    faulty = {"type": "linear", "name": "encoder", "units": -3, "from": "left"}
    found = problems([faulty, again(), again("encoder", "left", name="third")])
    assert [each.path for each in found] == ["/network/layers/0/units"]


def doubling(count: int) -> list[Any]:
    """Each composite calls the one before twice: 2ⁿ layers in n lines."""
    layers: list[Any] = [{"type": "repeat", "name": "c0", "times": 1, "body": ["relu"]}]
    for number in range(1, count):
        body = [{"type": "apply", "to": f"c{number - 1}"}] * 2
        layers.append({"type": "repeat", "name": f"c{number}", "times": 1, "body": body})
    return layers


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        (doubling(60), "limit.layers"),
        # A chain that grows by nothing: only its depth is bounded.
        (
            [{"type": "repeat", "name": "c0", "times": 1, "body": ["relu"]}]
            + [
                {"type": "repeat", "name": f"c{n}", "times": 1,
                 "body": [{"type": "apply", "to": f"c{n - 1}"}]}
                for n in range(1, 3000)
            ],
            "limit.nesting",
        ),
    ],
)  # fmt: skip
def test_calls_that_multiply_are_refused_before_they_are_written_out(
    layers: list[Any], code: str
) -> None:
    started = time.process_time()
    assert code in {each.code for each in problems(layers, {"left": [6]})}
    assert time.process_time() - started < 5


def test_wide_layers_are_not_called_without_end() -> None:
    # Each call costs as many edges as the layer reads.
    names = [f"linear_{n}" for n in range(1, 401)]
    linears = [{"type": "linear", "units": 2, "from": "left"} for _ in names]
    wide = {"type": "repeat", "name": "wide", "times": 1, "body": [{"type": "add", "from": names}]}
    found = problems([*linears, wide, *[again("wide", "left", name=f"w{n}") for n in range(200)]])
    assert "limit.edges" in {each.code for each in found}


def test_a_counted_tensor_is_no_parameter() -> None:
    layers = [{"type": "batch_norm", "name": "one"}, {"type": "batch_norm", "name": "two"}]
    (found,) = problems(layers, {"left": [6]}, tie={"two.weight": "one.running_mean"})
    assert (found.code, found.path) == ("tie.kind", "/tie/two.weight")


def test_each_network_of_several_calls_its_own_layers() -> None:
    step = {
        "update": ["g"],
        "calls": [{"name": "y", "network": "g", "from": "batch"}],
        "losses": ["mse"],
    }
    layers = [
        {"type": "linear", "name": "half", "units": 2},
        {"type": "apply", "to": "half"},
        {"type": "linear", "units": 1},
    ]
    found = plan(
        {
            "spec": "nn/1",
            "data": "plane",
            "networks": {"g": {"layers": layers}},
            "train": {"steps": [step]},
        }
    )
    assert found.networks["g"].ties["g/apply_1.weight"] == "g/half.weight"
    assert found.totals.parameters == 6 + 3


def test_a_composite_with_a_fault_inside_is_told_once_where_it_was_written() -> None:
    module = {"type": "inception", "version": "v9", "widths": {"one": 2, "three": 3}}
    once = {"type": "repeat", "name": "once", "times": 1, "body": [module]}
    layers = [{"type": "conv2d", "filters": 2}, once, {"type": "apply", "to": "once"}]
    document = {"spec": "nn/1", "network": {"input": [1, 8, 8], "layers": layers}}
    with pytest.raises(SpecError) as refused:
        plan(document)
    assert [each.path for each in refused.value.problems] == ["/network/layers/1/body/0/version"]
