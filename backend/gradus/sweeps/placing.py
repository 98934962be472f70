"""A value put at a place of a document, making what is missing and writing out what stands short."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from gradus.optimizers import Adam

# What a bare word in place of a section means; everywhere else it is the section's type.
BARE = {"/data": "name"}
# A section that is not written begins as its default, where its type has to be said.
MISSING: Mapping[str, Mapping[str, Any]] = {"/train/optimizer": {"type": Adam().type}}


class Misplaced(ValueError):
    """Nothing can stand at the pointer; `at` is how far the document goes along with it."""

    def __init__(self, at: str) -> None:
        super().__init__(at)
        self.at = at


def keys_of(pointer: str) -> list[str]:
    """The keys along a JSON pointer (RFC 6901).

    >>> keys_of("/network/layers/0/a~1b")
    ['network', 'layers', '0', 'a/b']
    """
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]


def placed(document: Any, pointer: str, value: Any) -> Any:
    """A copy of the document with `value` at `pointer`; what is not on the way is shared.

    Raises Misplaced where a list has no such index, or a number stands in the way.

    >>> placed({"train": {"optimizer": "sgd"}}, "/train/optimizer/learning_rate", 0.1)
    {'train': {'optimizer': {'type': 'sgd', 'learning_rate': 0.1}}}
    """
    return _placed(document, keys_of(pointer), value, "")


def _placed(parent: Any, keys: list[str], value: Any, here: str) -> Any:
    if not keys:
        return value
    key, *rest = keys
    if isinstance(parent, list):
        if not (key.isdecimal() and key.isascii() and int(key) < len(parent)):
            raise Misplaced(here)
        index = int(key)
        found = copy(parent)
        found[index] = _placed(parent[index], rest, value, f"{here}/{key}")
        return found
    if parent is None:
        parent = MISSING.get(here, {})
    elif isinstance(parent, str) and here:
        parent = {BARE.get(here, "type"): parent}
    if not isinstance(parent, Mapping):
        raise Misplaced(here)
    return {**parent, key: _placed(parent.get(key), rest, value, f"{here}/{key}")}
