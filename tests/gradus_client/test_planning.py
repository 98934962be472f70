"""`gradus plan`: what a spec is and costs, and what is wrong with it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gradus_client.command import build

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
WRONG = """\
spec: nn/1
data: {name: digits}
network:
  layers:
    - {type: conv2d, filters: 0}
    - max_pol2d
    - {type: linear, unis: 10}
"""


def gradus(*arguments, typed=None):
    return CliRunner().invoke(build(), list(arguments), input=typed)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_can_be_planned_without_advice(example):
    answer = gradus("plan", str(example), "--json")
    assert answer.exit_code == 0, answer.stderr
    assert json.loads(answer.stdout)["advice"] == []


def test_there_are_examples():
    assert len(EXAMPLES) >= 6


def test_the_plan_as_json_has_layers_and_totals():
    [digits] = [path for path in EXAMPLES if path.stem == "digits-cnn"]
    plan = json.loads(gradus("plan", str(digits), "--json").stdout)
    first = plan["layers"][0]
    assert (first["name"], first["type"]) == ("conv2d_1", "conv2d")
    assert (first["output"], first["parameters"]) == ([16, 8, 8], 160)
    assert first["multiply_adds"] == 16 * 8 * 8 * 9
    assert plan["totals"]["parameters"] == 160 + 4640 + 1290


def test_the_plan_as_a_table_shows_shapes_and_totals():
    [digits] = [path for path in EXAMPLES if path.stem == "digits-cnn"]
    shown = gradus("plan", str(digits)).stdout
    assert "16 × 8 × 8" in shown
    assert "6,090" in shown
    assert "1,258 train" in shown


def test_a_spec_can_be_piped_in():
    typed = json.dumps({"spec": "nn/1", "network": {"input": [3], "layers": [{"type": "relu"}]}})
    answer = gradus("plan", "-", "--json", typed=typed)
    assert json.loads(answer.stdout)["layers"][0]["output"] == [3]


def test_every_problem_is_told_with_line_expectation_and_remedy(tmp_path):
    spec = tmp_path / "wrong.yaml"
    spec.write_text(WRONG)
    answer = gradus("plan", str(spec))
    assert answer.exit_code == 2
    assert answer.stdout == ""
    for place in ("5:22", "6:7", "7:22"):
        assert f"{spec}:{place}" in answer.stderr
    assert "remedy: Did you mean max_pool2d?" in answer.stderr
    assert "expected:" in answer.stderr
    assert "3 problems in" in answer.stderr


def test_problems_as_json_are_all_there_at_once():
    answer = gradus("plan", "-", "--json", typed=WRONG)
    assert answer.exit_code == 2
    problems = json.loads(answer.stdout)["problems"]
    assert [problem["path"] for problem in problems] == [
        "/network/layers/0/filters",
        "/network/layers/1",
        "/network/layers/2/unis",
    ]
    assert [problem["line"] for problem in problems] == [5, 6, 7]
    assert all(problem["message"] and problem["code"] for problem in problems)


def test_a_text_that_is_no_yaml_is_a_problem_with_its_place():
    answer = gradus("plan", "-", typed="spec: nn/1\n  data: {\n")
    assert answer.exit_code == 2
    assert "standard input:2:7" in answer.stderr


def test_a_file_that_is_not_utf_8_is_named_with_the_place(tmp_path):
    spec = tmp_path / "latin.yaml"
    spec.write_bytes("spec: nn/1\nname: é\n".encode("latin-1"))
    answer = gradus("plan", str(spec))
    assert answer.exit_code == 2
    assert f"{spec}:2:7" in answer.stderr


def test_a_missing_file_is_a_sentence():
    answer = gradus("plan", "nowhere.yaml")
    assert answer.exit_code == 2
    assert answer.stderr == "nowhere.yaml cannot be read: No such file or directory.\n"
