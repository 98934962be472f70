"""The classes of a script: one for the network, and one for each kind of composite in it.

A composite whose layers stand in a row is an `nn.Sequential`; any other is a class, and composites
that read alike share one.
"""

from collections.abc import Mapping, Sequence

from gradus.export.calls import Calls
from gradus.export.code import Code
from gradus.export.names import CLASSES, Names, camel
from gradus.export.scopes import Child, Readers, Scope, layers, part, read, tree
from gradus.planned import LayerPlan, NetworkPlan, Shape, shape_json

INDENT = "    "


class Modules:
    """Writes the classes of one network. `wanted` are the values that its forward pass gives,
    `names` those of attributes, where several networks share them."""

    def __init__(
        self,
        network: NetworkPlan,
        codes: Mapping[str, Code],
        wanted: Sequence[str],
        names: Names | None = None,
    ) -> None:
        self._network = network
        self._codes = codes
        self._wanted = list(wanted)
        self._readers = Readers(network.layers, wanted)
        self.names = names or Names(layer_parts(network.layers))
        self._classes: dict[str, str] = {}  # the text behind the name, and the name
        self.root = tree(network.layers)

    def classes(self, taken: set[str], name: str = "Network") -> list[str]:
        """Every class that the network needs, itself at the end; adds their names to `taken`."""
        self._taken = taken
        taken.add(name)
        network = self._class(self.root, name)
        written = [f"class {own}{text}" for text, own in self._classes.items()]
        return [*written, f"class {name}{network}"]

    def path(self, parameter: str) -> str:
        """Where a parameter lies: `self.head.weight` for `head.weight`."""
        layer, _, tensor = parameter.rpartition(".")
        scope, steps = self.root, ["self"]
        for piece in layer.split("/"):
            if self._is_row(scope) and self._numbered(scope):
                steps[-1] += f"[{piece}]"
            else:
                steps.append(self.names.attribute(piece))
            scope = next(
                (
                    each
                    for each in scope.children
                    if part(each) == piece and isinstance(each, Scope)
                ),
                scope,
            )
        return ".".join([*steps, tensor])

    def _is_row(self, scope: Scope) -> bool:
        """Whether each child reads what the one before it gives, and nothing else."""
        before = read(scope)
        if len(before) != 1 or (not scope.path and len(self._network.inputs) != 1):
            return False
        for child in scope.children:
            if read(child) != before or not self._in_a_row(child):
                return False
            before = self._readers.left(child)
            if len(before) != 1:
                return False
        return scope.path != "" or before == self._wanted

    def _in_a_row(self, child: Child) -> bool:
        if isinstance(child, Scope):
            return True
        code = self._codes[child.name]
        single = len(child.inputs) == 1 and code.results is None
        return single and all(step.module for step in code.steps)

    @staticmethod
    def _numbered(scope: Scope) -> bool:
        return [part(child) for child in scope.children] == [
            str(place) for place in range(len(scope.children))
        ]

    def _made(self, child: Scope) -> list[str]:
        """What makes a composite, in lines."""
        if self._is_row(child):
            return self._sequential(child)
        text = self._class(child, "")
        if text not in self._classes:
            self._classes[text] = self._name(child)
        return [f"{self._classes[text]}()"]

    def _name(self, scope: Scope) -> str:
        """A name for a class, after the last part of the path that is no number."""
        named = [piece for piece in scope.path.split("/") if not piece.isdigit()]
        stem = named[-1].rstrip("0123456789").rstrip("_") or named[-1]
        name, ordinal = camel(stem), 2
        while name in self._taken or name in CLASSES:
            name, ordinal = f"{camel(stem)}{ordinal}", ordinal + 1
        self._taken.add(name)
        return name

    def _sequential(self, scope: Scope) -> list[str]:
        if not self._numbered(scope):
            return ["nn.Sequential(", *_indented(self._row(scope)), ")"]
        made = [self._made(child) for child in scope.children if isinstance(child, Scope)]
        lines: list[str] = []
        place = 0
        while place < len(made):
            same = next((n for n in range(place, len(made)) if made[n] != made[place]), len(made))
            lines += _several(made[place], same - place)
            place = same
        return ["nn.Sequential(", *_indented(lines), ")"]

    def _row(self, scope: Scope) -> list[str]:
        """A row of named modules as the argument of `nn.Sequential`."""
        lines: list[str] = []
        for child in scope.children:
            if isinstance(child, Scope):
                first, *rest = self._made(child)
                made = [f"{self.names.attribute(part(child))}={first}", *rest]
                lines += _listed_lines(made)
            else:
                steps = [f"{name}={text}," for name, text in self._steps(child)]
                steps[-1] += f"  # {shape_text(child.output)}"
                lines += steps
        return ["OrderedDict(", *_indented(lines), ")"]

    def _steps(self, layer: LayerPlan) -> list[tuple[str, str]]:
        """Names and makers of the modules of a layer."""
        attribute = self.names.attribute(part(layer))
        frozen = layer.parameters and layer.fields.get("trainable") is False
        made = []
        for step in self._codes[layer.name].steps:
            text = (
                f"{step.module}.requires_grad_(False)"
                if frozen and not step.suffix
                else step.module
            )
            made.append(
                (f"{attribute}_{step.suffix}".rstrip("_") if step.suffix else attribute, text)
            )
        return made

    def _class(self, scope: Scope, name: str) -> str:
        """The text of a class behind its name."""
        if name and self._is_row(scope):
            row = self._row(scope)
            made = ["super().__init__(", *_indented(row), ")", *self._ties()]
            return "(nn.Sequential):\n" + _text(
                [self._meaning(scope), "", "def __init__(self):", *_indented(made)]
            )
        calls = Calls(scope, self._codes, self.names, self._readers, self._results(scope, name))
        lines = [self._meaning(scope)]
        init = self._init(scope, calls, bool(name))
        if init:
            lines += ["", "def __init__(self):", *_indented(["super().__init__()", *init])]
        inputs = list(self._network.inputs) if name else read(scope)
        arguments, body = calls.forward(inputs)
        lines += ["", f"def forward({', '.join(['self', *arguments])}):", *_indented(body)]
        return "(nn.Module):\n" + _text(lines)

    def _results(self, scope: Scope, name: str) -> list[str]:
        return self._wanted if name else self._readers.left(scope)

    def _init(self, scope: Scope, calls: Calls, root: bool) -> list[str]:
        lines: list[str] = []
        for child in scope.children:
            if isinstance(child, Scope):
                first, *rest = self._made(child)
                lines += [f"self.{self.names.attribute(part(child))} = {first}", *rest]
            else:
                wanted = calls.modules(child)
                steps = [
                    f"self.{name} = {text}" for name, text in self._steps(child) if name in wanted
                ]
                if steps:
                    steps[-1] += f"  # {shape_text(child.output)}"
                lines += steps
        return lines + (self._ties() if root else [])

    def _ties(self) -> list[str]:
        return [f"{self.path(name)} = {self.path(own)}" for name, own in self._network.ties.items()]

    def _meaning(self, scope: Scope) -> str:
        shapes = self._network.shapes
        inputs = read(scope) if scope.path else list(self._network.inputs)
        outputs = self._readers.left(scope) if scope.path else self._wanted
        before, after = (
            ", ".join(shape_text(shapes[name]) for name in names) for names in (inputs, outputs)
        )
        count = sum(layer.parameter_count for layer in layers(scope))
        return f'"""{before} → {after}, {count:,} parameters."""'


def layer_parts(layers: Sequence[LayerPlan]) -> set[str]:
    """Every part of the layers' paths."""
    return {part for layer in layers for part in layer.name.split("/")}


def shape_text(shape: Shape) -> str:
    return f"[{', '.join(str(size) for size in shape_json(shape))}]"


def _indented(lines: Sequence[str]) -> list[str]:
    return [INDENT + line if line else line for line in lines]


def _listed_lines(lines: Sequence[str]) -> list[str]:
    """One entry of a list that spans several lines."""
    return [*lines[:-1], f"{lines[-1]},"]


def _several(lines: Sequence[str], count: int) -> list[str]:
    """The same module `count` times within a list of modules."""
    if count < 3:
        return _listed_lines(lines) * count
    repeated = [f"*[{lines[0]}", *lines[1:]]
    repeated[-1] += f" for _ in range({count})]"
    return _listed_lines(repeated)


def _text(lines: Sequence[str]) -> str:
    return "\n".join(_indented(lines)) + "\n"
