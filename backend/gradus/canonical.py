"""Canonical JSON (RFC 8785) and the hash of a resolved document."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 in hex of the canonical form of a JSON value."""
    return sha256(canonical(value).encode()).hexdigest()


def canonical(value: Any) -> str:
    """The one text that RFC 8785 gives a JSON value.

    Raises ValueError for numbers that are not finite.

    >>> canonical({"b": 1.0, "a": [1e21, 0.000001, True]})
    '{"a":[1e+21,0.000001,true],"b":1}'
    """
    if isinstance(value, Mapping):
        # Order by UTF-16 code units, as the standard has it.
        keys = sorted(value, key=lambda key: str(key).encode("utf-16-be"))
        return "{" + ",".join(f"{_text(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(canonical(each) for each in value) + "]"
    if isinstance(value, float):
        return number(value)
    return _text(value)


def _text(value: Any) -> str:
    return _ENCODER.encode(value)


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
