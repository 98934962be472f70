"""The catalogue: one entry a layer, with all that a form needs."""

import json

import pytest

from gradus.catalogue import catalogue, composites, training
from gradus.layers import LAYERS

ENTRIES = {entry["type"]: entry for entry in catalogue()}


def test_it_holds_every_layer_in_order() -> None:
    assert list(ENTRIES) == list(LAYERS)


@pytest.mark.parametrize("type", LAYERS)
def test_an_entry_explains_itself(type: str) -> None:
    entry = ENTRIES[type]
    assert entry["meaning"].endswith(".")
    assert entry["formula"]
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
