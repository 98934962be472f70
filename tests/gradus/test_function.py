"""A plain function in place of a network: how it is planned (D4)."""

import json
from typing import Any

import jsonschema
import pytest

from gradus.plan import plan, plan_json, plan_resolved
from gradus.planned import Plan
from gradus.problems import Problem, SpecError
from gradus.schema import json_schema

pytestmark = pytest.mark.proves("D4")
SGD = {"type": "sgd", "learning_rate": 0.1}


def document(expression: str = "2*x**2", start: Any = (1.5,), **parts: Any) -> dict[str, Any]:
    return {"spec": "nn/1", "function": {"expression": expression, "start": list(start)}, **parts}


def planned(*args: Any, **parts: Any) -> Plan:
    return plan(document(*args, **parts))


def refused(*args: Any, **parts: Any) -> Problem:
    with pytest.raises(SpecError) as found:
        planned(*args, **parts)
    (problem,) = found.value.problems
    return problem


def test_its_variables_are_its_parameters() -> None:
    found = planned("x*y + w1", (1.0, 2.0, 3.0))
    names = [each.name for each in found.network.layers[0].parameters if each.trainable]
    assert names == ["w1", "x", "y"]
    assert (found.totals.parameters, found.totals.trainable) == (3, 3)


def test_a_step_is_an_epoch_of_one_sample() -> None:
    found = planned(train={"epochs": 40})
    assert (found.train.epochs, found.train.batch_size) == (40, 1)
    assert found.dataset is not None
    assert found.dataset.sizes["train"] == 1


def test_the_resolved_form_says_the_function_and_how_it_is_descended() -> None:
    found = planned(train={"optimizer": SGD})
    assert found.resolved["function"] == {"expression": "2*x**2", "start": [1.5]}
    assert found.resolved.keys() == {"spec", "function", "train"}
    same = plan_resolved(json.loads(json.dumps(found.resolved)))
    assert (same.hash, same.resolved, same.train) == (found.hash, found.resolved, found.train)


def test_another_function_another_start_and_another_rate_have_hashes_of_their_own() -> None:
    others = [
        planned(),
        planned("2*x**4"),
        planned(start=(1.0,)),
        planned(train={"optimizer": SGD}),
    ]
    assert len({each.hash for each in others}) == 4


def test_a_plan_travels_with_its_function_and_without_data() -> None:
    told = plan_json(planned())
    assert told["data"] is None
    assert told["function"] == {"expression": "2*x**2", "start": [1.5]}
    assert "function" not in plan_json(
        plan({"spec": "nn/1", "network": {"input": [2], "layers": ["relu"]}})
    )


@pytest.mark.parametrize(
    ("parts", "code", "path"),
    [
        ({"network": {"layers": ["linear"]}}, "function.alone", "/network"),
        ({"data": "circle"}, "function.alone", "/data"),
        ({"train": {"batch_size": 10}}, "function.training", "/train/batch_size"),
        ({"train": {"losses": ["mse"]}}, "function.training", "/train/losses"),
        ({"train": {"l2": 0.1}}, "function.training", "/train/l2"),
        ({"train": {"schedule": "plateau"}}, "function.training", "/train/schedule"),
    ],
)
def test_what_says_nothing_of_a_function_is_refused_with_a_fix(
    parts: dict[str, Any], code: str, path: str
) -> None:
    problem = refused(**parts)
    assert (problem.code, problem.path) == (code, path)
    assert problem.fix == [{"op": "remove", "path": path}]


@pytest.mark.parametrize(
    ("expression", "start", "code", "path"),
    [
        ("2*x**", (1.0,), "function.unreadable", "/function/expression"),
        ("9**9**9**9", (1.0,), "function.large", "/function/expression"),
        ("3", (1.0,), "function.constant", "/function/expression"),
        ("x*y", (1.0,), "function.start", "/function/start"),
        ("x", (1.0, 2.0), "function.start", "/function/start"),
        ("log(x)", (-1.0,), "function.nowhere", "/function/start"),
        ("a+b+c+d+f+g+h+i+j", (1.0,), "function.variables", "/function/expression"),
        ("x", (1e9,), "field.range", "/function/start/0"),
        ("x", (), "field.too_few", "/function/start"),
        ("x" * 201, (1.0,), "document.text", "/function/expression"),
    ],
)
def test_a_fault_is_told_at_its_place(expression: str, start: Any, code: str, path: str) -> None:
    problem = refused(expression, start)
    assert (problem.code, problem.path) == (code, path)


def test_a_slip_in_a_function_has_a_fix() -> None:
    problem = refused("snh(x)*2".replace("snh", "tnah"))
    assert problem.fix == [{"op": "replace", "path": "/function/expression", "value": "tanh(x)*2"}]


def test_a_start_that_is_too_short_is_filled_by_the_fix() -> None:
    problem = refused("x*y", (1.0,))
    assert problem.fix == [{"op": "replace", "path": "/function/start", "value": [1.0, 0.0]}]


def test_the_schema_knows_it() -> None:
    jsonschema.validate(document(), json_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document(network={"layers": ["relu"]}), json_schema())
