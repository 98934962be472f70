"""Names and types of written layers."""

from collections.abc import Mapping
from typing import Any

from gradus import later
from gradus.composites import COMPOSITES
from gradus.entries import NAME, RESERVED, Entry, label
from gradus.faults import nearest
from gradus.layers import LAYERS
from gradus.patch import Patch, replace
from gradus.problems import Report, show


def check_type(entry: Entry, path: str, report: Report) -> bool:
    """Whether the entry is a layer or a composite that there is; reports why not."""
    if entry.type in LAYERS or entry.type in COMPOSITES:
        return True
    place = f"{path}/type" if isinstance(entry.written, dict) and "type" in entry.written else path
    if entry.type is None:
        shown = show(entry.written.get("type") if place != path else entry.written)
        fix = _spelt_out(entry.written, place)
        report.add("layer.not_a_layer", place, got=shown, fix=fix, value=shown)
    elif entry.type in later.LAYERS:
        report.add("layer.not_available", place, type=entry.type)
    else:
        near = nearest(entry.type, [*LAYERS, *COMPOSITES])
        fix = replace(place, near) if near else None
        report.add(
            "layer.unknown", place, got=label(entry), fix=fix, type=entry.type[:80], nearest=near
        )
    return False


def _spelt_out(written: Any, path: str) -> Patch | None:
    """The patch for a layer written as `{linear: {units: 3}}`, None for anything else."""
    if not isinstance(written, dict) or len(written) != 1:
        return None
    ((type, fields),) = written.items()
    known = type in LAYERS or type in COMPOSITES
    if not known or not isinstance(fields, dict | None):
        return None
    return replace(path, {"type": type, **(fields or {})})


def check_name(
    entry: Entry, path_name: str, path: str, taken: Mapping[str, Any], report: Report
) -> bool:
    """Whether the entry's name may stand here; reports why not."""
    written = entry.written.get("name") if isinstance(entry.written, dict) else None
    place = f"{path}/name" if written is not None else path
    if written is not None and not (isinstance(written, str) and NAME.fullmatch(written)):
        report.add("name.form", place, got=show(written), name=show(written))
        return False
    if written in RESERVED:
        report.add("name.reserved", place, name=written)
        return False
    if path_name in taken:
        report.add("name.taken", place, layer=path_name, name=entry.name)
        return False
    return True
