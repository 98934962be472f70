"""The catalogue of layer types: what forms, menus and readers need, as JSON."""

from typing import Any

from gradus.composites import COMPOSITES, Composite
from gradus.data import Data
from gradus.layers import LAYERS, Layer
from gradus.section import Section
from gradus.train import Train
from gradus.words import translate
from gradus.worked import worked


def catalogue(language: str = "en") -> list[dict[str, Any]]:
    """One entry a layer type, in the order of the list of layers.

    `fields` is a JSON Schema for each field, defaults and bounds included, without references;
    `required` names those without a default; `inputs` says how many layers it may read, `ranks`
    with how many axes the first of them (none named: any number), `integers` whether it reads
    whole numbers alone, `ports` the names by which `from` may tell its inputs apart; `example` is a
    document with its output's shape and its number of parameters. `language` is that of meanings
    and descriptions: "en" or "zh".
    """
    return [
        {
            **_told(layer, language),
            "family": layer.family,
            "inputs": dict(zip(("fewest", "most"), layer.inputs, strict=True)),
            "ranks": list(layer.ranks or layer.reads),
            "integers": layer.integers,
        }
        for layer in LAYERS.values()
    ]


def composites(language: str = "en") -> list[dict[str, Any]]:
    """The same for composites, which have no family, inputs and ranks."""
    return [_told(each, language) for each in COMPOSITES.values()]


def training(language: str = "en") -> dict[str, Any]:
    """The fields of the `train` part. Optimizers and losses are the variants of their fields."""
    return fields(Train, language)


def data(language: str = "en") -> dict[str, Any]:
    """The fields of the `data` part. Transforms are the variants of their field."""
    return fields(Data, language)


def _told(kind: type[Layer] | type[Composite], language: str) -> dict[str, Any]:
    return {
        "type": kind.type,
        "meaning": translate(kind.meaning, language),
        "formula": kind.formula,
        "shape_rule": kind.shape_rule,
        "counts": kind.counts,
        "ports": list(kind.ports),
        "source": kind.source,
        "example": worked(kind).to_json(),
        **fields(kind, language),
    }


def fields(model: type[Section], language: str = "en") -> dict[str, Any]:
    """The fields of a section as JSON Schema, every reference replaced by what it names."""
    schema = model.model_json_schema(by_alias=True)
    known = schema.get("$defs", {})
    return {
        "fields": {
            name: _inline(field, known, language)
            for name, field in schema.get("properties", {}).items()
        },
        "required": schema.get("required", []),
    }


def _inline(schema: Any, known: dict[str, Any], language: str) -> Any:
    # As deep as the annotations of our own models.
    if isinstance(schema, list):
        return [_inline(each, known, language) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = known[schema["$ref"].rpartition("/")[2]]
        merged = {**target, **{k: v for k, v in schema.items() if k != "$ref"}}
        return _inline(merged, known, language)
    return {
        key: described(each, language)
        if key == "description" and isinstance(each, str)
        else _inline(each, known, language)
        for key, each in schema.items()
        if key != "discriminator"  # its mapping holds references too, and `anyOf` says the same
    }


def described(text: str, language: str) -> str:
    """A description of a schema in a language; a docstring of several lines is one sentence."""
    return translate(" ".join(text.split()), language)
