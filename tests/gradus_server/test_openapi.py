"""The description of the API is complete: every operation has an example and its refusals."""

import json
import subprocess
import sys
from typing import Any

import pytest

from gradus.words import LANGUAGES, slots
from gradus_server.app import app
from gradus_server.policy import ROUTES
from gradus_server.problems import STATUS
from gradus_server.schema import wire_schema

DESCRIPTION: dict[str, Any] = app.openapi()
OPERATIONS = [
    (method, path, operation)
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
]


def named(operation: tuple[str, str, Any]) -> str:
    return f"{operation[0]} {operation[1]}"


def test_every_public_route_is_described() -> None:
    described = {(method.upper(), path) for method, path, _ in OPERATIONS}
    left_out = {"/{path:path}", "/api/v1/openapi.json", "/api/v1/stream"}
    assert described == {(m, p) for m, p in ROUTES if p not in left_out}


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_operation_says_what_it_does_and_how_it_refuses(operation: Any) -> None:
    _, _, described = operation
    assert described["description"]
    refusals = {s: r for s, r in described["responses"].items() if s >= "400"}
    assert {"400", "503"} <= set(refusals)
    for answer in refusals.values():
        assert "application/problem+json" in answer["content"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_operation_has_an_example(operation: Any) -> None:
    _, _, described = operation
    assert list(examples(described)), described["operationId"]


def examples(part: Any) -> Any:
    """Every example within a description, through its references."""
    if isinstance(part, dict):
        if part.get("example") is not None or part.get("examples"):
            yield part
        if "$ref" in part and "Problem" not in part["$ref"]:
            yield from examples(DESCRIPTION["components"]["schemas"][part["$ref"].split("/")[-1]])
        for name, inner in part.items():
            if not name.startswith(("4", "5")):
                yield from examples(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from examples(inner)


def references(part: Any) -> Any:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_no_reference_leads_nowhere() -> None:
    known = {f"#/components/schemas/{name}" for name in DESCRIPTION["components"]["schemas"]}
    assert set(references(DESCRIPTION)) <= known


def test_the_wire_is_described_the_same_every_time() -> None:
    command = [sys.executable, "-m", "gradus_server.schema"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed) == json.loads(json.dumps(wire_schema()))
    assert set(json.loads(printed)["events"]) >= {"status", "metrics", "rewind", "checkpoint"}


def codes() -> set[str]:
    return {kind.code for kind in STATUS} | {c for c in LANGUAGES["en"] if c.startswith("http.")}


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_refusal_has_words_in_both_languages(code: str) -> None:
    english, chinese = LANGUAGES["en"][code], LANGUAGES["zh"][code]
    assert slots(english) == slots(chinese)
    assert english.isascii() or "±" in english
    assert not chinese.isascii()
