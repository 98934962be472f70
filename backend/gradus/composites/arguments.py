"""Filling a block's params into its layers: `$width`, or arithmetic such as `4 * $width`.

The arithmetic knows whole numbers, + - * // and brackets, and nothing else.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from gradus import limits
from gradus.composites.composite import Arguments, Composite
from gradus.faults import nearest
from gradus.patch import replace
from gradus.pointer import join
from gradus.problems import Report
from gradus.validation import Model, validate

_TOKEN = re.compile(r"\s*(\$[a-z][a-z0-9_]*|\d{1,16}|//|[-+*()])")
_ALONE = re.compile(r"\$([a-z][a-z0-9_]*)")
_RANK = {"+": 1, "-": 1, "*": 2, "//": 2}


class Unreadable(Exception):
    """An expression that is no arithmetic on the params; holds the code of the problem and its params."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_fields(
    kind: type[Model],
    fields: Mapping[str, Any],
    arguments: Arguments,
    path: str,
    report: Report,
    *,
    layer: str | None = None,
) -> Model | None:
    """The model of a written layer or composite, its params filled in; None after reporting faults.

    Args:
        fields: as written at `path`. Bodies are left as they are: their own entries are read later.
        layer: name of the layer that faults belong to.
    """
    bodies = kind.bodies if issubclass(kind, Composite) else ()
    filled = {
        key: value
        if key in bodies or _is_plain(value)
        else _filled(value, arguments, join(path, key), report)
        for key, value in fields.items()
    }
    written = tuple([(key, type(value), value) for key, value in filled.items()])
    try:
        sound: Model = _sound(kind, written)
        return sound
    except (TypeError, ValidationError):  # a list cannot be looked up, a fault has to be told
        return validate(kind, filled, path, report, layer=layer, unfilled=fields)


@lru_cache(maxsize=4096)
def _sound(kind: type[Model], written: tuple[tuple[str, type, Any], ...]) -> Model:
    """The model of what is written again and again. With the types, since 1 equals true and 1.0."""
    model: Model = kind.model_validate({key: value for key, _, value in written})
    return model


def _is_plain(value: Any) -> bool:
    """Whether no param can be in it."""
    return "$" not in value if isinstance(value, str) else not isinstance(value, dict | list)


def _filled(value: Any, arguments: Arguments, path: str, report: Report) -> Any:
    if isinstance(value, dict):
        return {
            key: _filled(each, arguments, join(path, key), report) for key, each in value.items()
        }
    if isinstance(value, list):
        return [_filled(each, arguments, join(path, at), report) for at, each in enumerate(value)]
    if not isinstance(value, str) or "$" not in value:
        return value
    try:
        return evaluate(value, arguments)
    except Unreadable as fault:
        near = nearest(fault.params["field"], arguments.values) if "field" in fault.params else None
        fix = (
            replace(path, re.sub(rf"\${fault.params['field']}\b", f"${near}", value))
            if near
            else None
        )
        report.add(fault.code, path, got=value, fix=fix, text=value, nearest=near, **fault.params)
        return value


def evaluate(text: str, arguments: Arguments) -> Any:
    """The value of one expression; a param that stands alone may hold anything.

    Raises Unreadable.

    >>> evaluate("4 * ($width + 1)", Arguments({"width": 8}, ""))
    36
    """
    alone = _ALONE.fullmatch(text)
    if alone:
        return _value(alone[1], arguments)
    return _reduce(_tokens(text), arguments)


def _value(name: str, arguments: Arguments) -> Any:
    if name not in arguments.values:
        raise Unreadable("expression.unknown", field=name)
    return arguments.values[name]


@lru_cache(maxsize=256)
def _tokens(text: str) -> tuple[str, ...]:
    tokens: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if not found:
            raise Unreadable("expression.unreadable")
        tokens.append(found[1])
        at = found.end()
    return tuple(tokens)


def _reduce(tokens: Sequence[str], arguments: Arguments) -> int:
    # Dijkstra's shunting yard: no recursion, whatever the brackets.
    values: list[int] = []
    waiting: list[str] = []
    operand = True  # whether an operand must come next
    for token in tokens:
        if operand != (token == "(" or token[0] == "$" or token.isdigit()):
            raise Unreadable("expression.unreadable")
        if token == "(":
            waiting.append(token)
        elif token == ")":
            while waiting and waiting[-1] != "(":
                _apply(waiting.pop(), values)
            if not waiting:
                raise Unreadable("expression.unreadable")
            waiting.pop()
        elif token in _RANK:
            while waiting and _RANK.get(waiting[-1], 0) >= _RANK[token]:
                _apply(waiting.pop(), values)
            waiting.append(token)
            operand = True
        else:
            values.append(_whole(token, arguments))
            operand = False
    if operand or "(" in waiting:
        raise Unreadable("expression.unreadable")
    while waiting:
        _apply(waiting.pop(), values)
    return values[0]


def _whole(token: str, arguments: Arguments) -> int:
    value = _value(token[1:], arguments) if token[0] == "$" else int(token)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable("expression.not_whole", field=token[1:])
    return value


def _apply(operator: str, values: list[int]) -> None:
    right, left = values.pop(), values.pop()
    if operator == "//" and right == 0:
        raise Unreadable("expression.zero")
    results = {"+": left + right, "-": left - right, "*": left * right, "//": left // (right or 1)}
    if abs(results[operator]) > limits.INTEGER:
        raise Unreadable("expression.large", limit=limits.INTEGER)
    values.append(results[operator])
