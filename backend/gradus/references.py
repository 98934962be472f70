"""References: which earlier layers a layer reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gradus.composites import COMPOSITES
from gradus.entries import Entry
from gradus.faults import nearest
from gradus.layers import LAYERS
from gradus.patch import move, replace
from gradus.pointer import join
from gradus.problems import Report, show

if TYPE_CHECKING:
    from gradus.composites.expansion import Scope


def read_sources(entry: Entry, path: str) -> list[tuple[Any, str]] | None:
    """What `from` names, each with its JSON pointer; None where it is left out."""
    source = entry.source
    if source is None:
        return None
    if isinstance(source, list):
        return [(each, f"{path}/from/{index}") for index, each in enumerate(source)]
    if isinstance(source, dict):
        return [(each, join(f"{path}/from", port)) for port, each in source.items()]
    return [(source, f"{path}/from")]


def read_ports(entry: Entry, path: str, report: Report) -> tuple[str, ...] | None:
    """The ports that `from` names, in the order of their writing; () where it goes by order.

    None after reporting a port that the layer does not have.
    """
    if not isinstance(entry.source, dict):
        return ()
    if entry.type == "apply":
        return tuple(entry.source)  # told when it is known what is called
    kind = LAYERS.get(entry.type or "") or COMPOSITES.get(entry.type or "")
    known = kind.ports if kind else ()
    sound = True
    for port in entry.source:
        if port in known:
            continue
        sound = False
        place = join(f"{path}/from", port)
        near = nearest(port, known)
        free = near is not None and near not in entry.source
        fix = move(place, join(f"{path}/from", str(near)), entry.source[port]) if free else None
        if not known:
            by_order = list(entry.source.values())
            fix = replace(f"{path}/from", by_order[0] if len(by_order) == 1 else by_order)
        code = "port.unknown" if known else "port.none"
        ports = ", ".join(known)
        report.add(
            code, place, layer=entry.name, expected=ports or None, got=port[:80], fix=fix,
            port=port[:80], type=entry.type, ports=ports, nearest=near,
        )  # fmt: skip
    return tuple(entry.source) if sound else None


@dataclass(frozen=True, slots=True)
class Lookup:
    """Finds names from the innermost scope outwards. References point backwards only."""

    scope: "Scope"
    outputs: Mapping[str, str | None]
    path: str
    report: Report
    layer: str

    def find(self, source: tuple[Any, str]) -> str | None:
        """The plain layer that a reference stands for; None after reporting why there is none."""
        name, place = source
        if not isinstance(name, str):
            shown = show(name)
            self.report.add(
                "field.not_text",
                place,
                layer=self.layer,
                expected="string",
                got=shown,
                field="from",
                value=shown,
            )
            return None
        base, dot, extra = name.partition(".")
        found = self.scope.input if name == "input" else self._search(base, place)
        return f"{found}.{extra}" if dot and found is not None else found

    def _search(self, name: str, place: str) -> str | None:
        path = self.place_of(name, place)
        return self.outputs[path] if path is not None else None

    def knows(self, name: str) -> bool:
        """Whether something here has this name, or will have."""
        scope: Scope | None = self.scope
        while scope is not None:
            if scope.prefix + name in self.outputs or name in scope.coming:
                return True
            scope = scope.outer
        return False

    def place_of(self, name: str, place: str) -> str | None:
        """The full path that a name stands for here; None after reporting why there is none."""
        scope: Scope | None = self.scope
        while scope is not None:
            if scope.prefix + name in self.outputs:
                return scope.prefix + name
            if name in scope.coming:
                self.report.add("reference.forward", place, layer=self.layer, name=name)
                return None
            scope = scope.outer
        self._unknown(name, place)
        return None

    def _unknown(self, name: str, place: str) -> None:
        prefix = self.scope.prefix
        known = [full.removeprefix(prefix) for full in self.outputs if full.startswith(prefix)]
        near = nearest(name, ["input", *known[-200:]])
        fix = replace(place, near) if near else None
        self.report.add(
            "reference.unknown", place, layer=self.layer, fix=fix, name=name[:80], nearest=near
        )
