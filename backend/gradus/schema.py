"""The JSON Schema (2020-12) of a document, for editors that complete and explain."""

from typing import Any

from pydantic.json_schema import models_json_schema

from gradus.catalogue import described
from gradus.composites import COMPOSITES
from gradus.composites.block import BlockDefinition
from gradus.data import Data
from gradus.document import Document, Network
from gradus.entries import NAME
from gradus.function import Function
from gradus.layers import LAYERS
from gradus.section import Section
from gradus.train import Train

_ENTRY = {"$ref": "#/$defs/entry"}
_OPEN = {"$ref": "#/$defs/open_entry"}


def json_schema(language: str = "en") -> dict[str, Any]:
    """What a document may look like. `plan` knows more: names, shapes, limits, what fits together.

    `language` is that of the descriptions: "en" or "zh".
    """
    kinds: list[type[Section]] = [*LAYERS.values(), *COMPOSITES.values()]
    parts: list[type[Section]] = [Document, Network, BlockDefinition, Data, Train, Function]
    names, schema = models_json_schema(
        [(model, "validation") for model in [*kinds, *parts]],
        ref_template="#/$defs/{model}",
    )
    known = schema["$defs"]
    refs = {model: names[model, "validation"]["$ref"] for model in [*kinds, *parts]}
    for kind in kinds:
        _extend(known[_name(refs[kind])], kind)
    known["entry"] = _entry([refs[kind] for kind in kinds])
    known["open_entry"] = _open_entry([_word(kind) for kind in kinds])
    _link(known, refs)
    whole = {**known.pop(_name(refs[Document])), "title": "nn/1", "$defs": known}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_told(whole, language)}


def _told(schema: Any, language: str) -> Any:
    # As deep as the annotations of our own models.
    if isinstance(schema, list):
        return [_told(each, language) for each in schema]
    if not isinstance(schema, dict):
        return schema
    # A field may be called `description` too; what it may be is then a schema of its own.
    return {
        key: described(each, language)
        if key == "description" and isinstance(each, str)
        else _told(each, language)
        for key, each in schema.items()
    }


def _name(ref: str) -> str:
    return ref.rpartition("/")[2]


def _word(kind: type[Section]) -> str:
    return str(vars(kind)["type"])


def _extend(schema: dict[str, Any], kind: type[Section]) -> None:
    """A layer's own fields, and those that every entry of a list has."""
    schema["title"] = _word(kind)
    schema["description"] = vars(kind)["meaning"]
    name = {
        "type": "string",
        "pattern": f"^{NAME.pattern}$",
        "description": "Its name in this list.",
    }
    source = {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
            {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
        ],
        "description": "The earlier layers that it reads; the one before unless said.",
    }
    own = schema.get("properties", {})
    schema["properties"] = {"type": {"const": _word(kind)}, "name": name, "from": source, **own}
    schema["required"] = ["type", *schema.get("required", [])]
    _bodies(schema["properties"])


def _bodies(fields: dict[str, Any]) -> None:
    for field in ("body", "layers"):
        if field in fields:
            fields[field]["items"] = _ENTRY
    if "branches" in fields:
        fields["branches"]["items"] = {"type": "array", "items": _ENTRY}


def _entry(refs: list[str]) -> dict[str, Any]:
    bare = [_word(kind) for kind in LAYERS.values() if not _required(kind)]
    return {
        "title": "layer",
        "anyOf": [{"enum": bare, "description": "A layer that needs no field."}]
        + [{"$ref": ref} for ref in refs],
    }


def _required(kind: type[Section]) -> bool:
    return any(info.is_required() for info in kind.model_fields.values())


def _open_entry(words: list[str]) -> dict[str, Any]:
    """An entry of a block's body: any field may hold `$param`, so only its type is held against the list."""
    return {
        "title": "layer of a block",
        "anyOf": [
            {"enum": words},
            {"type": "object", "properties": {"type": {"enum": words}}, "required": ["type"]},
        ],
    }


def _link(known: dict[str, Any], refs: dict[type[Section], str]) -> None:
    """Puts the parts into the document, which reads each of them on its own."""
    document = known[_name(refs[Document])]["properties"]
    document["data"] = {"anyOf": [{"type": "string"}, {"$ref": refs[Data]}]}
    document["network"] = {"$ref": refs[Network]}
    several = document["networks"]["anyOf"][0]
    document["networks"] = {
        **several,
        "minProperties": 1,
        "additionalProperties": {"$ref": refs[Network]},
        "description": document["networks"]["description"],
    }
    whole = known[_name(refs[Document])]
    whole["required"] = [part for part in whole["required"] if part != "network"]
    whole["oneOf"] = [{"required": [part]} for part in ("network", "networks", "function")]
    # A function reads no data and has no layers to share.
    alone = {"properties": dict.fromkeys(("data", "blocks", "tie"), False)}
    whole["dependentSchemas"] = {"function": alone}
    document["function"] = {
        "$ref": refs[Function],
        "description": document["function"]["description"],
    }
    document["train"] = {"$ref": refs[Train]}
    document["blocks"] = {"type": "object", "additionalProperties": {"$ref": refs[BlockDefinition]}}
    _bodies(known[_name(refs[Network])]["properties"])
    known[_name(refs[BlockDefinition])]["properties"]["layers"]["items"] = _OPEN
