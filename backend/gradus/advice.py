"""Advice: what is likely to disappoint, said from the plan before any training."""

from collections.abc import Mapping, Sequence
from dataclasses import replace as with_fields
from typing import Any

from gradus.composites.expansion import Expanded
from gradus.networks import Draft
from gradus.patch import Patch, add, remove, replace
from gradus.planned import DatasetPlan, LayerPlan, NetworkPlan, TrainPlan
from gradus.pointer import join
from gradus.problems import Problem, problem

_DEEP = 4  # sigmoids in a row, each of which shrinks a gradient to a quarter at most
_DOUBLED = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
_RESTORING = frozenset({"batch_norm", "add", "concat", "mean"})


def advise(
    network: NetworkPlan,
    dataset: DatasetPlan | None,
    train: TrainPlan,
    layers: Sequence[Expanded],
    document: Mapping[str, Any],
) -> list[Problem]:
    """Every piece of advice, each with the patch that follows it where one change does.

    Args:
        layers: what the plan was made of; those without an entry were not written by hand, and
            get no patch.
        document: as written.
    """
    written = Written(layers, document)
    return [
        *_doubled_softmax(network, train, written),
        *_sigmoid_chain(network, written),
        *_late_dropout(network, train, written),
        *_large_batch(train, dataset, document),
    ]


def advise_several(
    networks: Mapping[str, Draft],
    dataset: DatasetPlan | None,
    train: TrainPlan,
    document: Mapping[str, Any],
) -> list[Problem]:
    """The same for several networks, whose losses read calls, and a word for each left untrained."""
    found = []
    for name, draft in networks.items():
        read = [
            with_fields(loss, input=draft.plan.output)
            for step in train.steps
            for loss in step.losses
            if any(call.name == loss.input and call.network == name for call in step.calls)
        ]
        written, own = Written(draft.layers, document), with_fields(train, losses=tuple(read))
        found += _doubled_softmax(draft.plan, own, written)[:1]
        found += _sigmoid_chain(draft.plan, written)
        if train.steps and not any(name in step.update for step in train.steps):
            found.append(problem("advice.never_updated", _place(name, document), name=name))
    return [*found, *_large_batch(train, dataset, document)]


class Written:
    """What may be patched in a document: entries that nothing else names."""

    def __init__(self, layers: Sequence[Expanded], document: Mapping[str, Any]) -> None:
        self._entries = {each.name: each.entry for each in layers if each.entry is not None}
        self._named = {name for entry in self._entries.values() for name in _names(entry.source)}
        self._named |= _loss_inputs(document)

    def without(self, layer: LayerPlan) -> Patch | None:
        """The patch that takes a layer out, if it may be missed."""
        entry = self._entries.get(layer.name)
        if entry is None or entry.name in self._named or entry.source is not None:
            return None
        return remove(layer.source)

    def with_field(self, layer: LayerPlan, field: str, value: Any) -> Patch | None:
        """The patch that changes a field which is written as a plain value."""
        entry = self._entries.get(layer.name)
        if entry is None or not isinstance(entry.written, dict) or field not in entry.written:
            return None
        if "$" in str(entry.written[field]):
            return None
        return replace(f"{layer.source}/{field}", value)


def _place(name: str, document: Mapping[str, Any]) -> str:
    """Where a network is written: by its name, in a resolved form by its number."""
    networks = document["networks"]
    if isinstance(networks, Mapping):
        return join("/networks", name)
    return join("/networks", [each["name"] for each in networks].index(name))


def _names(source: Any) -> list[str]:
    each = list(source.values()) if isinstance(source, dict) else source
    each = each if isinstance(each, list) else [each]
    return [name.partition(".")[0] for name in each if isinstance(name, str)]


def _loss_inputs(document: Mapping[str, Any]) -> set[str]:
    losses = (document.get("train") or {}).get("losses") or ()
    named = [
        loss.get(field)
        for loss in losses
        if isinstance(loss, Mapping)
        for field in ("input", "other")
    ]
    return {name for name in named if name}


def _doubled_softmax(network: NetworkPlan, train: TrainPlan, written: Written) -> list[Problem]:
    layers = {layer.name: layer for layer in network.layers}
    found = []
    for loss in train.losses:
        layer, doubled = layers.get(loss.input), _DOUBLED.get(loss.type)
        if layer is None or doubled is None:
            continue
        if layer.type == doubled:
            fix = written.without(layer)
        elif layer.fields.get("activation") == doubled:
            fix = written.with_field(layer, "activation", "identity")
        else:
            continue
        found.append(
            problem(
                "advice.doubled_softmax",
                layer.source,
                layer=layer.name,
                fix=fix,
                type=doubled,
                loss=loss.type,
            )
        )
    return found


def _sigmoid_chain(network: NetworkPlan, written: Written) -> list[Problem]:
    depth: dict[str, int] = {}
    for layer in network.layers:
        own = layer.fields.get("activation") == "sigmoid"
        squashes = own or layer.type == "sigmoid"
        before = max(depth.get(name, 0) for name in layer.inputs)
        depth[layer.name] = 0 if layer.type in _RESTORING else before + squashes
        if depth[layer.name] < _DEEP or not squashes:
            continue
        fix = written.with_field(layer, "activation" if own else "type", "relu")
        return [
            problem("advice.sigmoid_chain", layer.source, layer=layer.name, fix=fix, depth=_DEEP)
        ]
    return []


def _late_dropout(network: NetworkPlan, train: TrainPlan, written: Written) -> list[Problem]:
    read = {loss.input for loss in train.losses} or {network.output}
    return [
        problem("advice.late_dropout", layer.source, layer=layer.name, fix=written.without(layer))
        for layer in network.layers
        if layer.type == "dropout" and layer.name in read
    ]


def _large_batch(
    train: TrainPlan, dataset: DatasetPlan | None, document: Mapping[str, Any]
) -> list[Problem]:
    if dataset is None or train.batch_size <= dataset.sizes["train"]:
        return []
    path, size = "/train/batch_size", dataset.sizes["train"]
    written = document.get("train")
    if not written:
        path, fix = "/train" if "train" in document else "", add("/train", {"batch_size": "all"})
    else:
        fix = add(path, "all")
        path = path if "batch_size" in written else "/train"
    return [
        problem("advice.batch_exceeds_data", path, fix=fix, batch_size=train.batch_size, size=size)
    ]
