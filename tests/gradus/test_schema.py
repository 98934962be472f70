"""The schema of a document: itself sound, and in agreement with `plan`."""

from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from gradus import later
from gradus.layers import LAYERS
from gradus.layers.activations import ActivationLayer
from gradus.layers.parametric import Activation, Init
from gradus.optimizers import Optimizer
from gradus.presets import PRESETS
from gradus.schema import json_schema
from gradus.train import Loss
from tests.gradus.specs import sound_documents

CHOICES: dict[str, Any] = {"Optimizer": Optimizer, "Loss": Loss, "Init": Init}
VALIDATOR = Draft202012Validator(json_schema())


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_within_it(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(dict(PRESETS[name].document))] == []


@given(sound_documents())
@settings(max_examples=60, deadline=None)
def test_sound_documents_are_within_it(document: dict[str, Any]) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


@pytest.mark.parametrize(
    "layer",
    [
        {"type": "linaer"},
        {"type": "linear", "unist": 3},
        {"type": "linear", "units": 0},
        "conv2d",
        7,
    ],
)
def test_layers_that_cannot_be_are_outside_it(layer: Any) -> None:
    document = {"spec": "nn/1", "data": "iris", "network": {"layers": [layer]}}
    assert not VALIDATOR.is_valid(document)


def test_params_of_a_block_may_stand_anywhere_in_it() -> None:
    block = {"params": ["n"], "layers": [{"type": "linear", "units": "$n"}]}
    use = {"type": "block", "use": "b", "with": {"n": 3}}
    document = {
        "spec": "nn/1",
        "data": "iris",
        "blocks": {"b": block},
        "network": {"layers": [use]},
    }
    assert VALIDATOR.is_valid(document)


def test_a_function_stands_alone() -> None:
    function = {"spec": "nn/1", "function": {"expression": "x**2", "start": [1]}}
    assert VALIDATOR.is_valid(function)
    assert not VALIDATOR.is_valid({**function, "data": "iris"})


def test_every_layer_is_explained() -> None:
    definitions = json_schema()["$defs"]
    explained = {each.get("title"): each.get("description") for each in definitions.values()}
    assert all(explained[type] for type in LAYERS)


def choices(schema: Any) -> set[str]:
    """Every word that a schema allows somewhere."""
    if isinstance(schema, list):
        return set().union(*map(choices, schema))
    if not isinstance(schema, dict):
        return set()
    own = {*schema.get("enum", []), *([schema["const"]] if "const" in schema else [])}
    return own.union(*map(choices, schema.values()))


def test_no_word_is_both_offered_and_said_to_come_later() -> None:
    assert choices(json_schema()) & (later.LAYERS | later.CHOICES) == set()


@pytest.mark.parametrize("name", ["Optimizer", "Loss", "Init"])
def test_every_choice_may_be_written_as_its_bare_name(name: str) -> None:
    schema = TypeAdapter(CHOICES[name]).json_schema()
    bare, sections = schema["anyOf"][0], schema["$defs"].values()
    whole = [each for each in sections if "type" in each["properties"] and "required" not in each]
    assert set(bare["enum"]) == {each["properties"]["type"]["const"] for each in whole}


def test_every_activation_layer_may_be_a_field_of_another_layer() -> None:
    alone = {"prelu", "rrelu"}  # they have parameters or draws of their own
    kinds = {type: kind for type, kind in LAYERS.items() if type not in alone}
    layers = [type for type, kind in kinds.items() if issubclass(kind, ActivationLayer)]
    assert TypeAdapter(Activation).json_schema()["enum"] == layers
