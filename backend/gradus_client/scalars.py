"""What a plain word of YAML means: the core schema of YAML 1.2, section 10.3.2.

`no` is a word and `1e-3` a number, unlike in YAML 1.1. Quoted text never comes here.
"""

import math
import re

NULL = re.compile(r"null|Null|NULL|~|")
TRUE = re.compile(r"true|True|TRUE")
FALSE = re.compile(r"false|False|FALSE")
INTEGER = re.compile(r"[-+]?[0-9]+")
OCTAL = re.compile(r"0o[0-7]+")
HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
LONGEST_NUMBER = 400  # characters; Python itself refuses integers of thousands of digits


def resolve(text: str) -> bool | int | float | str | None:
    """The value of a plain scalar.

    Raises:
        ValueError: it is a number that JSON cannot carry.
    """
    if NULL.fullmatch(text):
        return None
    if TRUE.fullmatch(text) or FALSE.fullmatch(text):
        return text[0] in "tT"
    if NOT_FINITE.fullmatch(text):
        raise ValueError(text)
    return _number(text)


def _number(text: str) -> int | float | str:
    if not DECIMAL.fullmatch(text):
        if OCTAL.fullmatch(text) or HEXADECIMAL.fullmatch(text):
            return int(text, 0)
        return text
    if len(text) > LONGEST_NUMBER:
        raise ValueError(text)
    if INTEGER.fullmatch(text):
        return int(text)
    if not math.isfinite(value := float(text)):
        raise ValueError(text)
    return value
