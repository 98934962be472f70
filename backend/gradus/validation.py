"""One written mapping against its model: every fault becomes a problem at the place it was written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from gradus import limits
from gradus.faults import Fault, nearest, tell
from gradus.patch import Patch, add, move, remove
from gradus.pointer import at, join, real_keys
from gradus.problems import Problem, Report, problem
from gradus.section import Section

Model = TypeVar("Model", bound=Section)


def validate(
    model: type[Model],
    written: Any,
    path: str,
    report: Report,
    *,
    layer: str | None = None,
    unfilled: Any = None,
) -> Model | None:
    """The model filled from `written`; None after reporting each fault that it has.

    Args:
        path: JSON pointer to `written` in the document.
        layer: name of the layer that the faults belong to.
        unfilled: `written` before the params of a block were filled in. What a param decides is not
            mended at its place, and what could not be filled in has been told already.
    """
    try:
        return model.model_validate(written)
    except ValidationError as error:
        for details in _telling(model, written, error.errors(include_url=False)):
            found = _problem(model, written, details, path, layer)
            expression = at(unfilled, real_keys(unfilled, details["loc"]))
            if not isinstance(expression, str) or "$" not in expression:
                report.put(found)
            elif expression != details["input"]:
                report.put(found.model_copy(update={"fix": None}))
        return None


def rescue(
    model: type[Model], written: Any, path: str, report: Report, *, bearing: Collection[str] = ()
) -> Model | None:
    """The same; with faults that decide nothing else, the model without the fields that hold them.

    What it is held against next may have faults too, and all are told at once.

    Args:
        bearing: fields on which other faults hang, so that nothing is rescued without them.
    """
    try:
        return model.model_validate(written)
    except ValidationError as error:
        validate(model, written, path, report)
        faulty = {str(each["loc"][0]) if each["loc"] else "" for each in error.errors()}
    meant = {nearest(field, model.model_fields) or field for field in faulty}
    if not isinstance(written, Mapping) or "" in faulty or meant & {*bearing}:
        return None
    rest = {name: each for name, each in written.items() if name not in faulty}
    return validate(model, rest, path, Report())


def _problem(
    model: type[Section], written: Any, details: ErrorDetails, path: str, layer: str | None
) -> Problem:
    keys = real_keys(written, details["loc"])
    if details["type"] == "extra_forbidden":
        return _unknown(model, written, details["loc"], path, layer)
    field = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
    name = field or path.rpartition("/")[2] or "document"
    return tell(Fault(details, join(path, *keys), name, at(written, keys), layer))


def _unknown(
    model: type[Section], written: Any, loc: Sequence[str | int], path: str, layer: str | None
) -> Problem:
    keys = real_keys(written, loc)
    place, field = join(path, *keys), str(loc[-1])
    if len(keys) == 1 and field in model.later:
        return problem("field.not_available", place, layer=layer, field=field)
    known, holder = fields_at(model, loc[:-1]), at(written, keys[:-1])
    if len(keys) == 1 and field in model.homes:
        home = model.homes[field]
        fix = _move_home(model, field, holder, path)
        return problem("field.elsewhere", place, layer=layer, fix=fix, field=field, home=home)
    near = nearest(field, known)
    mends = near is not None and near not in holder
    return problem(
        "field.unknown",
        place,
        layer=layer,
        expected=", ".join(known) or None,
        got=field[:80],
        fix=move(place, join(path, *keys[:-1], str(near)), holder[field]) if mends else None,
        field=field[:80],
        nearest=near,
    )


def _move_home(
    model: type[Section], field: str, holder: Mapping[str, Any], path: str
) -> Patch | None:
    """The patch that moves a field of `holder`, written at `path`, into the part it belongs to."""
    home = model.homes[field]
    place, part, default = join(path, home), holder.get(home), model.model_fields[home].default
    if part is None and isinstance(default, Section):
        part = _tag(type(default))
    if isinstance(part, dict):
        mends = field not in part
        return move(join(path, field), join(place, field), holder[field]) if mends else None
    if part is not None and not isinstance(part, str):
        return None
    whole = {"type": part, field: holder[field]} if part else {field: holder[field]}
    return [*remove(join(path, field)), *add(place, whole)]


def _telling(
    model: type[Section], written: Any, errors: list[ErrorDetails]
) -> Iterator[ErrorDetails]:
    """One error a place, the last of them. A field that is missing because it was misspelt is told
    once, as the slip."""
    unknown = [error["loc"] for error in errors if error["type"] == "extra_forbidden"]
    unknown = unknown[: limits.PROBLEMS]  # no more of them are told
    slips = {nearest(loc[-1], fields_at(model, loc[:-1])) for loc in unknown}
    slips |= {model.homes.get(str(loc[-1])) for loc in unknown if len(loc) == 1}
    places: dict[str, ErrorDetails] = {}
    for error in errors:
        if _counts_the_sound(error):
            continue
        own = error["loc"][-1:] if _lacks_field(error) else ()
        places[join("", *real_keys(written, error["loc"]), *own)] = error
    for error in places.values():
        if not _lacks_field(error) or error["loc"][-1] not in slips:
            yield error


def _counts_the_sound(error: ErrorDetails) -> bool:
    """Whether a list is only too short because its faulty entries, told already, do not count."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def _lacks_field(error: ErrorDetails) -> bool:
    return error["type"] == "missing" and isinstance(error["loc"][-1], str)


def fields_at(model: type[Section], loc: Sequence[str | int]) -> list[str]:
    """Names of the fields of the section at a validator's location inside `model`, in order."""
    sections: list[type[Section]] = [model]
    for key in loc:
        inner = [part for each in sections for part in _inside(each, key)]
        tagged = [each for each in sections if key == _tag(each)]
        sections = inner or tagged or sections
    names = dict.fromkeys(name for each in sections for name in _fields(each))
    return [name for name in names if name != "type"]


def _inside(model: type[Section], key: str | int) -> list[type[Section]]:
    info = _fields(model).get(str(key))
    return _sections(info.annotation) if info else []


def _fields(model: type[Section]) -> dict[str, FieldInfo]:
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _tag(model: type[Section]) -> Any:
    info = model.model_fields.get("type")
    return info.default if info else None


def _sections(annotation: Any) -> list[type[Section]]:
    # As deep as the annotations of our own models, whatever was written.
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [part for each in get_args(annotation) for part in _sections(each)]
