"""Shapes, counts and costs of expanded layers, one pass in order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from gradus import limits
from gradus.composites.expansion import Expanded
from gradus.composites.shortcut import Shortcut
from gradus.entries import set_field
from gradus.layers import Layer, Misfit
from gradus.layers.layer import check_limits, check_rank
from gradus.patch import Patch, add
from gradus.planned import LayerPlan, ReceptiveField, Shape
from gradus.problems import Report

BYTES = 4  # of a float32


def infer(
    layers: Sequence[Expanded], inputs: Mapping[str, Shape], report: Report
) -> tuple[LayerPlan, ...]:
    """The plan of every layer whose inputs are known; reports each layer that does not fit.

    A layer behind a faulty one is left out in silence: its own fault, if any, cannot be told.
    """
    shapes: dict[str, Shape] = dict(inputs)
    fields: dict[str, ReceptiveField | None] = {
        name: _start(shape) for name, shape in inputs.items()
    }
    plans: list[LayerPlan] = []
    stands_for: dict[str, str] = {}  # what a shortcut came to be
    for each in layers:
        names = tuple(stands_for.get(name, name) for name in each.inputs if name is not None)
        if not _counts(each, report) or each.layer is None:
            continue
        if len(names) < len(each.inputs) or any(name not in shapes for name in names):
            continue
        parts = _parts(each, each.layer, [shapes[name] for name in names], report)
        output: str | None = names[0] if parts is not None else None
        for part, layer in parts or ():
            read = (output,) if isinstance(each.layer, Shortcut) and output else names
            plan = _plan(part, layer, read, shapes, fields, report)
            if plan is None:
                output = None
                break
            plans.append(plan)
            output = part.name
            shapes[output], fields[output] = plan.output, plan.receptive_field
        if output is not None:
            stands_for[each.name] = output
    _check_totals(plans, report)
    return tuple(plans)


def _parts(
    each: Expanded, layer: Layer, shapes: Sequence[Shape], report: Report
) -> list[tuple[Expanded, Layer]] | None:
    """The plain layers that an entry of an expanded network comes to: itself, or a shortcut's.

    None after reporting that no shortcut fits.
    """
    if not isinstance(layer, Shortcut):
        return [(each, layer)]
    try:
        ways = layer.layers(shapes[0], shapes[1])
    except Misfit as misfit:
        _report(each, misfit, report)
        return None
    return [
        (replace(each, name=f"{each.name}/{way.type}", type=way.type, layer=way), way)
        for way in ways
    ]


def _start(shape: Shape) -> ReceptiveField | None:
    axes = len(shape) - 1
    return ReceptiveField((1,) * axes, (1,) * axes) if axes else None


def _counts(each: Expanded, report: Report) -> bool:
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


def _plan(
    each: Expanded,
    layer: Layer,
    names: tuple[str, ...],
    shapes: Mapping[str, Shape],
    fields: Mapping[str, ReceptiveField | None],
    report: Report,
) -> LayerPlan | None:
    inputs = tuple(shapes[name] for name in names)
    try:
        for shape in inputs:
            check_rank(layer, shape)
        output = layer.output(inputs)
        check_limits(layer, output)
    except Misfit as misfit:
        _report(each, misfit, report)
        return None
    parameters = layer.parameters(inputs)
    return LayerPlan(
        name=each.name,
        type=each.type,
        fields=layer.resolved(),
        inputs=names,
        input_shapes=inputs,
        output=output,
        parameters=parameters,
        parameter_count=sum(prod(each.shape) for each in parameters if not each.buffer),
        multiply_adds=layer.multiply_adds(inputs, output),
        activation_bytes=BYTES * prod(output),
        receptive_field=layer.receptive_field([fields[name] for name in names]),
        source=each.path,
    )


def _report(each: Expanded, misfit: Misfit, report: Report) -> None:
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
        **misfit.params,
    )


def _fix(each: Expanded, misfit: Misfit) -> Patch | None:
    if each.entry is None:
        return None
    if misfit.insert is not None and each.entry.source is None:
        return add(each.path, misfit.insert)
    if misfit.value is not None:
        return set_field(each.entry, each.path, misfit.field, misfit.value)
    return None


def _check_totals(plans: Sequence[LayerPlan], report: Report) -> None:
    parameters = [plan.parameter_count for plan in plans]
    _check_total("limit.parameters", parameters, limits.PARAMETERS, plans, report)
    products = [plan.multiply_adds for plan in plans]
    _check_total("limit.multiply_adds", products, limits.MULTIPLY_ADDS, plans, report)


def _check_total(
    code: str, counts: Sequence[int], limit: int, plans: Sequence[LayerPlan], report: Report
) -> None:
    total = sum(counts)
    if total <= limit:
        return
    largest = plans[counts.index(max(counts))]
    report.add(
        code,
        largest.source,
        layer=largest.name,
        expected=f"≤ {limit}",
        got=str(total),
        count=total,
        limit=limit,
    )
