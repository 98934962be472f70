"""Python text in pieces: what makes a layer, and how a forward pass calls it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Raw:
    """Text that stands in a call as it is, where a value would be spelled."""

    text: str

    def __repr__(self) -> str:
        return self.text


MINUS_INFINITY = Raw('float("-inf")')


def call(name: str, *given: Any, **named: Any) -> str:
    """A call as a person would write it; named values that are None are left out.

    >>> call("nn.Linear", 2, 3, bias=False, device=None)
    'nn.Linear(2, 3, bias=False)'
    """
    said = [spell(each) for each in given]
    said += [f"{key}={spell(value)}" for key, value in named.items() if value is not None]
    return f"{name}({', '.join(said)})"


def spell(value: Any) -> str:
    """A value in Python, texts in double quotes."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple | list):
        inside = ", ".join(spell(each) for each in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return repr(value)


def brief(sizes: Any) -> Any:
    """Sizes of all axes, as one number where they agree.

    >>> brief([3, 3]), brief([3, 5])
    (3, (3, 5))
    """
    return sizes[0] if len(set(sizes)) == 1 else tuple(sizes)


def unless(value: Any, default: Any) -> Any:
    """The value, or None where it is what is meant anyway."""
    return None if value == default else value


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a layer computes.

    `module` makes it ("" where only an expression does), `expression` computes it in a forward
    pass from `{0}`, `{1}`, … ("" calls the module). `suffix` stands behind the layer's name; the
    step that holds the parameters has none.
    """

    module: str = ""
    expression: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """What a module gives where that is more than one tensor.

    `pattern` takes it apart (`"{steps}, ({state}, {memory})"`), `output` is the part that the
    layer gives, `finish` what is still done to a part (`{"state": "{0}[-1]"}`).
    """

    pattern: str
    output: str = "output"
    finish: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Code:
    """How one layer is written in PyTorch. `helpers` are classes that it needs, `settle` what is
    done to its first values, over `{0}`, the module."""

    steps: tuple[Step, ...]
    helpers: tuple[str, ...] = ()
    results: Results | None = None
    settle: tuple[str, ...] = ()

    def then(self, *others: "Code") -> "Code":
        """This, and what comes behind it."""
        steps, helpers = self.steps, self.helpers
        for other in others:
            steps, helpers = (*steps, *other.steps), (*helpers, *other.helpers)
        return Code(steps, helpers, self.results, self.settle)


def module(text: str, *helpers: str, **more: Any) -> Code:
    """A layer that is one module."""
    return Code((Step(text),), helpers, **more)


def function(expression: str, text: str = "") -> Code:
    """A layer without parameters: an expression, and the module that does the same in a chain."""
    return Code((Step(text, expression),))


class Fields(Mapping[str, Any]):
    """A layer's fields that remember which of them were read.

    What nobody reads would be lost in the script without a word.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self._read.add(name)
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def unread(self) -> dict[str, Any]:
        return {name: each for name, each in self._fields.items() if name not in self._read}
