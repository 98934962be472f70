"""JSON patch (RFC 6902) as far as fixes use it: add, remove, replace."""

import copy
from typing import Any


def apply(document: Any, patch: list[dict[str, Any]]) -> Any:
    """A copy of the document with the patch applied."""
    patched = copy.deepcopy(document)
    for change in patch:
        if change["op"] == "remove":
            take(patched, change["path"])
        else:
            put(
                patched,
                change["path"],
                copy.deepcopy(change["value"]),
                insert=change["op"] == "add",
            )
    return patched


def resolve(document: Any, pointer: str) -> Any:
    """What stands at a pointer."""
    for key in keys(pointer):
        document = document[int(key) if isinstance(document, list) else key]
    return document


def keys(pointer: str) -> list[str]:
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]


def take(document: Any, pointer: str) -> Any:
    parent, _, key = pointer.rpartition("/")
    holder = resolve(document, parent)
    return holder.pop(int(key) if isinstance(holder, list) else keys(f"/{key}")[0])


def put(document: Any, pointer: str, value: Any, *, insert: bool) -> None:
    parent, _, key = pointer.rpartition("/")
    holder = resolve(document, parent)
    if isinstance(holder, list) and insert:
        holder.insert(int(key), value)
    else:
        holder[int(key) if isinstance(holder, list) else keys(f"/{key}")[0]] = value
