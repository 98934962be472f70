"""The catalogue of layer types: what forms, menus and readers need, as JSON."""

from typing import Any

from gradus.composites import COMPOSITES
from gradus.layers import LAYERS, Layer
from gradus.section import Section
from gradus.train import Train


def catalogue() -> list[dict[str, Any]]:
    """One entry a layer type, in the order of the list of layers.

    `fields` is a JSON Schema for each field, defaults and bounds included, without references;
    `required` names those without a default; `inputs` says how many layers it may read.
    """
    return [_entry(layer) for layer in LAYERS.values()]


def composites() -> list[dict[str, Any]]:
    """The same for composites."""
    return [
        {"type": each.type, "meaning": each.meaning, **fields(each)} for each in COMPOSITES.values()
    ]


def training() -> dict[str, Any]:
    """The same for the `train` part. Optimizers and losses are the variants of their fields."""
    return fields(Train)


def _entry(layer: type[Layer]) -> dict[str, Any]:
    fewest, most = layer.inputs
    return {
        "type": layer.type,
        "family": layer.family,
        "meaning": layer.meaning,
        "formula": layer.formula,
        "inputs": {"fewest": fewest, "most": most},
        "ranks": list(layer.ranks),
        **fields(layer),
    }


def fields(model: type[Section]) -> dict[str, Any]:
    """The fields of a section as JSON Schema, every reference replaced by what it names."""
    schema = model.model_json_schema(by_alias=True)
    known = schema.get("$defs", {})
    return {
        "fields": {
            name: _inline(field, known) for name, field in schema.get("properties", {}).items()
        },
        "required": schema.get("required", []),
    }


def _inline(schema: Any, known: dict[str, Any]) -> Any:
    # As deep as the annotations of our own models.
    if isinstance(schema, list):
        return [_inline(each, known) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = known[schema["$ref"].rpartition("/")[2]]
        return _inline({**target, **{k: v for k, v in schema.items() if k != "$ref"}}, known)
    return {
        key: _inline(each, known)
        for key, each in schema.items()
        if key != "discriminator"  # its mapping holds references too, and `anyOf` says the same
    }
