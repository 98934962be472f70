"""Whether a value is JSON that every reader understands alike, before anything else looks at it."""

from collections.abc import Iterator
from math import isfinite
from typing import Any, NamedTuple
from unicodedata import bidirectional, category

from gradus import limits
from gradus.pointer import join
from gradus.problems import Report

_UNSEEN = frozenset({"Cc", "Cs"})  # controls and lone surrogates
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})

_DEEPEST = 10_000


class Place(NamedTuple):
    """Where a value stands. Its pointer is written out only when there is something to tell."""

    above: "Place | None"
    key: Any
    depth: int

    def pointer(self) -> str:
        keys, place = [], self
        while place.above is not None:
            keys.append(place.key)
            place = place.above
        return join("", *reversed(keys))


def check(document: Any, report: Report) -> None:
    """Reports values that are no JSON, numbers that JavaScript would round, texts that hide something.

    Walks without recursion, so that nesting costs no stack, and does not enter what is too long.
    """
    pending: list[tuple[Any, Place]] = [(document, Place(None, "", 1))]
    values = 0
    while pending:
        value, place = pending.pop()
        if place.depth > limits.JSON_DEPTH:
            depth = _depth(document)
            said = f"≥ {depth}" if depth == _DEEPEST else depth
            report.add("limit.depth", place.pointer(), depth=said, limit=limits.JSON_DEPTH)
            return
        if len(value) > limits.LAYERS:
            _refuse_length(len(value), place.pointer(), report)
            continue
        values += len(value)
        if values > limits.VALUES:
            report.add("limit.values", place.pointer(), limit=limits.VALUES)
            return
        if isinstance(value, dict):
            _keys(value, place, report)
        for key, child in _children(value):
            # Nearly every value is a short word: those are passed without a call.
            if type(child) is str and len(child) < 100 and child.isascii() and child.isprintable():
                continue
            if isinstance(child, dict | list):
                if child:
                    pending.append((child, Place(place, key, place.depth + 1)))
            elif (fault := _fault(child)) is not None:
                code, params = fault
                path = join(place.pointer(), key)
                report.add(code, path, got=params.get("value"), **params)


def _refuse_length(count: int, path: str, report: Report) -> None:
    code = "limit.layers" if path == "/network/layers" else "limit.entries"
    report.add(code, path, got=str(count), count=count, limit=limits.LAYERS)


def _children(value: Any) -> Iterator[tuple[Any, Any]]:
    return iter(value.items()) if isinstance(value, dict) else enumerate(value)


def _depth(document: Any) -> int:
    """How deep it is nested, counted no further than anybody wants to know."""
    deepest, pending = 0, [(document, 1)]
    while pending and deepest < _DEEPEST:
        value, depth = pending.pop()
        deepest = max(deepest, depth)
        pending.extend(
            (child, depth + 1) for _, child in _children(value) if isinstance(child, dict | list)
        )
    return deepest


def _keys(value: dict[Any, Any], place: Place, report: Report) -> None:
    for key in value:
        if not isinstance(key, str):
            report.add("document.value", place.pointer(), kind=type(key).__name__)
        elif not _readable(key):
            report.add("document.text", place.pointer(), limit=limits.TEXT)


def _fault(value: Any) -> tuple[str, dict[str, Any]] | None:
    """The code and params of what is wrong with a value that holds no others."""
    if isinstance(value, str):
        return None if _readable(value) else ("document.text", {"limit": limits.TEXT})
    if isinstance(value, int):
        if abs(value) <= limits.INTEGER:
            return None
        return "document.number", {"value": f"1e{int(value.bit_length() * 0.30103)}"}
    if isinstance(value, float):
        return None if isfinite(value) else ("document.number", {"value": str(value)})
    return None if value is None else ("document.value", {"kind": type(value).__name__})


def _readable(text: str) -> bool:
    if len(text) > limits.TEXT:
        return False
    if text.isascii():
        return text.isprintable()
    return not any(category(sign) in _UNSEEN or bidirectional(sign) in _TURNING for sign in text)
