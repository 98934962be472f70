"""What is known of a network's values, layer by layer: shapes, kinds of numbers, receptive fields."""

from collections.abc import Mapping, Sequence
from dataclasses import replace as with_fields
from itertools import zip_longest
from math import prod
from typing import Any, NamedTuple

from gradus.composites.expansion import Expanded
from gradus.composites.shortcut import Shortcut
from gradus.faults import nearest
from gradus.layers import Layer, Misfit
from gradus.layers.each import EachEnd, EachStart
from gradus.layers.layer import check_dtype, check_length, check_limits, check_rank, check_repeated
from gradus.misfits import counts, report_misfit
from gradus.patch import Patch, add, replace
from gradus.planned import ANY, LayerPlan, ParameterPlan, ReceptiveField, Shape
from gradus.pointer import join
from gradus.problems import Report

BYTES = 4  # of a float32
_WORDS = 1000  # rows of a table that is proposed where nobody knows how many are needed


class Counted(NamedTuple):
    """What a layer says of itself, for one sample and one run of it."""

    fields: Mapping[str, Any]
    output: Shape
    extras: Mapping[str, Shape]
    parameters: tuple[ParameterPlan, ...]
    parameter_count: int
    multiply_adds: int
    given: int  # numbers in its outputs
    kept: int  # numbers that training holds beside them


class Inference:
    """Plans layers in order, each from what the layers before it give.

    A layer behind a faulty one is left out in silence: its own fault, if any, cannot be told.
    """

    def __init__(
        self,
        inputs: Mapping[str, Shape],
        dtypes: Mapping[str, str],
        report: Report,
        words: int | None = None,
    ) -> None:
        """`words` is how many whole numbers the data are made of, where they are texts."""
        self._words = words or _WORDS
        self.plans: list[LayerPlan] = []
        self._report = report
        self._shapes = dict(inputs)
        self._fields = {name: _start(shape) for name, shape in inputs.items()}
        self._dtypes = dict(dtypes)
        self._known: dict[tuple[Any, ...], tuple[Layer, Counted]] = {}
        self._times: dict[str, int] = {}  # of what runs more than once for a sample, and behind it
        self._stands_for: dict[str, str] = {}  # what a shortcut came to be

    def take(self, each: Expanded) -> None:
        """Plans the next layer, or the layers that a shortcut comes to."""
        if each.layer is None or not counts(each, self._report) or None in each.inputs:
            return
        names = tuple(self._stands_for.get(name, name) for name in each.inputs if name is not None)
        unknown = [at for at, name in enumerate(names) if not self._knows(name, at, each)]
        if unknown:
            return
        try:
            if isinstance(each.layer, Shortcut):
                self._shortcut(each, each.layer, names)
            else:
                self._keep(self._plan(each, each.layer, names))
        except Misfit as misfit:
            report_misfit(each, misfit, self._report)

    def _shortcut(self, each: Expanded, shortcut: Shortcut, names: Sequence[str]) -> None:
        output = names[0]
        for layer in shortcut.layers(*(self._shapes[name] for name in names)):
            name = f"{each.name}/{layer.type}"
            part = with_fields(each, name=name, type=layer.type, layer=layer)
            self._keep(self._plan(part, layer, (output,)))
            output = name
        self._stands_for[each.name] = output

    def _repetitions(
        self, each: Expanded, layer: Layer, names: Sequence[str], inputs: Sequence[Shape]
    ) -> int:
        """How often a layer runs for one sample: once for each slice inside an `each`."""
        if isinstance(layer, EachStart):
            times = self._times.get(names[0], 1) * _one_long(inputs[0])[0]
        elif isinstance(layer, EachEnd):
            times = self._times.get(names[1], 1)
        elif self._times:
            times = max((self._times.get(name.partition(".")[0], 1) for name in names), default=1)
        else:
            return 1
        self._times[each.name] = times
        return times

    def _knows(self, name: str, at: int, each: Expanded) -> bool:
        """Whether a value is known; reports a further output that its layer does not give."""
        if name in self._shapes:
            return True
        base, dot, extra = name.partition(".")
        if dot and base in self._shapes:
            known = [full.partition(".")[2] for full in self._shapes if full.startswith(f"{base}.")]
            place, written = _source(each, at)
            near = nearest(extra, known)
            padded = self._padded(base, extra)
            fix = (
                replace(place, f"{written.partition('.')[0]}.{near}") if near and written else None
            )
            self._report.add(
                "reference.mask" if padded else "reference.output", place, layer=each.name,
                expected=", ".join(known) or None, got=extra, fix=padded or fix, name=base,
                output=extra, outputs=", ".join(known), nearest=near,
            )  # fmt: skip
        return False

    def _padded(self, name: str, extra: str) -> Patch | None:
        """The patch that gives an embedding a mask; only where nothing else can stand for it."""
        plan = next((plan for plan in self.plans if plan.name == name), None)
        if plan is None or (plan.type, extra) != ("embedding", "mask") or "/" in name:
            return None
        return add(f"{plan.source}/padding", 0)

    def _keep(self, plan: LayerPlan) -> None:
        self.plans.append(plan)
        self._shapes[plan.name], self._fields[plan.name] = plan.output, plan.receptive_field
        for extra, shape in plan.extras.items():
            self._shapes[f"{plan.name}.{extra}"] = shape
            self._fields[f"{plan.name}.{extra}"] = None

    def _plan(self, each: Expanded, layer: Layer, names: tuple[str, ...]) -> LayerPlan:
        """The plan of one layer. Raises Misfit where it does not fit."""
        ports, names = _in_order(layer, each.ports, names)
        inputs = tuple([self._shapes[name] for name in names])
        for port, name in zip_longest(ports, names, fillvalue=""):
            check_dtype(layer, self._dtypes.get(name, "float32"), port, self._words)
        if isinstance(layer, EachStart) and names[0] in self._dtypes:
            self._dtypes[each.name] = self._dtypes[names[0]]
        counted = self._counted(layer, ports, inputs)
        times = self._repetitions(each, layer, names, inputs)
        check_repeated(layer, counted.output, times)
        return LayerPlan(
            name=each.name,
            type=each.type,
            fields=counted.fields,
            inputs=names,
            input_shapes=inputs,
            output=counted.output,
            parameters=counted.parameters,
            parameter_count=counted.parameter_count,
            multiply_adds=times * counted.multiply_adds,
            # The matrix of an attention is larger than all else that it holds.
            activation_bytes=times * BYTES * counted.given,
            receptive_field=layer.receptive_field([self._fields[name] for name in names]),
            source=each.path,
            ports=ports,
            extras=counted.extras,
            kept_bytes=times * BYTES * counted.kept,
        )

    def _counted(self, layer: Layer, ports: tuple[str, ...], inputs: tuple[Shape, ...]) -> Counted:
        """What a layer comes to over inputs of these shapes; deep networks repeat most of theirs."""
        key = (id(layer), ports, inputs)
        if key not in self._known:
            # The layer is held too, so that its id stays its own.
            self._known[key] = layer, _count(layer.bind(ports), inputs)
        return self._known[key][1]


def _count(layer: Layer, inputs: tuple[Shape, ...]) -> Counted:
    """Raises Misfit where the layer does not fit."""
    for shape in inputs:
        check_length(layer, shape)
        check_rank(layer, shape)
    output, extras = layer.output(inputs), layer.extras(inputs)
    for shape in (output, *extras.values()):
        check_limits(layer, shape)
    # Products and bytes of any length are told for one of it.
    shapes, given = [_one_long(shape) for shape in inputs], _one_long(output)
    parameters = layer.parameters(inputs)
    return Counted(
        fields=layer.resolved(),
        output=output,
        extras=extras,
        parameters=parameters,
        parameter_count=sum(prod(each.shape) for each in parameters if not each.buffer),
        multiply_adds=layer.multiply_adds(shapes, given),
        given=sum(prod(_one_long(shape)) for shape in (output, *extras.values())),
        kept=layer.kept(shapes, given),
    )


def _in_order(
    layer: Layer, ports: tuple[str, ...], names: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ports and what stands at them in the layer's own order; raises Misfit where one is missing."""
    if not ports:
        return () if layer.quiet and len(names) == 1 else layer.ports[: len(names)], names
    missing = [port for port in layer.ports[: layer.inputs[0]] if port not in ports]
    if missing:
        known = ", ".join(layer.ports)
        raise Misfit("port.missing", field="from", expected=known, type=layer.type, port=missing[0])
    found = dict(zip(ports, names, strict=True))
    ordered = {port: found[port] for port in layer.ports if port in found}
    return tuple(ordered), tuple(ordered.values())


def _source(each: Expanded, at: int) -> tuple[str, str]:
    """The pointer to what a layer says that it reads there, and what it says; "" for nothing."""
    place, source = f"{each.path}/from", each.entry.source if each.entry else None
    if isinstance(source, dict):
        port = list(source)[at]
        return join(place, port), str(source[port])
    if isinstance(source, list):
        return join(place, at), str(source[at])
    return (place, source) if isinstance(source, str) else (each.path, "")


def _start(shape: Shape) -> ReceptiveField | None:
    axes = len(shape) - 1
    return ReceptiveField((1,) * axes, (1,) * axes) if axes else None


def _one_long(shape: Shape) -> Shape:
    return tuple(1 if size == ANY else size for size in shape) if ANY in shape else shape
