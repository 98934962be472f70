"""JSON bodies: what the standard parser lets through and a service must not.

Refused: more than 1 MiB, more than 32 levels, bytes that are not UTF-8, NaN and Infinity,
duplicate keys, lone surrogates, control and bidirectional characters, whole numbers that
JavaScript cannot hold.
"""

import json
import math
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1  # Number.MAX_SAFE_INTEGER
LONGEST_INTEGER = 17  # characters, sign included

# Tab, line feed and carriage return belong to text; every other control does not, nor do
# lone surrogates and the characters that reorder what a person reads (UAX 9).
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class BodyRefused(Exception):
    """A body that is no JSON for us: `code` and `params` for the words, `path` where it is."""

    def __init__(self, code: str, path: str = "", *, status: int = 400, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.path = path
        self.status = status
        self.params = params


def require_json(content_type: str | None) -> None:
    """Refuse any other type: a form of a foreign page can send those without asking first."""
    kind, _, rest = (content_type or "").partition(";")
    charset = rest.strip().lower()
    if kind.strip().lower() != "application/json" or charset not in {"", "charset=utf-8"}:
        raise BodyRefused("http.content_type", status=415)


async def collect(
    chunks: AsyncIterator[bytes], declared: str | None = None, *, limit: int = MAX_BYTES
) -> bytes:
    """The whole body; reading ends at the limit, whatever the length header said."""
    if declared is not None and declared.isdecimal() and int(declared[:12]) > limit:
        raise BodyRefused("http.body_size", status=413, limit=limit)
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise BodyRefused("http.body_size", status=413, limit=limit)
    return bytes(body)


def parse(raw: bytes) -> Any:
    """The JSON value of a body; raises `BodyRefused` with the place of the first fault.

    >>> parse(b'{"units": 8}')
    {'units': 8}
    """
    if len(raw) > MAX_BYTES:
        raise BodyRefused("http.body_size", status=413, limit=MAX_BYTES)
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BodyRefused("http.body_encoding", position=error.start) from None
    except json.JSONDecodeError as error:
        raise BodyRefused("http.body_json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise BodyRefused("http.body_depth", limit=MAX_DEPTH) from None
    _check(value)
    return value


def _check(value: Any) -> None:
    """Depth and strings, without recursion: the depth is what is being doubted."""
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), value)]
    while waiting:
        path, part = waiting.pop()
        if isinstance(part, str):
            _check_text(part, path)
        elif isinstance(part, dict | list):
            if len(path) >= MAX_DEPTH:
                raise BodyRefused("http.body_depth", limit=MAX_DEPTH)
            waiting.extend(((*path, key), inner) for key, inner in _parts(part, path))


def _parts(part: Mapping[str, Any] | list[Any], path: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    if isinstance(part, list):
        return iter(enumerate(part))
    for key in part:
        _check_text(key, path)
    return iter(part.items())


def _check_text(text: str, path: tuple[Any, ...]) -> None:
    if found := FORBIDDEN.search(text):
        raise BodyRefused(
            "http.body_character", pointer(path), character=f"U+{ord(found.group()):04X}"
        )


def pointer(path: tuple[Any, ...]) -> str:
    """A JSON pointer (RFC 6901), clipped to what a person reads."""
    return "".join("/" + str(key)[:100].replace("~", "~0").replace("/", "~1") for key in path)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise BodyRefused("http.body_duplicate", key=printable(twice))
    return found


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER or abs(int(digits)) > MAX_INTEGER:
        raise BodyRefused("http.body_integer", limit=MAX_INTEGER)
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise BodyRefused("http.body_number")
    return number


def _constant(_name: str) -> float:
    raise BodyRefused("http.body_number")


def printable(text: str, limit: int = 100) -> str:
    """A client's word, safe to say back: short and without the characters refused above."""
    return FORBIDDEN.sub("\ufffd", text[:limit])


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
