"""The catalogue: one entry a layer, with all that a form needs."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from gradus.catalogue import catalogue, composites, data, training
from gradus.layers import LAYERS
from gradus.schema import json_schema
from gradus.words import SENTENCES

ENTRIES = {entry["type"]: entry for entry in catalogue()}


def test_it_holds_every_layer_in_order() -> None:
    assert list(ENTRIES) == list(LAYERS)


@pytest.mark.parametrize("type", LAYERS)
def test_an_entry_explains_itself(type: str) -> None:
    entry = ENTRIES[type]
    assert entry["meaning"].endswith(".")
    assert entry["formula"]
    assert entry["shape_rule"]
    assert entry["counts"]
    assert "$ref" not in json.dumps(entry)


def test_fields_have_bounds_and_defaults() -> None:
    conv = ENTRIES["conv2d"]
    assert conv["required"] == ["filters"]
    assert conv["fields"]["filters"]["minimum"] == 1
    assert conv["fields"]["padding"]["default"] == "same"
    assert ENTRIES["dropout"]["fields"]["rate"]["exclusiveMaximum"] == 1


def test_composites_have_entries_too() -> None:
    assert [entry["type"] for entry in composites()] == [
        "repeat",
        "block",
        "branches",
        "residual",
        "inception",
        "apply",
        "each",
        "transformer_encoder",
        "transformer_decoder",
    ]


def test_training_offers_every_optimizer_and_loss_with_its_fields() -> None:
    fields = training()["fields"]
    assert "$ref" not in json.dumps(fields)
    optimizers = fields["optimizer"]["anyOf"]
    variants = {each["properties"]["type"]["const"]: each for each in optimizers[1]["oneOf"]}
    assert set(optimizers[0]["enum"]) == set(variants)
    assert variants["sgd"]["properties"]["momentum"]["default"] == 0
    losses = fields["losses"]["anyOf"][0]["items"]["anyOf"][0]["enum"]
    assert "cross_entropy" in losses


def sentences(part: Any) -> Iterator[str]:
    """Every meaning and description of a part of the catalogue."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("meaning", "description") and isinstance(value, str):
                yield value
            else:
                yield from sentences(value)
    elif isinstance(part, list):
        for each in part:
            yield from sentences(each)


def undescribed(part: Any) -> Iterator[str]:
    """Names of fields that say nothing of themselves, at any depth."""
    if isinstance(part, dict):
        for name, field in part.get("properties", {}).items():
            if name != "type" and not field.get("description"):
                yield name
        for value in part.values():
            yield from undescribed(value)
    elif isinstance(part, list):
        for each in part:
            yield from undescribed(each)


@pytest.mark.parametrize(
    "entry",
    [*catalogue(), *composites(), {"type": "data", **data()}, {"type": "train", **training()}],
)
def test_every_field_says_what_it_is(entry: dict[str, Any]) -> None:
    assert list(undescribed({"properties": entry["fields"]})) == []


def test_every_meaning_and_description_has_chinese_and_nothing_else_has() -> None:
    english = set(sentences([catalogue(), composites(), data(), training(), json_schema()]))
    told = [catalogue("zh"), composites("zh"), data("zh"), training("zh"), json_schema("zh")]
    chinese = set(sentences(told))
    assert len(english) > 150
    assert [each for each in chinese if not re.search("[一-鿿]", each)] == []
    assert SENTENCES["zh"].keys() == english


def test_an_entry_carries_shape_rule_counts_source_and_a_planned_example() -> None:
    conv = ENTRIES["conv2d"]
    assert conv["shape_rule"].startswith("[C, H, W] → [filters, H', W']")
    assert conv["counts"] == "filters · C / groups · kh · kw + filters"
    assert conv["source"].startswith("LeCun et al. 1998")
    assert conv["example"]["output"] == [16, 16, 16]
    assert conv["example"]["parameters"] == 1216
    assert ENTRIES["lstm"]["example"]["document"]["network"]["input"] == ["*", 3]
