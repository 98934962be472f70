"""JSON patches (RFC 6902), of which the fixes of problems are made."""

from typing import Any

Patch = list[dict[str, Any]]


def add(path: str, value: Any) -> Patch:
    return [{"op": "add", "path": path, "value": value}]


def replace(path: str, value: Any) -> Patch:
    return [{"op": "replace", "path": path, "value": value}]


def remove(path: str) -> Patch:
    return [{"op": "remove", "path": path}]


def move(source: str, path: str, value: Any) -> Patch:
    """Moves what stands at `source`, spelt without `move` so that readers need three operations."""
    return [*remove(source), *add(path, value)]
