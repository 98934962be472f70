"""The Compose file against the specification's own schema."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.deploy.compose_file import filled, written

SCHEMAS = Path(__file__).parents[1] / "schemas"


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    found = json.loads((SCHEMAS / "compose-spec.json").read_text())
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def test_the_copy_of_the_schema_is_unchanged() -> None:
    [noted] = re.findall(r"[0-9a-f]{64}", (SCHEMAS / "README.md").read_text())
    assert hashlib.sha256((SCHEMAS / "compose-spec.json").read_bytes()).hexdigest() == noted


@pytest.mark.parametrize("read", [written, filled])
def test_the_file_is_valid(read, schema: Draft202012Validator) -> None:
    assert [f"{error.json_path}: {error.message}" for error in schema.iter_errors(read())] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda compose: compose["services"]["server"].update(read_onyl=True),
        lambda compose: compose["services"]["redis"].update(cap_drop="ALL"),
        lambda compose: compose["services"]["worker"]["depends_on"].update(redis="healthy"),
        lambda compose: compose.update(service={}),
        lambda compose: compose["volumes"].update({"a b": None}),
    ],
)
def test_the_schema_refuses_a_spoilt_file(spoil, schema: Draft202012Validator) -> None:
    compose = written()
    spoil(compose)
    assert not schema.is_valid(compose)
