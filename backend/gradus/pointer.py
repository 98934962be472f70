"""JSON pointers (RFC 6901) into a document."""

from collections.abc import Iterable
from typing import Any


def join(pointer: str, *keys: str | int) -> str:
    """`pointer` extended by `keys`.

    >>> join("/network", "layers", 0, "a/b")
    '/network/layers/0/a~1b'
    """
    return "/".join([pointer, *map(_escape, keys)])


def _escape(key: str | int) -> str:
    return str(key) if isinstance(key, int) else key.replace("~", "~0").replace("/", "~1")


def real_keys(value: Any, keys: Iterable[str | int]) -> list[str | int]:
    """The leading `keys` that exist in `value`; validators add names of their own to a location."""
    found: list[str | int] = []
    for key in keys:
        inside = isinstance(value, dict) and key in value
        if inside or (isinstance(value, list) and isinstance(key, int) and key < len(value)):
            value = value[key]
            found.append(key)
    return found


def at(value: Any, keys: Iterable[str | int]) -> Any:
    """What stands in `value` at `keys`; raises KeyError or IndexError where nothing does.

    >>> at({"layers": ["relu"]}, ["layers", 0])
    'relu'
    """
    for key in keys:
        value = value[key]
    return value
