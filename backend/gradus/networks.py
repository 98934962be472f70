"""Several networks of one document, each drafted on its own. Full names begin with the network's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gradus.composites.expansion import Earlier, Expanded, Expansion, Scope
from gradus.composites.measure import Measure
from gradus.document import Network, Parts
from gradus.faults import nearest
from gradus.planned import DatasetPlan, NetworkPlan, Shape
from gradus.pointer import join
from gradus.problems import Report, SpecError
from gradus.shapes import infer
from gradus.sharing import shared
from gradus.sizing import fill_sizes
from gradus.ties import tie
from gradus.weights import Start


@dataclass(frozen=True, slots=True)
class Draft:
    """A network as far as it could be planned, and the expanded layers that it was planned from."""

    plan: NetworkPlan
    layers: Sequence[Expanded]

    @property
    def output(self) -> Shape | None:
        """The shape that it gives; None where a fault of its own hides it."""
        return self.plan.shapes.get(self.plan.output)

    @property
    def inputs(self) -> dict[str, Shape]:
        """Shapes of its inputs by the names that callers know."""
        return {bare(name): shape for name, shape in self.plan.inputs.items()}

    def begun(self, start: Start, written: Network | None, path: str) -> "Draft":
        """The same with the weights pinned that the network starts from."""
        begun = written.init if written is not None else None
        return replace(self, plan=start.pin(self.plan, begun, path))

    def dtype(self, input: str) -> str:
        return self.plan.dtypes.get(f"{self.plan.name}/{input}", "float32")


def bare(name: str) -> str:
    """A name within its network.

    >>> bare("g/stage2/conv2d_1")
    'stage2/conv2d_1'
    """
    return name.partition("/")[2]


def draft_networks(parts: Parts, dataset: DatasetPlan | None, report: Report) -> dict[str, Draft]:
    """Every network that could be read, in the order of the document."""
    measure = Measure(parts.blocks, report)
    sound = {name: each for name, each in parts.networks.items() if each is not None}
    for name, written in sound.items():
        if not measure.fits(written.layers, join("/networks", name, "layers"), name):
            raise SpecError(report.problems)
    drafts: dict[str, Draft] = {}
    for name, written in sound.items():
        drafts[name] = _draft(name, written, drafts, parts, dataset, report)
    return tie_networks(drafts, parts.tie, report)


def _draft(
    name: str,
    written: Network,
    before: Mapping[str, Draft],
    parts: Parts,
    dataset: DatasetPlan | None,
    report: Report,
) -> Draft:
    path = join("/networks", name)
    prefix = f"{name}/"
    inputs = {prefix + each: form.sizes for each, form in written.forms.items()}
    kinds: dict[str, str] = {prefix + each: form.dtype for each, form in written.forms.items()}
    if not inputs and parts.data is None:
        report.add("network.input_missing", path)
    elif not inputs and dataset is not None:
        inputs = {f"{prefix}input": dataset.input}
        kinds = {f"{prefix}input": dataset.dtype}
    first = next(iter(inputs), f"{prefix}input")
    expansion = Expansion(parts.blocks, report, _callable(before, parts))
    expansion.outputs = {each: each for each in inputs or [first]}
    scope = Scope(prefix=prefix, input=first)
    output = expansion.body(written.layers, scope, f"{path}/layers")
    # No loss is a network's own, so none of them takes its size from the data.
    layers = fill_sizes(expansion.layers, output, None, (), has_data=False, report=report)
    dtypes = {each: kind for each, kind in kinds.items() if kind != "float32"}
    planned = infer(layers, inputs, dtypes, report)
    known = [layer for draft in before.values() for layer in draft.plan.layers]
    ties = shared(planned, expansion.copies, report, known)
    return Draft(NetworkPlan(name, inputs, planned, output or "", dtypes, ties), layers)


def _callable(drafts: Mapping[str, Draft], parts: Parts) -> dict[str, Earlier]:
    """The networks that a later one may call."""
    found = {}
    for name, draft in drafts.items():
        written = parts.networks[name]
        if written is not None and draft.plan.inputs:
            found[name] = Earlier(tuple(draft.inputs), written.layers, len(draft.layers))
    return found


def tie_networks(
    drafts: Mapping[str, Draft],
    ties: Mapping[str, str],
    report: Report,
    *,
    resolved: bool = False,
) -> dict[str, Draft]:
    """The networks with the ties of each. A tie that is written holds within one network only; in a
    `resolved` form a network may hold tensors of an earlier one that it calls.
    """
    calls: dict[str, dict[str, str]] = {name: dict(each.plan.ties) for name, each in drafts.items()}
    own: dict[str, dict[str, str]] = {name: {} for name in drafts}
    for one, other in ties.items():
        first, second = one.partition("/")[0], other.partition("/")[0]
        if first not in drafts:
            near = nearest(one, _parameters(drafts))
            report.add(
                "tie.unknown", join("/tie", one), expected=near, got=one[:80], name=one[:80],
                nearest=near,
            )  # fmt: skip
        elif second in drafts and first != second and resolved:
            calls[first][one] = other
        elif second in drafts and first != second:
            report.add("tie.networks", join("/tie", one), name=one[:80], other=other[:80])
        else:
            own[first][one] = other
    tied: dict[str, Draft] = {}
    owners: dict[str, str] = {}
    for name, draft in drafts.items():
        # What an earlier network holds may be tied there to something else.
        held = {one: owners.get(other, other) for one, other in calls[name].items()}
        layers = {each.name for each in draft.layers}
        found = tie(replace(draft.plan, ties=held), own[name], layers, report)
        owners |= found.ties
        tied[name] = replace(draft, plan=found)
    return tied


def _parameters(drafts: Mapping[str, Draft]) -> list[str]:
    return [
        f"{layer.name}.{each.name}"
        for draft in drafts.values()
        for layer in draft.plan.layers
        for each in layer.parameters
        if not each.buffer
    ]
