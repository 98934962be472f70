"""Parameters that several layers share, as `tie` says: one tensor, counted once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from math import prod

from gradus.faults import nearest
from gradus.patch import move
from gradus.patch import replace as rewrite
from gradus.planned import LayerPlan, NetworkPlan, ParameterPlan
from gradus.pointer import join
from gradus.problems import Report


def tie(
    network: NetworkPlan, written: Mapping[str, str], layers: Collection[str], report: Report
) -> NetworkPlan:
    """The network with its ties, those that it has already among them; reports what cannot hold.

    `written` maps full names of parameters (`head.weight`) to those that they are the same as.
    `layers` are the names of all layers, also of those that could not be planned. Of the names of
    one tensor the first in the order of the layers is its own, the others are tied to it.
    """
    if not written and not network.ties:
        return network
    tensors = {
        f"{layer.name}.{each.name}": each for layer in network.layers for each in layer.parameters
    }
    pairs = [
        (one, other)
        for one, other in written.items()
        if _holds(one, other, written, tensors, layers, report)
    ]
    groups = _groups([*network.ties.items(), *pairs])
    order = {name: place for place, name in enumerate(tensors)}
    ties: dict[str, str] = {}
    for group in groups:
        # What belongs to an earlier network is in no layer of this one, and goes before all.
        first, *others = sorted(group, key=lambda name: order.get(name, -1))
        ties |= dict.fromkeys(others, first)
        if len({_layer(name) for name in group}) < max(2, len(group)):
            path = join("/tie", next(one for one in written if one in group))
            report.add("tie.one_layer", path, layer=_layer(first), names=", ".join(sorted(group)))
    return replace(network, layers=tuple(_shared(each, ties) for each in network.layers), ties=ties)


def _layer(name: str) -> str:
    return name.rpartition(".")[0]


def _holds(
    one: str,
    other: str,
    written: Mapping[str, str],
    tensors: Mapping[str, ParameterPlan],
    layers: Collection[str],
    report: Report,
) -> bool:
    path = join("/tie", one)
    for name in (one, other):
        if name in tensors:
            continue
        in_layer = [each for each in tensors if _layer(each) == _layer(name)]
        if in_layer or _layer(name) not in layers:  # else the layer has a problem of its own
            near = nearest(name, in_layer or tensors)
            fix = rewrite(path, near) if near and name == other else None
            if near and name == one and near not in written:
                fix = move(path, join("/tie", near), other)
            report.add(
                "tie.unknown", path, expected=near, got=name[:80], fix=fix, name=name[:80],
                nearest=near,
            )  # fmt: skip
    if one not in tensors or other not in tensors:
        return False
    left, right = tensors[one], tensors[other]
    if left.buffer != right.buffer:
        counted = one if left.buffer else other
        report.add("tie.kind", path, layer=_layer(one), name=counted)
        return False
    if left.shape == right.shape:
        return True
    first, second = list(left.shape), list(right.shape)
    report.add(
        "tie.shape", path, layer=_layer(one), expected=str(second), got=str(first), name=one,
        other=other, first=first, second=second,
    )  # fmt: skip
    return False


def _groups(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Names that are one tensor, over chains of pairs too."""
    group_of: dict[str, set[str]] = {}
    for one, other in pairs:
        first = group_of.setdefault(one, {one})
        second = group_of.setdefault(other, {other})
        if first is not second:
            # The smaller is poured into the larger, so that long chains cost little.
            small, large = sorted((first, second), key=len)
            large |= small
            group_of.update(dict.fromkeys(small, large))
    return list({id(group): group for group in group_of.values()}.values())


def _shared(layer: LayerPlan, ties: Mapping[str, str]) -> LayerPlan:
    """The layer with the tensors that others hold marked, and not counted."""
    parameters = tuple(
        replace(each, tied=ties.get(f"{layer.name}.{each.name}")) for each in layer.parameters
    )
    own = sum(prod(each.shape) for each in parameters if not each.buffer and each.tied is None)
    return replace(layer, parameters=parameters, parameter_count=own)
