"""A plan and its weights as an ONNX file, written by hand: the format is small, and the plan says all.

PyTorch's exporters were measured first. The one that traces is deprecated since 2.9, cannot say
uneven adaptive pools and neighbours of a local response norm, and unrolls a walk through a
sequence to the length that it saw. The one on `torch.export` needs three more packages and takes
19 s for ResNet-152 and 18 s for a hierarchical attention network on a quiet core. This takes well
under a second, needs neither torch nor onnx, keeps lengths open, and names every value and tensor
as the document does.

The network is that of prediction: no dropout, running statistics, means instead of draws. Numbers
are float32 whatever the training was computed in.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from gradus.export.code import Fields
from gradus.export.onnx import transforms, written
from gradus.export.onnx.graph import Graph, Model, Node
from gradus.export.onnx.layers import WRITE, write
from gradus.export.onnx.tensors import FLOAT, INT64, Tensor, single
from gradus.layers import LAYERS
from gradus.planned import DatasetPlan, LayerPlan, NetworkPlan, Plan
from gradus.problems import Report

# Read by those who start a layer and train it, not by those who compute it.
TRAINING = frozenset({"init", "trainable", "weight_decay"})


def onnx(
    plan: Plan,
    weights: Mapping[str, Tensor],
    *,
    network: str | None = None,
    metadata: Mapping[str, str] | None = None,
    prepared: Sequence[Mapping[str, Any]] | None = None,
) -> bytes:
    """The file of one network; of several, that of the name `network`, else the first.

    Inputs and the output are named as in the document, their first axis is `batch`. `metadata`
    stands beside what the plan says of itself: spec, its hash, classes, transforms. `prepared` are
    the transforms with what they were fitted to: with them the file reads samples as the dataset
    has them, without them as the transforms leave them.

    Raises:
        SpecError: naming every layer and transform that ONNX cannot say.
        KeyError: for weights of another network.
    """
    chosen = _chosen(plan, network)
    _refuse(plan, chosen, prepared or ())
    model = Model({name: single(tensor) for name, tensor in weights.items()})
    inputs, values, before = (
        dict(chosen.inputs),
        {name: name for name in chosen.inputs},
        list[Node](),
    )
    for name in transforms.reading(plan, chosen) if prepared else ():
        inputs[name] = transforms.before(plan)
        values[name], before = transforms.write(model, name, inputs[name], prepared or ())
    nodes, shown = _nodes(model, chosen, values)
    graph = written.graph(
        7,
        chosen.name,
        [*before, *nodes],
        shown,
        inputs=[
            written.value(name, INT64 if chosen.dtypes.get(name) == "int64" else FLOAT, shape)
            for name, shape in inputs.items()
        ],
        outputs=[written.value(chosen.output, FLOAT, chosen.shapes[chosen.output])],
        tensors=model.tensors,
    )
    said = {**facts(plan), "network": chosen.name, **(metadata or {})}
    if prepared or "transforms" in said:
        said["input"] = "raw" if inputs != dict(chosen.inputs) or before else "transformed"
    return written.model(graph, version("gradus"), said)


def _chosen(plan: Plan, name: str | None) -> NetworkPlan:
    if name is None:
        return plan.network
    if name not in plan.networks:
        report = Report()
        report.add("export.onnx.network", "/networks", name=name, known=", ".join(plan.networks))
        report.raise_if_any()
    return plan.networks[name]


def _refuse(plan: Plan, network: NetworkPlan, prepared: Sequence[Mapping[str, Any]]) -> None:
    report = Report()
    if transforms.reading(plan, network):
        transforms.refuse(plan, prepared, report)
    if plan.descends:
        report.add("export.onnx.function", "/function")
    if plan.train.ensemble is not None:
        report.add("export.onnx.ensemble", "/train/ensemble")
    for layer in network.layers:
        if layer.type not in WRITE and not plan.descends:
            report.add("export.onnx.layer", layer.source, layer=layer.name, type=layer.type)
    report.raise_if_any()


def _nodes(
    model: Model, network: NetworkPlan, values: dict[str, str]
) -> tuple[list[Node], dict[str, str]]:
    """The nodes of all layers, and the names under which the values of layers are shown.

    `values` are those of the network's inputs.
    """
    report, nodes, shown = Report(), list[Node](), dict[str, str]()
    for layer in network.layers:
        read = Fields(layer.fields)
        graph = Graph(model, replace(layer, fields=read))
        given = write(graph, graph.layer, tuple(values[name] for name in layer.inputs))
        _refuse_unread(layer, read, report)
        made = {output for node in graph.nodes for output in node.outputs}
        names = [layer.name, *(f"{layer.name}.{extra}" for extra in layer.extras)]
        for name, value in zip(names, given, strict=True):
            values[name] = value
            if value in made:
                shown.setdefault(value, name)
        nodes += graph.nodes
    report.raise_if_any()
    last = values[network.output]
    if shown.get(last) != network.output:  # a layer that gives on what it reads
        nodes.append(Node(f"{network.output}/Identity", "Identity", (last,), (network.output,), {}))
    return nodes, shown


def _refuse_unread(layer: LayerPlan, read: Fields, report: Report) -> None:
    known = LAYERS[layer.type].model_fields if layer.type in LAYERS else {}
    for name, value in read.unread().items():
        if name in TRAINING or value in (None, False):
            continue
        if name not in known or value != known[name].default:
            report.add(
                "export.onnx.field", layer.source, layer=layer.name, type=layer.type, field=name
            )


def facts(plan: Plan) -> dict[str, str]:
    """What a reader of the file has to know of where it came from."""
    said = {
        "gradus": version("gradus"),
        "spec": str(plan.resolved.get("spec", "")),
        "spec_hash": plan.hash,
        "precision": plan.train.precision,
    }
    return said | (_of_data(plan.dataset) if plan.dataset is not None else {})


def _of_data(dataset: DatasetPlan) -> dict[str, str]:
    """Classes in the order of the outputs; transforms that an input goes through before."""
    said = {"dataset": dataset.name, "task": dataset.task}
    if dataset.classes:
        said["classes"] = json.dumps(list(dataset.classes), ensure_ascii=False)
    if dataset.transforms:
        said["transforms"] = json.dumps([dict(each) for each in dataset.transforms])
    return said
