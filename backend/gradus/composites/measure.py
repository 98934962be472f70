"""How large a document becomes, found without expanding it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from gradus import limits
from gradus.composites import COMPOSITES
from gradus.composites.arguments import read_fields
from gradus.composites.block import Block, BlockDefinition
from gradus.composites.composite import NOTHING, Arguments, Extent
from gradus.entries import Entry, read_entries
from gradus.faults import nearest
from gradus.patch import replace
from gradus.pointer import join
from gradus.problems import Report, show


class Measure:
    """Counts layers and edges of bodies by multiplication; a body with equal arguments is counted once."""

    def __init__(self, blocks: Mapping[str, BlockDefinition | None], report: Report) -> None:
        self.blocks = blocks
        self._report = report
        self._known: dict[tuple[int, str], tuple[list[Any], Extent]] = {}
        self._open: list[str] = []
        self._scopes: list[dict[str, Extent]] = []  # what has a name, from the outside inwards
        self._networks: dict[str, Extent] = {}
        self._total = Extent()
        self._calls = 0

    def fits(self, entries: list[Any], path: str, network: str = "") -> bool:
        """Whether a network may be expanded after those measured before; reports a broken limit."""
        self._networks[network] = self.body(entries, path, NOTHING, 0)
        total = self._total = self._total.plus(self._networks[network])
        if total.layers > limits.LAYERS:
            self._refuse("limit.layers", path, total.layers, limits.LAYERS)
        elif total.edges > limits.EDGES:
            self._refuse("limit.edges", path, total.edges, limits.EDGES)
        return not any(found.code.startswith("limit.") for found in self._report.problems)

    def body(self, entries: list[Any], path: str, arguments: Arguments, depth: int) -> Extent:
        """What one list of layers stands for. Depth is bounded by the limit on nesting."""
        _, known = self._known.get((id(entries), arguments.key), (entries, Extent()))
        if depth + known.height > limits.NESTING:
            self._refuse("limit.nesting", path, depth + known.height, limits.NESTING)
            return Extent()
        if (id(entries), arguments.key) in self._known:
            return known
        total = Extent()
        self._scopes.append({})
        for index, entry in enumerate(read_entries(entries)):
            found = self._entry(entry, join(path, index), arguments, depth)
            self._scopes[-1][entry.name] = found
            total = total.plus(found)
        self._scopes.pop()
        # The list is held too, so that its id stays its own.
        self._known[id(entries), arguments.key] = entries, total
        return total

    def call(self, block: Block, path: str, depth: int) -> Extent:
        """What a use of a block stands for; nothing where the block is unknown or inside itself."""
        definition = self.blocks.get(block.use)
        if definition is None or block.use in self._open:
            return Extent()
        body, arguments = definition.layers, block.arguments()
        self._calls += (id(body), arguments.key) not in self._known
        if self._calls > limits.CALLS:
            self._report.add("limit.calls", path, limit=limits.CALLS)
            return Extent()
        with self._opened(block.use):
            return self.body(body, join("/blocks", block.use, "layers"), arguments, depth)

    def named(self, name: str) -> Extent:
        """What calling an earlier layer, composite or network again stands for; of one that is not
        known, or is being measured, as little as a layer."""
        found = next((scope[name] for scope in reversed(self._scopes) if name in scope), None)
        return (found or self._networks.get(name) or Extent(1, 1))._replace(height=0)

    def _refuse(self, code: str, path: str, count: int, limit: int) -> None:
        self._report.add(
            code, path, expected=f"≤ {limit}", got=str(count), count=count, limit=limit
        )

    @contextmanager
    def _opened(self, block: str) -> Iterator[None]:
        # A block sees nothing of where it is used.
        outside, self._scopes = self._scopes, []
        self._open.append(block)
        yield
        self._open.pop()
        self._scopes = outside

    def _entry(self, entry: Entry, path: str, arguments: Arguments, depth: int) -> Extent:
        kind = COMPOSITES.get(entry.type or "")
        if kind is None:
            return Extent(1, len(entry.source) if isinstance(entry.source, list | dict) else 1)
        if self._calls > limits.CALLS:
            return Extent()
        composite = read_fields(kind, entry.fields, arguments, path, self._report)
        if composite is None:
            return Extent()
        if isinstance(composite, Block):
            self._check_block(composite.use, path)
        return composite.extent(self, path, arguments, depth + 1).nested()

    def _check_block(self, name: str, path: str) -> None:
        if name in self._open:
            chain = " → ".join([*self._open[self._open.index(name) :], name])
            self._report.add("block.cycle", join(path, "use"), block=name, chain=chain)
        elif name not in self.blocks:
            near = nearest(name, self.blocks)
            place = join(path, "use")
            fix = replace(place, near) if near else None
            self._report.add(
                "block.unknown", place, got=show(name), fix=fix, block=name, nearest=near
            )
