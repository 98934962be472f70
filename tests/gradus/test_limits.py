"""Documents made to exhaust: refused before they are expanded, with the number, in a blink."""

import time
from typing import Any

import pytest

from gradus.plan import plan
from gradus.problems import SpecError


def network(*layers: Any, **parts: Any) -> dict[str, Any]:
    return {"spec": "nn/1", "network": {"input": [4], "layers": list(layers)}, **parts}


def nested(levels: int, times: int) -> Any:
    layer: Any = "relu"
    for _ in range(levels):
        layer = {"type": "repeat", "times": times, "body": [layer]}
    return layer


def doubling(levels: int, times: int) -> dict[str, Any]:
    """Blocks of which each uses the next several times."""
    blocks = {
        f"b{level}": {"layers": [{"type": "block", "use": f"b{level + 1}"}] * times}
        for level in range(levels)
    }
    return {**blocks, f"b{levels}": {"layers": ["relu"]}}


def brackets(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def counting(levels: int, ways: int) -> dict[str, Any]:
    """Blocks of which every use has another argument, so that none is counted once for all."""
    calls = [{"n": f"$n * {ways} + {way}"} for way in range(ways)]
    blocks = {
        f"b{level}": {
            "params": ["n"],
            "layers": [{"type": "block", "use": f"b{level + 1}", "with": call} for call in calls],
        }
        for level in range(levels)
    }
    return {**blocks, f"b{levels}": {"params": ["n"], "layers": ["relu"]}}


def twice(level: int) -> dict[str, Any]:
    """Calls what stands before it two times over."""
    again = [{"type": "apply", "to": f"l{level}"}]
    return {"type": "branches", "name": f"l{level + 1}", "merge": "add", "branches": [again, again]}


USE = {"type": "block", "use": "b0"}
BOMBS: dict[str, tuple[dict[str, Any], str, str]] = {
    "chain": (network(*["relu"] * 100_000), "limit.layers", "100000"),
    "repeats": (network(nested(7, 10**6)), "limit.layers", "1" + "0" * 40),
    "repeats thirty deep": (network(nested(30, 10)), "limit.depth", "63"),
    "nested repeats": (network(nested(9, 10)), "limit.nesting", "9"),
    "blocks": (network(USE, blocks=doubling(6, 50)), "limit.layers", "15625000000"),
    "deep blocks": (network(USE, blocks=doubling(60, 2)), "limit.nesting", "9"),
    "arguments": (
        network({**USE, "with": {"n": 1}}, blocks=counting(6, 40)),
        "limit.calls",
        "2000",
    ),
    "blocks that hide their depth": (
        network(
            *[{"type": "block", "use": f"b{level}"} for level in range(500, -1, -1)],
            blocks=doubling(500, 1),
        ),
        "limit.nesting",
        "9",
    ),
    "a long body behind a short one": (
        network(nested(1, 1), {"type": "repeat", "times": 300, "body": ["relu"] * 200}),
        "limit.layers",
        "60001",
    ),
    "calls of calls": (
        network(
            {"type": "linear", "name": "l0", "units": 4}, *[twice(level) for level in range(39)]
        ),
        "limit.layers",
        "2199023255510",
    ),
    "networks that call networks": (
        {
            "spec": "nn/1",
            "networks": {
                f"n{level}": {
                    "input": [4],
                    "layers": [{"type": "apply", "to": f"n{level - 1}"}] * 20
                    if level
                    else ["relu"],
                }
                for level in range(16)
            },
        },
        "limit.layers",
        "168421",
    ),
    "itself": (
        network(
            USE,
            blocks={"b0": {"layers": [{"type": "block", "use": "b1"}]}, "b1": {"layers": [USE]}},
        ),
        "block.cycle",
        "b0 → b1 → b0",
    ),
    "brackets": (network(brackets(1000)), "limit.depth", "1004"),
    "a million brackets": (network(brackets(10**6)), "limit.depth", "10000"),
    "edges": (
        network("relu", *[{"type": "add", "from": ["relu_1"] * 4000}] * 20),
        "limit.edges",
        "80001",
    ),
    "values": (
        network(*[{"type": "add", "from": ["relu_1"] * 20}] * 9000),
        "limit.values",
        "100000",
    ),
    "parameters": (
        network({"type": "linear", "units": 10**6}, {"type": "linear", "units": 10**6}),
        "limit.parameters",
        "1000006000000",
    ),
    "attention over a long sequence": (
        {"spec": "nn/1", "network": {"input": [200_000, 64], "layers": ["attention"]}},
        "limit.elements",
        "40000000000",
    ),
    "a Transformer over a long sequence": (
        {"spec": "nn/1", "network": {"input": [200_000, 64], "layers": ["transformer_encoder"]}},
        "limit.elements",
        "320000000000",
    ),
    "batch": (
        network("linear", data="iris", train={"batch_size": 2**40}),
        "field.range",
        "1099511627776",
    ),
    "epochs": (
        network("linear", data="iris", train={"epochs": 10**12}),
        "field.range",
        "1000000000000",
    ),
    "samples as pictures": (
        {
            "spec": "nn/1",
            "data": {"name": "digits", "transforms": [{"type": "resize", "size": 2**20}]},
            "network": {"layers": ["flatten", "linear"]},
        },
        "limit.data",
        "7903289580453888",
    ),
    "units": (network({"type": "linear", "units": 2**40}), "field.range", "1099511627776"),
    "whole number": (network({"type": "linear", "units": 10**5000}), "document.number", "1e5000"),
    "picture": (
        {
            "spec": "nn/1",
            "network": {"input": [2**20, 2**20, 2**20], "layers": ["relu"]},
        },
        "limit.elements",
        "1152921504606846976",
    ),
    "long name": (network({"type": "relu", "name": "a" * 10**6}), "document.text", "200"),
    "unseen": (network({"type": "relu", "name": "a\u202eb"}), "document.text", "200"),
    "surrogate": (network({"type": "relu", "name": "a\ud800"}), "document.text", "200"),
}


def refusal(document: dict[str, Any]) -> tuple[SpecError, float]:
    """The refusal and the seconds it took, of this thread alone: other work does not count."""
    start = time.thread_time()
    with pytest.raises(SpecError) as refused:
        plan(document)
    return refused.value, time.thread_time() - start


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_its_number_in_under_100_ms(name: str) -> None:
    document, code, number = BOMBS[name]
    # The best of three: a collection of the test suite's own garbage may fall into one.
    refused, taken = min((refusal(document) for _ in range(3)), key=lambda each: each[1])
    found = {each.code: each.message for each in refused.problems}
    assert number in found[code]
    assert taken < 0.1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, -(2**60), object()])
def test_values_that_json_cannot_carry_are_refused(value: Any) -> None:
    with pytest.raises(SpecError) as refused:
        plan(network({"type": "dropout", "rate": value}))
    assert [each.path for each in refused.value.problems] == ["/network/layers/0/rate"]


def test_a_document_at_the_limits_is_planned() -> None:
    assert len(plan(network(nested(8, 3))).network.layers) == 3**8
    assert len(plan(network(*["relu"] * 10_000)).network.layers) == 10_000


def test_no_more_problems_are_told_than_anybody_reads() -> None:
    with pytest.raises(SpecError) as refused:
        plan(network(*[{"type": "relo"}] * 5000))
    assert len(refused.value.problems) == 100


def test_no_more_advice_is_given_than_anybody_reads() -> None:
    alone = [{"type": "linear", "units": 1}, *["layer_norm"] * 300]
    assert len(plan(network(*alone)).advice) == 100


def test_a_slip_in_many_unknown_fields_costs_no_more_than_it_tells() -> None:
    slips = {**network("relu"), **{f"field_{index}": 1 for index in range(9000)}}
    refused, taken = min((refusal(slips) for _ in range(3)), key=lambda each: each[1])
    assert len(refused.problems) == 100
    assert taken < 0.1


CODE = [
    "__import__('os').system('touch here')",
    "torch.nn.Linear",
    "lambda x: x",
    "os.system",
    '"); import os; #',
    "../../etc/passwd",
    "conv2d.__class__.__mro__",
    "${7*7}",
    "{{7*7}}",
]


@pytest.mark.parametrize("code", CODE)
@pytest.mark.parametrize(
    "place",
    [
        lambda code: network(code),
        lambda code: network({"type": code}),
        lambda code: network({"type": "linear", "units": code}),
        lambda code: network({"type": "linear", "units": 3, "activation": code}),
        lambda code: network({"type": "linear", "units": 3, "init": code}),
        lambda code: network({"type": "linear", "units": 3, "name": code}),
        lambda code: network({"type": "relu", "from": code}),
        lambda code: network("linear", data=code),
        lambda code: network("linear", data="iris", train={"optimizer": code}),
        lambda code: network(
            {**USE, "with": {"n": 1}},
            blocks={
                "b0": {"params": ["n"], "layers": [{"type": "linear", "units": f"$n + {code}"}]}
            },
        ),
    ],
)
def test_code_is_never_taken_for_a_word(place: Any, code: str) -> None:
    with pytest.raises(SpecError) as refused:
        plan(place(code))
    assert all(each.message for each in refused.value.problems)


HOSTILE = ["\x00", "\u202e", "\ud800", "\x1b[31m", "a" * 201, "\u2066x", "\x85", "\ufffe" * 300]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["name", "layer", "key", "data", "option"])
def test_texts_that_hide_something_are_refused_everywhere(place: str, text: str) -> None:
    document: dict[str, Any] = network("relu")
    match place:
        case "name":
            document["name"] = text
        case "layer":
            document["network"]["layers"] = [text]
        case "key":
            document[text] = 1
        case "data":
            document["data"] = text
        case "option":
            document["data"] = {"name": "circle", "options": {"points": text}}
    with pytest.raises(SpecError) as refused:
        plan(document)
    assert {each.code for each in refused.value.problems} == {"document.text"}
