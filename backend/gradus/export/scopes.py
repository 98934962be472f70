"""A network's layers as the composites that hold them, and what goes into and out of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Union

from gradus.planned import LayerPlan


@dataclass(slots=True)
class Scope:
    """One composite, by its path in the network; the whole network has the path ""."""

    path: str
    children: list[Union["Scope", LayerPlan]] = field(default_factory=list)


Child = Scope | LayerPlan


def tree(layers: Sequence[LayerPlan]) -> Scope:
    """The layers of a network, each in its scope, in their order."""
    root = Scope("")
    for layer in layers:
        scope = root
        for part in layer.name.split("/")[:-1]:
            path = f"{scope.path}/{part}".lstrip("/")
            last = scope.children[-1] if scope.children else None
            if not isinstance(last, Scope) or last.path != path:
                last = Scope(path)
                scope.children.append(last)
            scope = last
        scope.children.append(layer)
    return root


def part(child: Child) -> str:
    """The last part of its path."""
    path = child.path if isinstance(child, Scope) else child.name
    return path.rpartition("/")[2]


def layers(child: Child) -> Iterator[LayerPlan]:
    if isinstance(child, LayerPlan):
        yield child
        return
    for each in child.children:
        yield from layers(each)


def given(child: Child) -> list[str]:
    """All values that its layers give, extras among them."""
    return [name for layer in layers(child) for name in values(layer)]


def values(layer: LayerPlan) -> list[str]:
    return [layer.name, *(f"{layer.name}.{extra}" for extra in layer.extras)]


def read(child: Child) -> list[str]:
    """Values from outside that it reads, in the order in which it meets them."""
    own = set(given(child))
    return list(
        dict.fromkeys(name for layer in layers(child) for name in layer.inputs if name not in own)
    )


class Readers:
    """Who reads a value, for a network and the values that are wanted of it at its end."""

    def __init__(self, network: Sequence[LayerPlan], wanted: Sequence[str]) -> None:
        self._readers: dict[str, set[str]] = {name: {""} for name in wanted}
        for layer in network:
            for name in layer.inputs:
                self._readers.setdefault(name, set()).add(layer.name)

    def left(self, child: Child) -> list[str]:
        """Values of a child that somebody outside of it reads."""
        inside = {layer.name for layer in layers(child)}
        return [name for name in given(child) if self._readers.get(name, set()) - inside]
