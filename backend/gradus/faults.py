"""What a validator found, told as a problem: one function for each kind of error."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from gradus import later
from gradus.familiar import FAMILIAR
from gradus.patch import Patch, replace
from gradus.problems import Problem, problem, show


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of a validator at the place where its cause was written."""

    details: ErrorDetails
    place: str  # JSON pointer
    field: str  # as a sentence calls it
    written: Any  # what stands at the place
    layer: str | None

    @property
    def got(self) -> Any:
        return self.details["input"]

    @property
    def context(self) -> Mapping[str, Any]:
        return self.details.get("ctx", {})


_FEW = 50


def nearest(word: Any, known: Iterable[str]) -> str | None:
    """The known word that `word` was most likely meant to be, whatever its capitals."""
    text, spelt = str(word)[:80].casefold(), {each.casefold(): each for each in known}
    if text not in spelt and FAMILIAR.get(text) in spelt:
        return spelt[FAMILIAR[text]]
    if len(spelt) > _FEW:  # a slip that changes both ends is rare, and comparing with all is slow
        spelt = {
            each: own
            for each, own in spelt.items()
            if each[:1] == text[:1] or each[-1:] == text[-1:]
        }
    close = get_close_matches(text, spelt, n=1, cutoff=0.7)
    return spelt[close[0]] if close else None


def tell(fault: Fault) -> Problem:
    """The problem behind a fault. A validator of our own names the problem's code itself."""
    kind = fault.details["type"]
    if kind in _TELL:
        return _TELL[kind](fault)
    if kind in _KINDS:
        return _wrong_kind(fault)
    if "." in kind:
        return problem(kind, fault.place, layer=fault.layer, **fault.context)
    return problem(
        "field.form",
        fault.place,
        layer=fault.layer,
        got=show(fault.got),
        field=fault.field,
        value=show(fault.got),
    )


def _missing(fault: Fault) -> Problem:
    key = fault.details["loc"][-1]
    if isinstance(key, str):
        return problem("field.missing", fault.place, layer=fault.layer, field=key)
    return problem(
        "field.too_few",
        fault.place,
        layer=fault.layer,
        expected=f"≥ {key + 1}",
        got=str(key),
        field=fault.field,
        limit=key + 1,
    )


def _no_type(fault: Fault) -> Problem:
    return problem("field.missing", fault.place, layer=fault.layer, field="type")


def _choice(fault: Fault) -> Problem:
    tagged = fault.details["type"] == "union_tag_invalid"
    word = fault.got.get("type") if tagged else fault.got
    # A bare word was read as an object with that type: then the word itself is at fault.
    spelt = tagged and isinstance(fault.written, dict)
    place = f"{fault.place}/type" if spelt else fault.place
    if isinstance(word, str) and word in later.CHOICES:
        return problem(
            "choice.not_available", place, layer=fault.layer, field=fault.field, value=word
        )
    options = _options(fault.context)
    near = nearest(word, options)
    return problem(
        "field.choice",
        place,
        layer=fault.layer,
        expected=", ".join(options),
        got=show(word),
        fix=replace(place, near) if near else None,
        field=fault.field,
        value=show(word),
        options=", ".join(options),
        nearest=near,
    )


def _options(context: Mapping[str, Any]) -> list[str]:
    text = str(context.get("expected") or context.get("expected_tags") or "")
    return [word.strip().strip("'") for word in text.replace(" or ", ", ").split(",")]


def _bound(name: str, sign: str) -> Callable[[Fault], Problem]:
    def beyond(fault: Fault) -> Problem:
        limit = fault.context[name]
        # A bound that is itself no value cannot be taken as one.
        fix = replace(fault.place, limit) if name in ("ge", "le") else None
        return _range(fault, f"{sign} {limit:.12g}", fix)

    return beyond


def _range(fault: Fault, bound: str, fix: Patch | None = None) -> Problem:
    return problem(
        "field.range",
        fault.place,
        layer=fault.layer,
        expected=bound,
        got=show(fault.got),
        fix=fix,
        field=fault.field,
        value=show(fault.got),
        bound=bound,
    )


def _count(code: str, name: str, sign: str) -> Callable[[Fault], Problem]:
    def beyond(fault: Fault) -> Problem:
        limit = fault.context[name]
        return problem(
            code,
            fault.place,
            layer=fault.layer,
            expected=f"{sign} {limit}",
            got=str(fault.context.get("actual_length", len(fault.got))),
            field=fault.field,
            limit=limit,
        )

    return beyond


def _wrong_kind(fault: Fault) -> Problem:
    kind = _KINDS[fault.details["type"]]
    return problem(
        f"field.not_{kind}",
        fault.place,
        layer=fault.layer,
        expected=_EXPECTED[kind],
        got=show(fault.got),
        fix=_as_integer(fault) if kind == "integer" else None,
        field=fault.field,
        value=show(fault.got),
    )


def _as_integer(fault: Fault) -> Patch | None:
    got = fault.got
    if isinstance(got, float) and got.is_integer():
        return replace(fault.place, int(got))
    if isinstance(got, str) and got.isascii() and got.isdigit() and len(got) < 16:
        return replace(fault.place, int(got))
    return None


_KINDS = {
    "int_type": "integer",
    "int_from_float": "integer",
    "float_type": "number",
    "string_type": "text",
    "bool_type": "flag",
    "list_type": "list",
    "tuple_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
}
# As JSON calls them, the same in every language.
_EXPECTED = {
    "integer": "integer",
    "number": "number",
    "text": "string",
    "flag": "true, false",
    "list": "[…]",
    "object": "{…}",
}
_TELL: dict[str, Callable[[Fault], Problem]] = {
    "missing": _missing,
    "literal_error": _choice,
    "union_tag_invalid": _choice,
    "union_tag_not_found": _no_type,
    "greater_than_equal": _bound("ge", "≥"),
    "less_than_equal": _bound("le", "≤"),
    "greater_than": _bound("gt", ">"),
    "less_than": _bound("lt", "<"),
    "finite_number": lambda fault: _range(fault, "±1e308"),
    "too_short": _count("field.too_few", "min_length", "≥"),
    "too_long": _count("field.too_many", "max_length", "≤"),
}
