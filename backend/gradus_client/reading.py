"""One reading of a YAML or JSON text: its document, where everything stands, all its faults.

Built from the parser's events rather than from its nodes: nothing recurses, so a deep file
is refused before it exhausts the stack, and one pass finds every anchor, tag and duplicate key.
"""

from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.reader import ReaderError

from gradus import limits, pointer
from gradus.problems import Problem, problem
from gradus_client import scalars


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a text, both counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet."""

    pointer: str
    entries: dict[str, Any] | list[Any]
    key: str | None = None  # of the value that comes next, in a mapping
    key_at: Place | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.entries, dict) and self.key is None

    def next_pointer(self) -> str:
        return pointer.join(self.pointer, len(self.entries) if self.key is None else self.key)

    def add(self, value: Any) -> None:
        if isinstance(self.entries, list):
            self.entries.append(value)
        elif self.key is not None:
            self.entries[self.key] = value
            self.key = self.key_at = None


class Reading:
    """The document, the place of each JSON pointer, and the problems of a text."""

    def __init__(self, text: str) -> None:
        self.document: Any = None
        self.places: dict[str, Place] = {}
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._documents = 0
        try:
            for event in YAML(typ="safe", pure=True).parse(StringIO(text)):
                self._read(event)
                if len(self._open) > limits.JSON_DEPTH:
                    self._report("source.deep", _place(event), limit=limits.JSON_DEPTH)
                    break
        except YAMLError as fault:
            self._report("source.syntax", _place_of(fault, text), what=_what(fault))
        if not self._documents and not self.problems:
            self._report("source.empty", Place(1, 1))

    def _read(self, event: Event) -> None:
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents == 2:
                self._report("source.several", _place(event))
        elif self._documents > 1:
            return
        elif isinstance(event, CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, NodeEvent):
            self._check(event)
            self._take(event)

    def _check(self, event: NodeEvent) -> None:
        at = _place(event)
        if isinstance(event, AliasEvent):
            self._report("source.alias", at, name=event.anchor)
        elif event.anchor:
            self._report("source.anchor", at, name=event.anchor)
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag:
            self._report("source.tag", at, tag=event.tag)

    def _take(self, event: NodeEvent) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.wants_key:
            self._take_key(parent, event)
            return
        path = parent.next_pointer() if parent else ""
        at = _place(event)
        self.places[path] = (parent and parent.key_at) or at
        value = self._value(event, at)
        if parent is None:
            self.document = value
        else:
            parent.add(value)
        if isinstance(event, CollectionStartEvent):
            self._open.append(_Open(path, value))

    def _take_key(self, parent: _Open, event: NodeEvent) -> None:
        at = _place(event)
        parent.key, parent.key_at = "?", at
        if isinstance(event, ScalarEvent):
            parent.key = event.value
            if event.value in parent.entries:
                first = self.places[parent.next_pointer()]
                self._report("source.double", at, name=event.value, first=first.line)
        elif isinstance(event, CollectionStartEvent):
            self._report("source.key", at)
            self._open.append(_Open(parent.next_pointer(), [] if _is_list(event) else {}))

    def _value(self, event: NodeEvent, at: Place) -> Any:
        if isinstance(event, CollectionStartEvent):
            return [] if _is_list(event) else {}
        if not isinstance(event, ScalarEvent):
            return None
        if event.style is not None:
            return event.value
        try:
            return scalars.resolve(event.value)
        except ValueError:
            self._report("source.number", at, value=event.value[:40])
            return None

    def _report(self, code: str, at: Place, **params: Any) -> None:
        path = self._open[-1].pointer if self._open else ""
        self.problems.append(problem(code, path, line=at.line, column=at.column, **params))


def _is_list(event: CollectionStartEvent) -> bool:
    return not isinstance(event, MappingStartEvent)


def _place(event: Event) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _place_of(fault: YAMLError, text: str) -> Place:
    if isinstance(fault, ReaderError):
        before = text[: fault.position]
        return Place(before.count("\n") + 1, fault.position - before.rfind("\n"))
    mark = fault.problem_mark or fault.context_mark if isinstance(fault, MarkedYAMLError) else None
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _what(fault: YAMLError) -> str:
    if isinstance(fault, MarkedYAMLError):
        return str(fault.problem or fault.context)
    return str(fault).splitlines()[0]
