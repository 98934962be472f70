"""One entry of a list of layers, as it was written."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradus.patch import Patch, add, replace
from gradus.problems import show

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
RESERVED = frozenset({"input", "batch", "target", "noise", "ones", "zeros"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A layer or a composite of a list: its word, its name in its scope and the rest as written."""

    type: str | None  # None where the entry is no layer at all
    name: str
    fields: dict[str, Any]
    source: Any  # of `from`: None, a name, or a list of names
    written: Any


def read_entries(written: Sequence[Any]) -> list[Entry]:
    """The entries of one list, unnamed ones named by their type and its ordinal among all of it.

    >>> [entry.name for entry in read_entries(["relu", {"type": "relu", "name": "last"}, "relu"])]
    ['relu_1', 'last', 'relu_3']
    """
    ordinals: Counter[str] = Counter()
    entries = []
    for each in written:
        fields = each if isinstance(each, dict) else {"type": each}
        type = fields.get("type")
        type = type if isinstance(type, str) else None
        ordinals[type or ""] += 1
        name = fields.get("name")
        entries.append(
            Entry(
                type=type,
                name=name if isinstance(name, str) else f"{type}_{ordinals[type or '']}",
                fields=own_fields(fields),
                source=fields.get("from"),
                written=each,
            )
        )
    return entries


def own_fields(written: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a written layer that belong to its type, not to every entry of a list."""
    return {key: value for key, value in written.items() if key not in ("type", "name", "from")}


def label(entry: Entry) -> str:
    """How a problem calls an entry."""
    return entry.type or show(entry.written)


def set_field(entry: Entry, path: str, field: str, value: Any) -> Patch | None:
    """The patch that gives a written entry a field; None where an argument of a block decides it."""
    if not isinstance(entry.written, dict):
        return replace(path, {"type": entry.written, field: value})
    if field not in entry.written:
        return add(f"{path}/{field}", value)
    if isinstance(entry.written[field], str) and "$" in entry.written[field]:
        return None
    return replace(f"{path}/{field}", value)
