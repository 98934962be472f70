"""`gradus zoo`, and documents written as YAML."""

import json

import pytest
from typer.testing import CliRunner

from gradus.presets import PRESETS
from gradus.zoo import ZOO
from gradus_client.command import build
from gradus_client.document import read
from gradus_client.writing import write

DOCUMENTS = {name: each.document for name, each in {**ZOO, **PRESETS}.items()}


def gradus(*arguments, typed=None):
    return CliRunner().invoke(build(), list(arguments), input=typed)


def test_the_list_names_every_network_with_its_count():
    answer = gradus("zoo", "list", "--json")
    listed = {entry["name"]: entry["parameters"] for entry in json.loads(answer.stdout)}
    assert listed == {name: entry.parameters for name, entry in ZOO.items()}


def test_what_is_shown_can_be_planned_as_it_stands():
    shown = gradus("zoo", "show", "resnet50").stdout
    planned = gradus("plan", "-", "--json", typed=shown)
    assert json.loads(planned.stdout)["totals"]["parameters"] == 25_557_032


def test_a_name_that_is_nearly_right_is_put_right():
    answer = gradus("zoo", "show", "resnet5")
    assert answer.exit_code == 1
    assert "Did you mean resnet50?" in answer.stderr


@pytest.mark.parametrize("name", DOCUMENTS)
def test_written_yaml_is_read_back_as_the_same_document(name):
    document = json.loads(json.dumps(DOCUMENTS[name]))
    assert read(name, write(document)).document == document


@pytest.mark.parametrize(
    "value",
    [
        "true",
        "null",
        "1e3",
        "",
        "a: b",
        "- x",
        "no",
        "a#b",
        "a # b",
        "{x}",
        "4 * $w",
        "é",
        "'",
        '"',
    ],
)
def test_no_text_is_taken_for_something_else(value):
    document = {"spec": "nn/1", "name": value, value or "empty": [value]}
    assert read("x", write(document)).document == document
