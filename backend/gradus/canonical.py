"""Canonical JSON (RFC 8785) and the hash of a resolved document."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any


def digest(value: Any) -> str:
    """SHA-256 in hex of the canonical form of a JSON value."""
    return sha256(canonical(value).encode()).hexdigest()


def canonical(value: Any) -> str:
    """The one text that RFC 8785 gives a JSON value.

    Raises ValueError for numbers that are not finite.

    >>> canonical({"b": 1.0, "a": [1e21, 0.000001, True]})
    '{"a":[1e+21,0.000001,true],"b":1}'
    """
    write = _WRITE.get(type(value))
    return write(value) if write else _WRITE[_kin(value)](value)


def _object(value: Mapping[str, Any]) -> str:
    keys = (_known_order if len(value) < 32 else _order)(tuple(value))
    return "{" + ",".join([key + canonical(value[name]) for name, key in keys]) + "}"


def _array(value: Sequence[Any]) -> str:
    return "[" + ",".join([canonical(each) for each in value]) + "]"


def _kin(value: Any) -> type:
    """The kind of a value whose own type inherits from one that JSON knows."""
    for kind in (str, dict, list, tuple, float, int):
        if isinstance(value, kind):
            return kind
    raise TypeError(f"JSON has no {type(value).__name__}")


def _order(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Keys by UTF-16 code units, as the standard has it, each with how it is written."""
    ordered = sorted(names, key=lambda name: name.encode("utf-16-be"))
    return [(name, f"{encode_basestring(name)}:") for name in ordered]


# A document has the same few sets of keys over and over.
_known_order = lru_cache(maxsize=256)(_order)


@lru_cache(maxsize=1024)
def number(value: float) -> str:
    """A double as ECMAScript writes it (ECMA-262, Number::toString).

    >>> [number(each) for each in (1e-7, 100.0, -0.0, 1.5e300)]
    ['1e-7', '100', '0', '1.5e+300']
    """
    if value - value != 0:
        raise ValueError("canonical JSON has no NaN and no infinities")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, rest = mantissa.partition(".")
    digits = (whole + rest).lstrip("0")
    # The value is 0.digits · 10 ** point.
    point = len(whole) + int(exponent or 0) - (len(whole + rest) - len(digits))
    return sign + _place(digits.rstrip("0"), point)


def _place(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"


# By type and not by trying: a plan has tens of thousands of values.
_WRITE: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    dict: _object,
    list: _array,
    tuple: _array,
    float: number,
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    type(None): lambda _: "null",
}
