"""`plan`: from a written document to a checked network with shapes, counts and costs."""

from collections.abc import Mapping, Sequence
from typing import Any

from gradus import limits, wellformed
from gradus.advice import advise, advise_several
from gradus.canonical import digest
from gradus.composites.expansion import Expanded, Expansion, Scope
from gradus.composites.measure import Measure
from gradus.costs import together, totals
from gradus.data import pin_data
from gradus.datasets import FACTS, DatasetFacts
from gradus.document import Network, Parts, read_document
from gradus.entries import own_fields
from gradus.function import DATASET, check_training, function_json, function_network
from gradus.layers import LAYERS, MADE
from gradus.networks import Draft, draft_networks, tie_networks
from gradus.own_rules import sizing_losses
from gradus.patch import replace
from gradus.planned import (
    DatasetPlan,
    LayerPlan,
    NetworkPlan,
    Plan,
    Shape,
    Totals,
    TrainPlan,
    WeightsPlan,
    shape_json,
)
from gradus.pointer import join
from gradus.problems import Problem, Report, SpecError, show
from gradus.resolved import (
    data_json,
    read_data,
    read_inputs,
    read_weights,
    resolve,
    resolve_function,
    train_json,
)
from gradus.shapes import check_totals, check_words, infer
from gradus.sharing import shared
from gradus.sizing import fill_sizes
from gradus.ties import tie
from gradus.train import Train
from gradus.training import plan_alternation, plan_descent, plan_train
from gradus.validation import validate
from gradus.weights import Start, Weights


def plan(
    document: Mapping[str, Any],
    *,
    datasets: Mapping[str, DatasetFacts] | None = None,
    weights: Weights | None = None,
) -> Plan:
    """Plans a document as a person wrote it, parsed from JSON.

    Args:
        document: the document; anything else that JSON can hold is refused with a problem.
        datasets: facts of datasets beside the built-in ones, by name.
        weights: finds the kept weights that parts of the network start from. Without it their
            shapes are not checked, and the plan cannot be trained.

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
    if "function" in document:
        return _descent(parts, document, report)
    if "networks" in document:
        return _several(parts, dataset, document, Start(weights, report))
    settings = parts.train or Train()
    expansion, output = _expand(parts, report)
    inputs, dtypes = _inputs(parts.network, dataset, has_data, report)
    words = dataset.words if dataset else None
    layers = fill_sizes(
        expansion.layers, output, dataset, sizing_losses(settings), has_data=has_data, report=report
    )
    planned = infer(layers, inputs, dtypes, report, words)
    ties = shared(planned, expansion.copies, report)
    network = NetworkPlan("network", inputs, planned, output or "", dtypes, ties)
    network = tie(network, parts.tie, {each.name for each in layers}, report)
    start = Start(weights, report)
    network = start.pin(network, parts.network.init if parts.network else None, "/network")
    check_totals(network.layers, report)
    check_words(network.layers, dataset, report)
    train = plan_train(settings, dataset, network, layers, expansion.outputs, report)
    report.raise_if_any()
    advice = advise(network, dataset, train, layers, document)
    return _finish(network, dataset, train, advice, start.plans)


def _descent(parts: Parts, document: Mapping[str, Any], report: Report) -> Plan:
    settings = parts.train or Train()
    check_training(document.get("train"), settings, report)
    network = None
    if parts.function is not None:
        network = function_network(parts.function, "/function", report)
    if network is None:
        raise SpecError(report.problems)
    train = plan_descent(settings, report)
    report.raise_if_any()
    resolved = resolve_function(network, train)
    return Plan(
        resolved=resolved,
        hash=digest(resolved),
        networks={"network": network},
        dataset=DATASET,
        train=train,
        totals=totals(network, train),
        advice=(),
    )


def _several(
    parts: Parts,
    dataset: DatasetPlan | None,
    document: Mapping[str, Any],
    start: Start,
) -> Plan:
    report = start.report
    drafts = {
        name: draft.begun(start, parts.networks[name], join("/networks", name))
        for name, draft in draft_networks(parts, dataset, report).items()
    }
    sound = {name: draft for name, draft in drafts.items() if draft.plan.inputs}
    known = {name: sound.get(name) for name in parts.networks}
    if not known or parts.train is None:
        # Steps could only be held against what has not been read.
        report.raise_if_any()
    settings = parts.train or Train()
    return _finish_several(drafts, known, dataset, settings, document, report, start.plans)


def _finish_several(
    drafts: Mapping[str, Draft],
    known: Mapping[str, Draft | None],
    dataset: DatasetPlan | None,
    settings: Train,
    document: Mapping[str, Any],
    report: Report,
    weights: Sequence[WeightsPlan],
) -> Plan:
    check_totals([layer for draft in drafts.values() for layer in draft.plan.layers], report)
    train = plan_alternation(settings, dataset, known, report)
    calls = [call for step in train.steps for call in step.calls]
    reading = {call.network for call in calls if "batch" in call.sources.values()}
    for name, draft in drafts.items():
        if name in reading:
            check_words(draft.plan.layers, dataset, report)
    report.raise_if_any()
    networks = {name: draft.plan for name, draft in drafts.items()}
    resolved = resolve(list(networks.values()), dataset, train, several=True, weights=weights)
    return Plan(
        resolved=resolved,
        hash=digest(resolved),
        networks=networks,
        dataset=dataset,
        train=train,
        totals=together(networks, train),
        advice=tuple(advise_several(drafts, dataset, train, document))[: limits.PROBLEMS],
        weights=tuple(weights),
    )


def plan_resolved(resolved: Mapping[str, Any]) -> Plan:
    """Plans a stored resolved form, without touching defaults.

    The answer is that of the plan that made it, except that sources and advice point into
    `resolved`.

    Raises:
        SpecError: where the form is damaged or of a language that this version does not know.
    """
    report = Report()
    if "function" in resolved:
        return plan(resolved)
    several = "networks" in resolved
    try:
        dataset = read_data(resolved["data"]) if resolved.get("data") else None
        written = (
            {f"/networks/{at}": each for at, each in enumerate(resolved["networks"])}
            if several
            else {"/network": resolved["network"]}
        )
        drafts = [_read(each, path, report) for path, each in written.items()]
        ties, weights = dict(resolved.get("tie", {})), read_weights(resolved)
        settings = validate(Train, resolved["train"], "/train", report) or Train()
    except (KeyError, TypeError, AttributeError) as missing:
        report.add("resolved.damaged", "", missing=str(missing))
        raise SpecError(report.problems) from missing
    if several:
        by_name = {draft.plan.name: draft for draft in drafts}
        tied = tie_networks(by_name, ties, report, resolved=True)
        return _finish_several(tied, tied, dataset, settings, resolved, report, weights)
    network, layers = drafts[0].plan, drafts[0].layers
    network = tie(network, ties, {each.name for each in layers}, report)
    outputs: dict[str, str | None] = {name: name for name in network.shapes}
    train = plan_train(settings, dataset, network, layers, outputs, report)
    report.raise_if_any()
    advice = advise(network, dataset, train, layers, resolved)
    return _finish(network, dataset, train, advice, weights)


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as it travels."""
    inputs = {n: shape for each in plan.networks.values() for n, shape in each.inputs.items()}
    return {
        "inputs": {name: shape_json(shape) for name, shape in inputs.items()},
        "output": plan.network.output,
        "layers": [_layer_json(layer) for layer in plan.layers],
        "totals": _totals_json(plan.totals),
        **({"networks": _networks_json(plan)} if plan.several else {}),
        "hash": plan.hash,
        "advice": [each.to_json() for each in plan.advice],
        "data": data_json(plan.dataset) if plan.dataset and not plan.descends else None,
        **({"function": function_json(plan.network)} if plan.descends else {}),
        "train": train_json(plan.train),
    }


def _totals_json(totals: Totals) -> dict[str, int]:
    return {
        "parameters": totals.parameters,
        "trainable": totals.trainable,
        "multiply_adds": totals.multiply_adds,
        "activation_bytes": totals.activation_bytes,
        "training_bytes": totals.training_bytes,
    }


def _networks_json(plan: Plan) -> dict[str, Any]:
    """Which of the plan's inputs and layers are whose."""
    return {
        name: {
            "inputs": list(network.inputs),
            "layers": [layer.name for layer in network.layers],
            "output": network.output,
            "totals": _totals_json(totals(network, plan.train)),
        }
        for name, network in plan.networks.items()
    }


def _layer_json(layer: LayerPlan) -> dict[str, Any]:
    seen = layer.receptive_field
    return {
        "name": layer.name,
        "type": layer.type,
        "inputs": list(layer.inputs),
        "ports": list(layer.ports),
        "output": shape_json(layer.output),
        "extras": {name: shape_json(shape) for name, shape in layer.extras.items()},
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
    names = list(parts.network.forms) or ["input"]
    expansion.outputs = {name: name for name in names}
    return expansion, expansion.body(entries, Scope(input=names[0]), path)


def _inputs(
    network: Network | None, dataset: DatasetPlan | None, has_data: bool, report: Report
) -> tuple[dict[str, Shape], dict[str, str]]:
    """Shapes of the inputs by name, and the kinds of numbers of those that are not float32."""
    forms = network.forms if network else {}
    shapes = {name: form.sizes for name, form in forms.items()}
    dtypes: dict[str, str] = {
        name: form.dtype for name, form in forms.items() if form.dtype != "float32"
    }
    if not forms:
        if network is not None and not has_data:
            report.add("network.input_missing", "/network")
        return _of_data(dataset) if dataset else ({}, {})
    if dataset is not None and list(shapes.values()) != [dataset.input]:
        _mismatch(shapes, dataset, report)
        return _of_data(dataset)
    if dataset is not None and dtypes.get(next(iter(shapes)), "float32") != dataset.dtype:
        report.add(
            "network.input_kind", "/network", expected=dataset.dtype, dtype=dataset.dtype,
            name=dataset.name,
        )  # fmt: skip
        return _of_data(dataset)
    return shapes, dtypes


def _of_data(dataset: DatasetPlan) -> tuple[dict[str, Shape], dict[str, str]]:
    return {"input": dataset.input}, {"input": "int64"} if dataset.words else {}


def _mismatch(shapes: Mapping[str, Shape], dataset: DatasetPlan, report: Report) -> None:
    several = list(shapes) != ["input"]
    said = [shape_json(shape) for shape in shapes.values()]
    path = "/network/inputs" if several else "/network/input"
    report.add(
        "network.input_mismatch",
        path,
        expected=str(list(dataset.input)),
        got=str(said if several else said[0]),
        fix=None if several else replace(path, list(dataset.input)),
        input=said if several else said[0],
        name=dataset.name,
        shape=list(dataset.input),
    )


def _read(written: Mapping[str, Any], path: str, report: Report) -> Draft:
    """A network of a resolved form, found at `path`."""
    layers = [
        _stored(each, f"{path}/layers/{index}", report)
        for index, each in enumerate(written["layers"])
    ]
    inputs, dtypes = read_inputs(written)
    planned = infer(layers, inputs, dtypes, report)
    name = str(written.get("name", "network"))
    return Draft(NetworkPlan(name, inputs, planned, str(written["output"]), dtypes), layers)


def _stored(written: Mapping[str, Any], path: str, report: Report) -> Expanded:
    fields = own_fields(written)
    layer = validate((LAYERS | MADE)[written["type"]], fields, path, report, layer=written["name"])
    source = written["from"]
    ports = tuple(source) if isinstance(source, Mapping) else ()
    names = tuple(source.values()) if isinstance(source, Mapping) else tuple(source)
    return Expanded(written["name"], written["type"], layer, names, path, None, ports)


def _finish(
    network: NetworkPlan,
    dataset: DatasetPlan | None,
    train: TrainPlan,
    advice: Sequence[Problem],
    weights: Sequence[WeightsPlan],
) -> Plan:
    resolved = resolve([network], dataset, train, weights=weights)
    return Plan(
        resolved=resolved,
        hash=digest(resolved),
        networks={"network": network},
        dataset=dataset,
        train=train,
        totals=totals(network, train),
        advice=tuple(advice)[: limits.PROBLEMS],
        weights=tuple(weights),
    )
