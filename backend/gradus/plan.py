"""`plan`: from a written document to a checked network with shapes, counts and costs."""

from collections.abc import Mapping, Sequence
from typing import Any

from gradus import wellformed
from gradus.advice import advise
from gradus.canonical import digest
from gradus.composites.expansion import Expanded, Expansion, Scope
from gradus.composites.measure import Measure
from gradus.costs import totals
from gradus.data import pin_data
from gradus.datasets import FACTS, DatasetFacts
from gradus.document import Network, Parts, read_document
from gradus.entries import own_fields
from gradus.layers import LAYERS
from gradus.patch import replace
from gradus.planned import DatasetPlan, LayerPlan, NetworkPlan, Plan, Shape, TrainPlan
from gradus.problems import Problem, Report, SpecError, show
from gradus.resolved import data_json, read_data, resolve, train_json
from gradus.shapes import infer
from gradus.sizing import fill_sizes
from gradus.train import Train
from gradus.training import plan_train
from gradus.validation import validate


def plan(
    document: Mapping[str, Any], *, datasets: Mapping[str, DatasetFacts] | None = None
) -> Plan:
    """Plans a document as a person wrote it, parsed from JSON.

    Args:
        document: the document; anything else that JSON can hold is refused with a problem.
        datasets: facts of datasets beside the built-in ones, by name.

    Raises:
        SpecError: with every problem at once.

    >>> plan({"spec": "nn/1", "network": {"input": [4], "layers": [
    ...     {"type": "linear", "units": 3}]}}).totals.parameters
    15
    """
    report = Report()
    if not isinstance(document, Mapping):
        report.add("document.not_an_object", "", expected="{…}", got=show(document))
        report.raise_if_any()
    wellformed.check(document, report)
    report.raise_if_any()
    parts = read_document(document, report)
    has_data = parts.data is not None
    known = {**FACTS, **(datasets or {})}
    dataset = pin_data(parts.data, known, "/data", report) if has_data else None
    expansion, output = _expand(parts, report)
    input = _input(parts.network, dataset, has_data, report)
    settings = parts.train or Train()
    layers = fill_sizes(
        expansion.layers, output, dataset, settings.losses or (), has_data=has_data, report=report
    )
    network = _network({"input": input} if input else {}, layers, output or "", report)
    train = plan_train(settings, dataset, network, layers, expansion.outputs, report)
    report.raise_if_any()
    return _finish(network, dataset, train, advise(network, dataset, train, layers, document))


def plan_resolved(resolved: Mapping[str, Any]) -> Plan:
    """Plans a stored resolved form, without touching defaults.

    The answer is that of the plan that made it, except that sources and advice point into
    `resolved`.

    Raises:
        SpecError: where the form is damaged or of a language that this version does not know.
    """
    report = Report()
    try:
        written = resolved["network"]
        dataset = read_data(resolved["data"]) if resolved.get("data") else None
        layers = [_stored(each, index, report) for index, each in enumerate(written["layers"])]
        input, output = tuple(written["input"]), str(written["output"])
        settings = validate(Train, resolved["train"], "/train", report) or Train()
    except (KeyError, TypeError, AttributeError) as missing:
        report.add("resolved.damaged", "", missing=str(missing))
        raise SpecError(report.problems) from missing
    network = _network({"input": input}, layers, output, report)
    outputs: dict[str, str | None] = {name: name for name in network.shapes}
    train = plan_train(settings, dataset, network, layers, outputs, report)
    report.raise_if_any()
    return _finish(network, dataset, train, advise(network, dataset, train, layers, resolved))


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as it travels."""
    network = plan.network
    return {
        "inputs": {name: list(shape) for name, shape in network.inputs.items()},
        "output": network.output,
        "layers": [_layer_json(layer) for layer in network.layers],
        "totals": {
            "parameters": plan.totals.parameters,
            "trainable": plan.totals.trainable,
            "multiply_adds": plan.totals.multiply_adds,
            "activation_bytes": plan.totals.activation_bytes,
            "training_bytes": plan.totals.training_bytes,
        },
        "hash": plan.hash,
        "advice": [each.to_json() for each in plan.advice],
        "data": data_json(plan.dataset) if plan.dataset else None,
        "train": train_json(plan.train),
    }


def _layer_json(layer: LayerPlan) -> dict[str, Any]:
    seen = layer.receptive_field
    return {
        "name": layer.name,
        "type": layer.type,
        "inputs": list(layer.inputs),
        "output": list(layer.output),
        "parameters": layer.parameter_count,
        "multiply_adds": layer.multiply_adds,
        "activation_bytes": layer.activation_bytes,
        "receptive_field": {"size": list(seen.size), "stride": list(seen.stride)} if seen else None,
        "source": layer.source,
        "fields": dict(layer.fields),
        "tensors": [
            {
                "name": each.name,
                "shape": list(each.shape),
                "trainable": each.trainable,
                "buffer": each.buffer,
            }
            for each in layer.parameters
        ],
    }


def _expand(parts: Parts, report: Report) -> tuple[Expansion, str | None]:
    expansion = Expansion(parts.blocks, report)
    if parts.network is None:
        return expansion, None
    entries, path = parts.network.layers, "/network/layers"
    if not Measure(parts.blocks, report).fits(entries, path):
        raise SpecError(report.problems)
    return expansion, expansion.body(entries, Scope(), path)


def _input(
    network: Network | None, dataset: DatasetPlan | None, has_data: bool, report: Report
) -> Shape | None:
    said = network.input.shape if network and network.input else None
    if said is None:
        if network is not None and not has_data:
            report.add("network.input_missing", "/network")
        return dataset.input if dataset else None
    if dataset is not None and said != dataset.input:
        report.add(
            "network.input_mismatch",
            "/network/input",
            expected=str(list(dataset.input)),
            got=str(list(said)),
            fix=replace("/network/input", list(dataset.input)),
            input=list(said),
            name=dataset.name,
            shape=list(dataset.input),
        )
        return dataset.input
    return said


def _network(
    inputs: Mapping[str, Shape], layers: Sequence[Expanded], output: str, report: Report
) -> NetworkPlan:
    return NetworkPlan("network", inputs, infer(layers, inputs, report), output)


def _stored(written: Mapping[str, Any], index: int, report: Report) -> Expanded:
    path = f"/network/layers/{index}"
    fields = own_fields(written)
    layer = validate(LAYERS[written["type"]], fields, path, report, layer=written["name"])
    return Expanded(written["name"], written["type"], layer, tuple(written["from"]), path, None)


def _finish(
    network: NetworkPlan, dataset: DatasetPlan | None, train: TrainPlan, advice: Sequence[Problem]
) -> Plan:
    resolved = resolve(network, dataset, train)
    return Plan(
        resolved=resolved,
        hash=digest(resolved),
        networks={"network": network},
        dataset=dataset,
        train=train,
        totals=totals(network, train),
        advice=tuple(advice),
    )
