"""The resolved form: composites expanded, defaults written out, names given, data pinned.

It is what a run stores and replays from, and what the hash is taken of. Where a thing stood in
the document as written is no part of it, nor is the document's name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gradus.function import FIELDS, function_json
from gradus.planned import (
    DatasetPlan,
    LayerPlan,
    LossPlan,
    NetworkPlan,
    Shape,
    StepPlan,
    TrainPlan,
    WeightsPlan,
    read_shape,
    shape_json,
)


def resolve(
    networks: Sequence[NetworkPlan],
    dataset: DatasetPlan | None,
    train: TrainPlan,
    *,
    several: bool = False,
    weights: Sequence[WeightsPlan] = (),
) -> dict[str, Any]:
    """The resolved document of a plan; `several` where it has `networks`, be it of one only."""
    resolved: dict[str, Any] = {"spec": "nn/1"}
    if dataset is not None:
        resolved["data"] = data_json(dataset)
    if several:
        # A list: a database may forget the order of a mapping.
        resolved["networks"] = [
            {"name": network.name, **_network_json(network)} for network in networks
        ]
    else:
        resolved["network"] = _network_json(networks[0])
    ties = {name: owner for network in networks for name, owner in network.ties.items()}
    if ties:
        resolved["tie"] = ties
    if weights:
        resolved["weights"] = [
            {"artifact": each.artifact, "tensors": dict(each.tensors)} for each in weights
        ]
    resolved["train"] = train_json(train)
    return resolved


def resolve_function(network: NetworkPlan, train: TrainPlan) -> dict[str, Any]:
    """The resolved document of a plain function."""
    whole = train_json(train)
    told = {field: value for field, value in whole.items() if field in FIELDS}
    return {"spec": "nn/1", "function": function_json(network), "train": told}


def _network_json(network: NetworkPlan) -> dict[str, Any]:
    return {
        **_inputs_json(network),
        "layers": [
            {"type": layer.type, "name": layer.name, "from": _source(layer), **layer.fields}
            for layer in network.layers
        ],
        "output": network.output,
    }


def _source(layer: LayerPlan) -> list[str] | dict[str, str]:
    if layer.ports:
        return dict(zip(layer.ports, layer.inputs, strict=True))
    return list(layer.inputs)


def _inputs_json(network: NetworkPlan) -> dict[str, Any]:
    forms = {
        name: {"shape": shape_json(shape), "dtype": network.dtypes.get(name, "float32")}
        for name, shape in network.inputs.items()
    }
    if list(forms) != ["input"]:
        return {"inputs": forms}
    plain = "input" not in network.dtypes
    return {"input": forms["input"]["shape"] if plain else forms["input"]}


def read_inputs(written: Mapping[str, Any]) -> tuple[dict[str, Shape], dict[str, str]]:
    """Shapes of a resolved network's inputs, and the kinds of those that are not float32."""
    forms = written["inputs"] if "inputs" in written else {"input": written["input"]}
    forms = {n: each if isinstance(each, Mapping) else {"shape": each} for n, each in forms.items()}
    shapes = {name: read_shape(form["shape"]) for name, form in forms.items()}
    kinds = {name: str(form.get("dtype", "float32")) for name, form in forms.items()}
    return shapes, {name: kind for name, kind in kinds.items() if kind != "float32"}


def read_weights(resolved: Mapping[str, Any]) -> tuple[WeightsPlan, ...]:
    """What a resolved document starts from."""
    return tuple(
        WeightsPlan(each["artifact"], dict(each["tensors"])) for each in resolved.get("weights", ())
    )


def data_json(dataset: DatasetPlan) -> dict[str, Any]:
    transforms = [dict(each) for each in dataset.transforms]
    return {
        "name": dataset.name,
        "version": dataset.version,
        "options": dict(dataset.options),
        "split": dict(dataset.split),
        "task": dataset.task,
        "input": list(dataset.input),
        "target": list(dataset.target),
        "classes": list(dataset.classes),
        "sizes": dict(dataset.sizes),
        **({"transforms": transforms} if transforms else {}),
        **({"words": dataset.words} if dataset.words else {}),
    }


def read_data(written: Mapping[str, Any]) -> DatasetPlan:
    """The pinned data of a resolved document."""
    return DatasetPlan(
        name=written["name"],
        version=written["version"],
        options=dict(written["options"]),
        split=dict(written["split"]),
        task=written["task"],
        input=tuple(written["input"]),
        target=tuple(written["target"]),
        classes=tuple(written["classes"]),
        sizes=dict(written["sizes"]),
        transforms=tuple(written.get("transforms", ())),
        words=written.get("words", 0),
    )


def train_json(train: TrainPlan) -> dict[str, Any]:
    return {
        "epochs": train.epochs,
        "batch_size": train.batch_size,
        "optimizer": dict(train.optimizer),
        "losses": [_loss_json(loss) for loss in train.losses],
        "metrics": list(train.metrics),
        "order": train.order,
        "schedule": dict(train.schedule),
        "clip": dict(train.clip) if train.clip else None,
        "gradient_noise": dict(train.gradient_noise) if train.gradient_noise else None,
        "l1": train.l1,
        "l2": train.l2,
        "weight_decay": train.weight_decay,
        "tier": train.tier,
        "precision": train.precision,
        "early_stopping": dict(train.early_stopping) if train.early_stopping else None,
        "ensemble": dict(train.ensemble) if train.ensemble else None,
        "on_nan": train.on_nan,
        "seed": train.seed,
        **({"devices": train.devices} if train.devices > 1 else {}),
        **({"steps": [_step_json(step) for step in train.steps]} if train.steps else {}),
    }


def _loss_json(loss: LossPlan) -> dict[str, Any]:
    return {
        "type": loss.type,
        "input": loss.input,
        "target": loss.target,
        "weight": loss.weight,
        **loss.fields,
    }


def _step_json(step: StepPlan) -> dict[str, Any]:
    return {
        "name": step.name,
        "update": list(step.update),
        "calls": [
            {
                "name": call.name,
                "network": call.network,
                "from": dict(call.sources),
                "detach": call.detach,
            }
            for call in step.calls
        ],
        "losses": [_loss_json(loss) for loss in step.losses],
        "optimizer": dict(step.optimizer),
        "every": step.every,
        "repeat": step.repeat,
    }
