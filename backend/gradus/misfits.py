"""Layers that do not fit what they are given, told as problems with the patch that mends them."""

from gradus.composites.expansion import Expanded
from gradus.entries import set_field
from gradus.layers import Misfit
from gradus.patch import Patch, add
from gradus.problems import Report


def counts(each: Expanded, report: Report) -> bool:
    """Whether the layer reads as many others as it takes; reports where it does not."""
    if each.layer is None:
        return True
    fewest, most = each.layer.inputs
    if fewest <= len(each.inputs) <= most:
        return True
    report.add(
        "reference.count" if fewest == most else "reference.too_few",
        f"{each.path}/from" if each.entry and each.entry.source is not None else each.path,
        layer=each.name,
        expected=str(fewest) if fewest == most else f"≥ {fewest}",
        got=str(len(each.inputs)),
        type=each.type,
        fewest=fewest,
        most=most,
        count=len(each.inputs),
    )
    return False


def report_misfit(each: Expanded, misfit: Misfit, report: Report) -> None:
    """Reports what a layer said of why it does not fit, at the field to act on."""
    written = each.entry is not None and isinstance(each.entry.written, dict)
    at_field = written and each.entry is not None and misfit.field in each.entry.written
    # Nobody wrote the join of a composite, so its fault is told as that of the bodies.
    joins = each.entry is None and misfit.code == "shape.merge"
    report.add(
        "shape.ways" if joins else misfit.code,
        f"{each.path}/{misfit.field}" if at_field else each.path,
        layer=each.name,
        expected=misfit.expected,
        got=misfit.got,
        fix=_fix(each, misfit),
        insert=misfit.insert,
        **misfit.params | _said(misfit),
    )


def _said(misfit: Misfit) -> dict[str, str]:
    """The word that a person wrote for a layer that a composite is made of."""
    made = str(misfit.params.get("type", "")).partition("_")
    return {"type": "each"} if made[0] == "each" and made[2] else {}


def _fix(each: Expanded, misfit: Misfit) -> Patch | None:
    if each.entry is None:
        return None
    if misfit.insert is not None and each.entry.source is None:
        return add(each.path, misfit.insert)
    if misfit.value is not None:
        return set_field(each.entry, each.path, misfit.field, misfit.value)
    return None
