"""Expansion of a written list to plain layers, each pointing at where it was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, NamedTuple

from gradus import limits
from gradus.composites import COMPOSITES
from gradus.composites.apply import Apply
from gradus.composites.arguments import read_fields
from gradus.composites.block import BlockDefinition
from gradus.composites.composite import NOTHING, Arguments, Composite
from gradus.entries import Entry, read_entries
from gradus.layers import LAYERS, Layer
from gradus.names import check_name, check_type
from gradus.pointer import join
from gradus.problems import Report, SpecError
from gradus.references import Lookup, read_ports, read_sources


@dataclass(frozen=True, slots=True)
class Expanded:
    """One plain layer: its full path, its model (None where it has a problem) and what it reads."""

    name: str
    type: str
    layer: Layer | None
    inputs: tuple[str | None, ...]  # None where a reference has a problem
    path: str  # JSON pointer to the entry as written
    entry: Entry | None  # None for a layer that a composite adds
    ports: tuple[str, ...] = ()  # names of its inputs, in their order, where `from` gives them


@dataclass(frozen=True, slots=True)
class Scope:
    """Where names are local: one body at one place of the expanded network."""

    prefix: str = ""
    input: str | None = "input"
    outer: "Scope | None" = None
    arguments: Arguments = NOTHING
    open: tuple[str, ...] = ()  # blocks that this body is inside of
    coming: set[str] = field(default_factory=set)  # names of this body that are yet to come
    made: bool = False  # nobody wrote the entries of this body: they come of a composite
    repeated: bool = False  # it is part of what is called again

    def inside(self, prefix: str, input: str | None, *, made: bool = False) -> "Scope":
        """A body within this one, which sees the names of this one too."""
        return Scope(
            prefix,
            input,
            self,
            self.arguments,
            self.open,
            made=made or self.made,
            repeated=self.repeated,
        )

    def after(self, input: str | None) -> "Scope":
        """The same body, gone on with from another value."""
        return replace(self, input=input)

    def sees(self, name: str, path: str) -> bool:
        """Whether `name`, said here, is the full path of something that this is inside of."""
        return self.prefix.startswith(f"{path}/") and path.rpartition("/")[2] == name

    def apart(self, prefix: str, input: str | None, arguments: Arguments, block: str) -> "Scope":
        """The body of a block, which sees nothing of where it is used."""
        return Scope(prefix, input, None, arguments, (*self.open, block), repeated=self.repeated)


@dataclass(frozen=True, slots=True)
class Call:
    """Where a layer or composite is used, and what it reads there."""

    name: str  # full path
    path: str
    inputs: tuple[str | None, ...]
    scope: Scope
    ports: tuple[str, ...] = ()

    def place(self, *keys: str | int) -> str:
        """The pointer to a part of the composite; to itself where nobody wrote its parts."""
        return self.path if self.scope.made else join(self.path, *keys)


class Made(NamedTuple):
    """What stands in the network already under a name, and can be called again."""

    entry: Entry
    call: Call
    layers: slice  # of the expanded ones
    sound: bool


class Expansion:
    """Collects the plain layers of a network in order. Measure it first: this does not stop early."""

    def __init__(self, blocks: Mapping[str, BlockDefinition | None], report: Report) -> None:
        self.blocks = blocks
        self.report = report
        self.layers: list[Expanded] = []
        # Full path → the plain layer that stands for it.
        self.outputs: dict[str, str | None] = {"input": "input"}
        # Full path of each repeated call → that of the first.
        self.copies: dict[str, str] = {}
        self._made: dict[str, Made] = {}
        self._open: list[str] = []  # full paths of what is being expanded
        self._repeated = 0  # edges of repeated calls

    def body(self, written: Sequence[Any], scope: Scope, path: str) -> str | None:
        """Appends the layers of one body; answers the name of its last one."""
        entries = read_entries(written)
        scope = replace(scope, coming={entry.name for entry in entries})
        output = scope.input
        for index, entry in enumerate(entries):
            place = path if scope.made else f"{path}/{index}"
            output = self._entry(entry, scope, output, place)
        return output

    def join(self, call: Call, type: str, inputs: Sequence[str | None]) -> str:
        """Appends the layer in which a composite's ways come together, under a name that is free."""
        return self.add(call, type, LAYERS[type](), inputs)

    def add(self, call: Call, type: str, layer: Layer, inputs: Sequence[str | None]) -> str:
        """Appends a layer that nobody wrote, under a name that is free."""
        names = (f"{call.name}/{type}_{ordinal}" for ordinal in count(1))
        name = next(name for name in names if name not in self.outputs)
        self.layers.append(Expanded(name, type, layer, tuple(inputs), call.path, None))
        self.outputs[name] = name
        return name

    def _entry(self, entry: Entry, scope: Scope, before: str | None, path: str) -> str | None:
        name = scope.prefix + entry.name
        sources = read_sources(entry, path)
        lookup = Lookup(scope, self.outputs, path, self.report, name)
        inputs = (before,) if sources is None else tuple(lookup.find(each) for each in sources)
        scope.coming.discard(entry.name)
        if not check_type(entry, path, self.report):
            self.outputs[name] = None
            return None
        sound = check_name(entry, name, path, self.outputs, self.report)
        ports = read_ports(entry, path, self.report)
        call = Call(name, path, inputs if ports is not None else (None,), scope, ports or ())
        start, faults = len(self.layers), self.report.met
        self._open.append(name)
        output = self._expand(entry, call)
        self._open.pop()
        if sound:
            self.outputs[name] = output
            whole = slice(start, len(self.layers))
            found = Made(entry, call, whole, faults == self.report.met)
            self._made.setdefault(name, found)
        return output

    def again(self, to: str, call: Call) -> str | None:
        """Appends what `to` names once more; answers the name of the layer that is its output."""
        place = join(call.path, "to")
        lookup = Lookup(call.scope, self.outputs, place, self.report, call.name)
        within = any(call.scope.sees(to, path) for path in self._open)
        if within and call.scope.prefix + to not in self.outputs:
            self.report.add("apply.itself", place, layer=call.name, to=to[:80])
            return None
        path = lookup.place_of(to, place)
        if path is None or self.outputs[path] is None:
            return None
        if path not in self._made:
            self.report.add("apply.input", place, layer=call.name, to=to[:80])
            return None
        first = self._made[path]
        return self._repeat(first, call, self.copies.get(path, path)) if first.sound else None

    def _repeat(self, first: Made, call: Call, path: str) -> str | None:
        """Expands an entry a second time, as if it stood where it is called again."""
        self._check_limits(first, call)
        source = dict.fromkeys(call.ports) or None
        if read_ports(replace(first.entry, source=source), call.path, self.report) is None:
            return None
        start = len(self.layers)
        # Nobody wrote these layers here, so each of them points at the call.
        scope = replace(first.call.scope, made=True, repeated=True)
        output = self._expand(first.entry, replace(call, scope=scope))
        self.copies[call.name] = path
        self._made[call.name] = first._replace(layers=slice(start, len(self.layers)))
        return output

    def _check_limits(self, first: Made, call: Call) -> None:
        """Raises SpecError where the network would grow beyond a limit by another call."""
        layers = self.layers[first.layers]
        if not call.scope.repeated:  # else they are part of what has been counted
            self._repeated += sum(len(each.inputs) for each in layers)
        for code, number, limit in (
            ("limit.nesting", len(self._open), limits.OPEN),
            ("limit.layers", len(self.layers) + len(layers), limits.LAYERS),
            ("limit.edges", self._repeated, limits.EDGES),
        ):
            if number > limit:
                self.report.add(
                    code, call.path, expected=f"≤ {limit}", got=str(number), count=number,
                    limit=limit,
                )  # fmt: skip
                raise SpecError(self.report.problems)

    def _expand(self, entry: Entry, call: Call) -> str | None:
        word, read = str(entry.type), (entry.fields, call.scope.arguments, call.path, self.report)
        if word in COMPOSITES:
            composite = read_fields(COMPOSITES[word], *read, layer=call.name)
            if isinstance(composite, Apply):
                return composite.expand(self, call)
            return self._composite(composite, call) if composite else None
        layer = read_fields(LAYERS[word], *read, layer=call.name)
        self.layers.append(
            Expanded(
                call.name,
                word,
                layer,
                call.inputs,
                call.path,
                None if call.scope.made else entry,
                call.ports,
            )
        )
        return call.name

    def _composite(self, composite: Composite, call: Call) -> str | None:
        if not 1 <= len(call.inputs) <= max(1, len(composite.ports)):
            self.report.add(
                "reference.count",
                f"{call.path}/from",
                layer=call.name,
                expected="1" if not composite.ports else f"1 … {len(composite.ports)}",
                got=str(len(call.inputs)),
                type=composite.type,
                fewest=1,
                most=max(1, len(composite.ports)),
                count=len(call.inputs),
            )
            return None
        if call.ports and composite.ports[0] not in call.ports:
            known, port = ", ".join(composite.ports), composite.ports[0]
            self.report.add(
                "port.missing",
                f"{call.path}/from",
                layer=call.name,
                expected=known,
                type=composite.type,
                port=port,
            )
            return None
        return composite.expand(self, call)
