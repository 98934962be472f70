"""Layers that are called again: their parameters and buffers are those of the first call."""

from collections.abc import Iterable, Mapping, Sequence

from gradus.planned import LayerPlan, ParameterPlan, shape_json
from gradus.problems import Report


def shared(
    layers: Sequence[LayerPlan],
    copies: Mapping[str, str],
    report: Report,
    before: Iterable[LayerPlan] = (),
) -> dict[str, str]:
    """Full names of the parameters of repeated calls, each to that of the first call.

    `copies` maps the name of each repeated call to what it repeats, both of them layers or
    composites, or a network that stands before, whose layers are in `before`. Reports calls whose inputs would need parameters of another shape.
    """
    if not copies:
        return {}
    known = {layer.name: layer for layer in [*before, *layers]}
    ties: dict[str, str] = {}
    refused: set[str] = set()
    for layer in layers:
        call = _call(layer.name, copies)
        if call is None:
            continue
        first = known.get(copies[call] + layer.name.removeprefix(call))
        if first is not None and _forms(first) == _forms(layer):
            ties |= {f"{layer.name}.{p.name}": f"{first.name}.{p.name}" for p in first.parameters}
        elif call not in refused and (first is not None or not report):
            # Without a first one it has a problem of its own, if any has been told.
            refused.add(call)
            _refuse(layer, first, copies[call], report)
    return ties


def _call(name: str, copies: Mapping[str, str]) -> str | None:
    """The innermost repeated call that a layer is part of."""
    while name:
        if name in copies:
            return name
        name = name.rpartition("/")[0]
    return None


def _forms(layer: LayerPlan) -> list[tuple[str, tuple[int, ...]]]:
    return [(each.name, each.shape) for each in layer.parameters]


def _refuse(layer: LayerPlan, first: LayerPlan | None, to: str, report: Report) -> None:
    pairs = zip(first.parameters, layer.parameters, strict=False) if first is not None else ()
    differing = [pair for pair in pairs if pair[0].shape != pair[1].shape]
    if first is None or not differing:
        report.add("apply.layers", layer.source, layer=layer.name, to=to)
        return
    one, other = differing[0]
    report.add(
        "apply.shape",
        layer.source,
        layer=layer.name,
        expected=str([shape_json(shape) for shape in first.input_shapes]),
        got=str([shape_json(shape) for shape in layer.input_shapes]),
        to=first.name,
        parameter=one.name,
        first=_written(one),
        second=_written(other),
    )


def _written(parameter: ParameterPlan) -> str:
    return str(list(parameter.shape))
