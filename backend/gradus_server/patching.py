"""JSON patches (RFC 6902) on documents: `add`, `remove` and `replace`."""

import copy
from collections.abc import Sequence
from typing import Any

from gradus.problems import problem
from gradus_server.body import printable
from gradus_server.problems import Refused
from gradus_server.wire import Operation


def patched(document: dict[str, Any], operations: Sequence[Operation]) -> dict[str, Any]:
    """The document with every operation done, in order; raises `Refused` for one that does not fit.

    >>> patched({"train": {"epochs": 5}},
    ...         [Operation(op="replace", path="/train/epochs", value=9)])
    {'train': {'epochs': 9}}
    """
    changed = copy.deepcopy(document)
    for index, operation in enumerate(operations):
        try:
            _do(changed, operation)
        except (KeyError, IndexError, ValueError, TypeError):
            where = printable(operation.path)
            found = problem("http.patch", f"/changes/{index}", index=index, pointer=where)
            raise Refused(422, "http.fields", {"count": 1}, problems=[found]) from None
    return changed


def _do(document: Any, operation: Operation) -> None:
    *parents, last = [_plain(key) for key in operation.path.split("/")[1:]]
    place = document
    for key in parents:
        place = place[_index(key, len(place) - 1)] if isinstance(place, list) else place[key]
    if isinstance(place, list):
        _in_list(place, last, operation)
    elif isinstance(place, dict):
        _in_object(place, last, operation)
    else:
        raise TypeError(last)


def _plain(key: str) -> str:
    return key.replace("~1", "/").replace("~0", "~")


def _index(key: str, most: int) -> int:
    if not key.isascii() or not key.isdecimal() or len(key) > 6 or int(key) > most:
        raise IndexError(key)
    return int(key)


def _in_list(place: list[Any], key: str, operation: Operation) -> None:
    if operation.op == "add":
        at = len(place) if key == "-" else _index(key, len(place))
        place.insert(at, operation.value)
    elif operation.op == "remove":
        del place[_index(key, len(place) - 1)]
    else:
        place[_index(key, len(place) - 1)] = operation.value


def _in_object(place: dict[str, Any], key: str, operation: Operation) -> None:
    if operation.op != "add" and key not in place:
        raise KeyError(key)
    if operation.op == "remove":
        del place[key]
    else:
        place[key] = operation.value
