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
from gradus.faults import nearest
from gradus.layers import LAYERS, Layer
from gradus.names import check_name, check_type
from gradus.patch import replace as rewrite
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

    def over(self, coming: set[str]) -> "Scope":
        """The same body, before anything of it has been read."""
        return Scope(
            self.prefix, self.input, self.outer, self.arguments, self.open, coming, self.made,
            self.repeated,
        )  # fmt: skip

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


class Earlier(NamedTuple):
    """A network that stands before this one, to be called by its name."""

    inputs: tuple[str, ...]  # as their readers call them
    layers: Sequence[Any]  # as written
    size: int  # in plain layers


class Expansion:
    """Collects the plain layers of a network in order. Measure it first: this does not stop early."""

    def __init__(
        self,
        blocks: Mapping[str, BlockDefinition | None],
        report: Report,
        networks: Mapping[str, Earlier] | None = None,
    ) -> None:
        """`networks` stand before this one."""
        self.blocks = blocks
        self.report = report
        self.networks = networks or {}
        self.layers: list[Expanded] = []
        # Full path → the plain layer that stands for it.
        self.outputs: dict[str, str | None] = {"input": "input"}
        # Full path of each repeated call → that of the first.
        self.copies: dict[str, str] = {}
        self._made: dict[str, Made] = {}
        self._entries: dict[int, tuple[Sequence[Any], list[Entry]]] = {}
        self._open: list[str] = []  # full paths of what is being expanded
        self._repeated = 0  # edges of repeated calls

    def body(self, written: Sequence[Any], scope: Scope, path: str) -> str | None:
        """Appends the layers of one body; answers the name of its last one."""
        entries = self._read(written)
        scope = scope.over({entry.name for entry in entries})
        output = scope.input
        for index, entry in enumerate(entries):
            place = path if scope.made else f"{path}/{index}"
            output = self._entry(entry, scope, output, place)
        return output

    def _read(self, written: Sequence[Any]) -> list[Entry]:
        """The entries of a list; a repeated body is read once."""
        if id(written) not in self._entries:
            # The list is held too, so that its id stays its own.
            self._entries[id(written)] = written, read_entries(written)
        return self._entries[id(written)][1]

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
        if to in self.networks and not lookup.knows(to):
            return self.network(to, call, place)
        path = lookup.place_of(to, place)
        if path is None or self.outputs[path] is None:
            return None
        if path not in self._made:
            self.report.add("apply.input", place, layer=call.name, to=to[:80])
            return None
        first = self._made[path]
        return self._repeat(first, call, self.copies.get(path, path)) if first.sound else None

    def network(self, name: str, call: Call, place: str) -> str | None:
        """Appends an earlier network, with the parameters that it has already; `place` names it."""
        earlier = self.networks.get(name)
        if earlier is None:
            near = nearest(name, self.networks)
            fix = rewrite(place, near) if near else None
            self.report.add(
                "each.network_unknown", place, layer=call.name, fix=fix, name=name[:80], nearest=near
            )  # fmt: skip
            return None
        given = self._given(name, earlier, call)
        if given is None:
            return None
        count = sum(each.size for each in self.networks.values()) + len(self.layers)
        self._refuse_beyond("limit.layers", count + earlier.size, limits.LAYERS, call.path)
        prefix = f"{call.name}/"
        self.outputs |= {f"{prefix}{input}": source for input, source in given.items()}
        scope = Scope(prefix, next(iter(given.values())), made=True, repeated=True)
        output = self.body(earlier.layers, scope, call.path)
        self.copies[call.name] = name
        return output

    def _given(self, name: str, earlier: Earlier, call: Call) -> dict[str, str | None] | None:
        """What each input of a called network reads; None after reporting what does not fit."""
        given = dict(zip(call.ports or earlier.inputs, call.inputs, strict=False))
        place = f"{call.path}/from"
        for port in call.ports:
            if port not in earlier.inputs:
                known = ", ".join(earlier.inputs)
                self.report.add(
                    "call.input_unknown", join(place, port), layer=call.name, network=name,
                    input=port[:80], inputs=known, nearest=nearest(port, earlier.inputs),
                )  # fmt: skip
                return None
        missing = [each for each in earlier.inputs if each not in given]
        if missing:
            self.report.add(
                "call.input_missing", place, layer=call.name, network=name, field=missing[0]
            )
            return None
        if len(call.inputs) > len(earlier.inputs):
            most = len(earlier.inputs)
            self.report.add(
                "reference.count", place, layer=call.name, expected=str(most),
                got=str(len(call.inputs)), type=name, fewest=most, most=most,
                count=len(call.inputs),
            )  # fmt: skip
            return None
        return {each: given[each] for each in earlier.inputs}

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
        count = len(self.layers) + len(layers)
        self._refuse_beyond("limit.nesting", len(self._open), limits.OPEN, call.path)
        self._refuse_beyond("limit.layers", count, limits.LAYERS, call.path)
        self._refuse_beyond("limit.edges", self._repeated, limits.EDGES, call.path)

    def _refuse_beyond(self, code: str, number: int, limit: int, path: str) -> None:
        if number > limit:
            self.report.add(
                code, path, expected=f"≤ {limit}", got=str(number), count=number, limit=limit
            )
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
