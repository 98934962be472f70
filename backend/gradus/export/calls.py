"""The forward pass of one class: which variable holds what, and one line for each layer."""

from collections.abc import Mapping, Sequence

from gradus.export.code import Code, Results
from gradus.export.names import TAKEN, Names
from gradus.export.scopes import Child, Readers, Scope, part, read, values
from gradus.planned import LayerPlan

FLOW = ("x", "y")  # what is read at once and never again needs no name of its own


class Calls:
    """Lines that compute the `results` of a scope."""

    def __init__(
        self,
        scope: Scope,
        codes: Mapping[str, Code],
        names: Names,
        readers: Readers,
        results: Sequence[str],
    ) -> None:
        self._scope = scope
        self._codes = codes
        self._names = names
        self._readers = readers
        self._results = list(results)
        self._held: dict[str, str] = {}  # variables by the values in them
        self._last = self._last_reads()

    def modules(self, layer: LayerPlan) -> set[str]:
        """Names of the modules of a layer that the pass calls; the rest are expressions."""
        attribute = self._names.attribute(part(layer))
        return {
            f"{attribute}_{step.suffix}" if step.suffix else attribute
            for step in self._codes[layer.name].steps
            if not step.expression
        }

    def forward(self, inputs: Sequence[str]) -> tuple[list[str], list[str]]:
        """Arguments and body of the method, for inputs of these names."""
        if len(inputs) == 1:
            self._held[inputs[0]] = "x"
        else:
            for name in inputs:
                self._held[name] = self._own(name)
        arguments = list(self._held.values())
        body: list[str] = []
        for place, child in enumerate(self._scope.children):
            body += self._lines(place, child)
        said = ", ".join(self._held[name] for name in self._results)
        if len(self._results) == 1 and body and body[-1].startswith(f"{said} = "):
            body[-1] = f"return {body[-1].removeprefix(f'{said} = ')}"
        else:
            body.append(f"return {said}")
        return arguments, body

    def _last_reads(self) -> dict[str, int]:
        """The place of the child that reads a value last; behind all where it is a result."""
        last: dict[str, int] = {}
        for place, child in enumerate(self._scope.children):
            for name in read(child):
                last[name] = place
        return last | dict.fromkeys(self._results, len(self._scope.children))

    def _lines(self, place: int, child: Child) -> list[str]:
        reads = read(child)
        arguments = {name: self._held[name] for name in reads}
        left = [name for name in self._readers.left(child) if name in self._last]
        if isinstance(child, Scope):
            return self._call(place, child, list(arguments.values()), left)
        return self._layer(place, child, arguments, left)

    def _call(self, place: int, child: Scope, arguments: list[str], left: list[str]) -> list[str]:
        attribute = self._names.attribute(part(child))
        called = attribute if len(left) == 1 else ""
        targets = [self._hold(name, place, called) for name in left]
        said = f"self.{attribute}({', '.join(arguments)})"
        return [f"{', '.join(targets)} = {said}"] if targets else []

    def _layer(
        self, place: int, layer: LayerPlan, arguments: Mapping[str, str], left: list[str]
    ) -> list[str]:
        given = [arguments[name] for name in layer.inputs]
        code = self._codes[layer.name]
        attribute = self._names.attribute(part(layer))
        said = ""
        for index, step in enumerate(code.steps):
            inside = _arguments(layer, given) if index == 0 else said
            name = f"{attribute}_{step.suffix}" if step.suffix else attribute
            if step.expression:
                said = step.expression.format(*(given if index == 0 else [said]))
            else:
                said = f"self.{name}({inside})"
        if code.results is not None:
            return self._taken_apart(place, layer, code.results, said, left)
        if not left:
            return []
        target = self._hold(layer.name, place)
        return [] if target == said else [f"{target} = {said}"]

    def _taken_apart(
        self, place: int, layer: LayerPlan, results: Results, said: str, left: list[str]
    ) -> list[str]:
        """The lines that take what a module gives apart; what nobody reads is `_`."""
        own = dict(zip(values(layer), [results.output, *layer.extras], strict=True))
        held: dict[str, str] = {}
        copies: list[str] = []
        for name in left:
            target = self._hold(name, place)
            if own[name] in held:
                copies.append(f"{target} = {held[own[name]]}")
            else:
                held[own[name]] = target
        parts = {"output", "steps", *layer.extras, results.output}
        pattern = results.pattern.format(**{each: held.get(each, "_") for each in parts})
        lines = [f"{pattern.replace('(_, _)', '_')} = {said}"]
        for each, target in held.items():
            if each in results.finish:
                lines.append(f"{target} = {results.finish[each].format(target)}")
        return [*lines, *copies]

    def _hold(self, name: str, place: int, called: str = "") -> str:
        """The variable that a value goes into at this place, `called` so where it needs a name."""
        live = {var for value, var in self._held.items() if self._last.get(value, -1) > place}
        passing = self._last[name] == place + 1
        free = [each for each in FLOW if each not in live] if passing else []
        self._held[name] = free[0] if free else self._own(called or name)
        return self._held[name]

    def _own(self, name: str) -> str:
        wanted = name.rpartition("/")[2].replace(".", "_")
        if wanted.isdigit():
            wanted = name.split("/")[-2] + "_" + wanted
        wanted = (
            wanted + "_" if wanted in TAKEN or wanted in FLOW else self._names.attribute(wanted)
        )
        while wanted in self._held.values():
            wanted += "_"
        return wanted


def _arguments(layer: LayerPlan, given: Sequence[str]) -> str:
    """What a module is called with: ports beyond the first by their names."""
    named = [
        f"{port}={each}" if place else each
        for place, (port, each) in enumerate(zip(layer.ports, given, strict=False))
    ]
    return ", ".join(named if layer.ports else given)
