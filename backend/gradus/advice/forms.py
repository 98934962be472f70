"""Advice on what layers and training are, whatever they start from."""

from collections.abc import Mapping
from math import prod
from typing import Any

from gradus.advice.written import Written, batch_size
from gradus.memory import largest_batch
from gradus.planned import DatasetPlan, LayerPlan, NetworkPlan, Plan, Shape, TrainPlan
from gradus.problems import Problem, problem

_DEEP = 4  # sigmoids in a row, each of which shrinks a gradient to a quarter at most
_DOUBLED = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
_RESTORING = frozenset({"batch_norm", "layer_norm", "group_norm", "add", "concat", "mean"})
_USUAL_BATCH = 32


def doubled_softmax(network: NetworkPlan, train: TrainPlan, written: Written) -> list[Problem]:
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


def sigmoid_chain(network: NetworkPlan, written: Written) -> list[Problem]:
    depth: dict[str, int] = {}
    for layer in network.layers:
        own = layer.fields.get("activation") == "sigmoid"
        squashes = own or layer.type == "sigmoid"
        before = max(depth.get(name, 0) for name in layer.inputs)
        depth[layer.name] = 0 if layer.type in _RESTORING else before + squashes
        if depth[layer.name] < _DEEP or not squashes:
            continue
        fix = written.instead(layer, "relu")
        if own:
            fix = written.with_field(layer, "activation", "relu")
        return [
            problem("advice.sigmoid_chain", layer.source, layer=layer.name, fix=fix, depth=_DEEP)
        ]
    return []


def late_dropout(network: NetworkPlan, train: TrainPlan, written: Written) -> list[Problem]:
    read = {loss.input for loss in train.losses} or {network.output}
    return [
        problem("advice.late_dropout", layer.source, layer=layer.name, fix=written.without(layer))
        for layer in network.layers
        if layer.type == "dropout" and layer.name in read
    ]


def large_batch(
    train: TrainPlan, dataset: DatasetPlan | None, document: Mapping[str, Any]
) -> list[Problem]:
    if dataset is None or train.batch_size <= dataset.sizes["train"]:
        return []
    size = dataset.sizes["train"]
    path, fix = batch_size(document, "all")
    return [
        problem("advice.batch_exceeds_data", path, fix=fix, batch_size=train.batch_size, size=size)
    ]


def normalized_alone(
    network: NetworkPlan,
    train: TrainPlan,
    dataset: DatasetPlan | None,
    written: Written,
    document: Mapping[str, Any],
) -> list[Problem]:
    """Normalizations over one number, which leave nothing of it."""
    found = []
    for layer in network.layers:
        if _normalized_together(layer, train.batch_size) != 1:
            continue
        fix = written.without(layer)
        if layer.type == "batch_norm":
            samples = dataset.sizes["train"] if dataset else _USUAL_BATCH
            fix = batch_size(document, min(_USUAL_BATCH, samples))[1] if samples > 1 else fix
        found.append(
            problem(
                "advice.normalized_alone", layer.source, layer=layer.name, fix=fix, type=layer.type
            )
        )
    return found


def _normalized_together(layer: LayerPlan, batch: int) -> int | None:
    """How many numbers share a mean; None for what is no normalization. 0 where any length is."""
    if layer.type == "batch_norm":
        return batch * prod(layer.output[1:])
    if layer.type == "group_norm":
        return prod(layer.output) // int(layer.fields["groups"])
    if layer.type == "layer_norm":
        return prod(layer.parameters[0].shape) if layer.parameters else None
    return None


def narrow_sight(network: NetworkPlan, written: Written) -> list[Problem]:
    """Maps that are pooled whole though none of their cells sees half of the picture's sides."""
    layers = {layer.name: layer for layer in network.layers}
    # What a linear layer reads may have any size; everything else was made for one a map.
    sized = {name for layer in network.layers if layer.type == "linear" for name in layer.inputs}
    found = []
    for layer in network.layers:
        before = layers.get(layer.inputs[0]) if layer.inputs else None
        if layer.type not in ("global_avg_pool", "global_max_pool") or before is None:
            continue
        picture = next(iter(network.inputs.values()))[1:]
        field = before.receptive_field
        if field is None or len(picture) != 2 or not _is_narrow(field.size, picture):
            continue
        found.append(
            problem(
                "advice.narrow_sight",
                layer.source,
                layer=layer.name,
                fix=written.instead(layer, "flatten") if layer.name in sized else None,
                size="×".join(map(str, field.size)),
                picture="×".join(map(str, picture)),
            )
        )
    return found


def _is_narrow(seen: Shape, picture: Shape) -> bool:
    return all(2 * size < side for size, side in zip(seen, picture, strict=True))


def large_memory(plan: Plan, document: Mapping[str, Any], memory: int) -> list[Problem]:
    """What a step needs beyond the `memory` (bytes) of the workers at hand, and the batch that fits."""
    needed = plan.totals.training_bytes
    if needed <= memory:
        return []
    fits = largest_batch(plan.networks, plan.train, memory)
    path, fix = batch_size(document, fits)
    return [
        problem(
            "advice.batch_exceeds_memory",
            path,
            fix=fix if fits >= 1 else None,
            batch_size=plan.train.batch_size,
            needed=_gigabytes(needed),
            memory=_gigabytes(memory),
            fits=fits if fits >= 1 else None,
        )
    ]


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
