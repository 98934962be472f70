"""A document as YAML for people: what fits on a line stands on one, the rest in blocks."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 96
_PLAIN = re.compile(r"[A-Za-z_$][\w $*./+-]*[\w)]|[A-Za-z_$]")
_OTHER_KINDS = frozenset({"true", "false", "null"})  # YAML 1.2 core reads no other word so


def write(document: Mapping[str, Any]) -> str:
    """YAML 1.2 that `read` takes back to the same document.

    >>> print(write({"spec": "nn/1", "network": {"layers": ["relu", {"type": "linear"}]}}), end="")
    spec: nn/1
    network: {layers: [relu, {type: linear}]}
    """
    return "".join(f"{line}\n" for line in _mapping(document, 0))


def _mapping(value: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, each in value.items():
        yield from _entry(f"{' ' * indent}{_scalar(key)}:", each, indent + 2)


def _list(value: list[Any], indent: int) -> Iterator[str]:
    for each in value:
        head, line = f"{' ' * indent}-", _flow(each)
        if len(head) + 1 + len(line) <= WIDTH or not _has_parts(each):
            yield f"{head} {line}"
            continue
        first, *rest = _block(each, indent + 2)
        yield f"{head} {first.lstrip()}"
        yield from rest


def _entry(head: str, value: Any, indent: int) -> Iterator[str]:
    line = _flow(value)
    if len(head) + 1 + len(line) <= WIDTH or not _has_parts(value):
        yield f"{head} {line}"
    else:
        yield head
        yield from _block(value, indent)


def _has_parts(value: Any) -> bool:
    return isinstance(value, Mapping | list) and bool(value)


def _block(value: Any, indent: int) -> Iterator[str]:
    return _mapping(value, indent) if isinstance(value, Mapping) else _list(value, indent)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = (f"{_scalar(key)}: {_flow(each)}" for key, each in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _OTHER_KINDS
    return str(value) if plain else json.dumps(value, ensure_ascii=False)
