"""Nodes and values of an ONNX graph while it is being written.

Shapes are those of whole batches: the first axis is N, of any length.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradus.export.onnx.tensors import (
    BOOL,
    DOUBLE,
    FLOAT,
    INT64,
    Tensor,
    doubles,
    floats,
    integers,
)
from gradus.planned import ANY, LayerPlan

NONE = ""  # an optional input that is left out
LAST = 2**62  # the end of an axis, however long


@dataclass(frozen=True, slots=True)
class Node:
    """One operation; `attributes` may hold a graph."""

    name: str
    type: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(slots=True)
class Model:
    """What all graphs of a file share: tensors, and names that no two values have."""

    weights: Mapping[str, Tensor]
    tensors: dict[str, Tensor] = field(default_factory=dict)
    _constants: dict[tuple[int, tuple[int, ...], bytes], str] = field(default_factory=dict)
    _counts: dict[str, "itertools.count[int]"] = field(default_factory=dict)

    def name(self, wanted: str) -> str:
        """`wanted` with an ordinal. Layers' own names have no colon, so none is taken twice."""
        return f"{wanted}:{next(self._counts.setdefault(wanted, itertools.count(1)))}"

    def weight(self, name: str) -> str:
        """Raises KeyError where the weights hold no such tensor."""
        self.tensors.setdefault(name, self.weights[name])
        return name

    def constant(self, tensor: Tensor) -> str:
        """Equal constants are laid down once."""
        key = (tensor.kind, tensor.shape, bytes(tensor.body))
        if key not in self._constants:
            self._constants[key] = self.name("constant")
            self.tensors[self._constants[key]] = tensor
        return self._constants[key]


@dataclass(slots=True)
class Graph:
    """One graph, and the layer that is being written into it."""

    model: Model
    layer: LayerPlan
    nodes: list[Node] = field(default_factory=list)
    inputs: list[tuple[str, int]] = field(default_factory=list)  # of a body: names and types
    outputs: list[tuple[str, int]] = field(default_factory=list)

    def op(self, type: str, *inputs: str, **attributes: Any) -> str:
        """An operation of one value."""
        (value,) = self.ops(1, type, *inputs, **attributes)
        return value

    def ops(self, outputs: int, type: str, *inputs: str, **attributes: Any) -> tuple[str, ...]:
        """An operation of several values."""
        name = self.model.name(f"{self.layer.name}/{type}")
        values = (name,) if outputs == 1 else tuple(f"{name}.{i}" for i in range(outputs))
        given = {key: value for key, value in attributes.items() if value is not None}
        self.nodes.append(Node(name, type, inputs, values, given))
        return values

    # Weights and constants.

    def own(self, name: str) -> str:
        """A parameter or buffer of the layer, under its full name."""
        found = next(each for each in self.layer.parameters if each.name == name)
        return self.model.weight(found.tied or f"{self.layer.name}.{name}")

    def maybe(self, name: str) -> str:
        """The same, or nothing where the layer has none such."""
        return self.own(name) if any(p.name == name for p in self.layer.parameters) else NONE

    def number(self, value: float) -> str:
        return self.model.constant(floats([value], ()))

    def numbers(self, values: Sequence[float]) -> str:
        return self.model.constant(floats(list(values), (len(values),)))

    def whole(self, value: int) -> str:
        return self.model.constant(integers([value], ()))

    def double(self, *values: float) -> str:
        return self.model.constant(doubles(values))

    def row(self, values: Sequence[int]) -> str:
        """Whole numbers: sizes, axes, places."""
        return self.model.constant(integers(list(values)))

    def filled(self, value: float, *shape: int) -> str:
        count = 1
        for size in shape:
            count *= size
        return self.model.constant(floats([value] * count, shape))

    # Shapes.

    def reshape(self, x: str, *sizes: int) -> str:
        """0 keeps an axis, -1 stands for what is left."""
        return self.op("Reshape", x, self.row(sizes))

    def like(self, x: str, shape: str) -> str:
        """`x` in a shape that is a value itself."""
        return self.op("Reshape", x, shape)

    def shape(self, x: str, start: int = 0, end: int | None = None) -> str:
        """Lengths of the axes from `start` up to `end`."""
        return self.op("Shape", x, start=start, end=end)

    def sizes(self, *parts: str | int) -> str:
        """One row of lengths out of numbers and of rows that are values."""
        rows = [self.row([part]) if isinstance(part, int) else part for part in parts]
        return self.op("Concat", *rows, axis=0)

    def transpose(self, x: str, *axes: int) -> str:
        return self.op("Transpose", x, perm=axes)

    def unsqueeze(self, x: str, *axes: int) -> str:
        return self.op("Unsqueeze", x, self.row(axes))

    def squeeze(self, x: str, *axes: int) -> str:
        return self.op("Squeeze", x, self.row(axes))

    def cut(self, x: str, axis: int, start: int, end: int = LAST) -> str:
        """A stretch of an axis; negative places count from its end."""
        return self.op("Slice", x, self.row([start]), self.row([end]), self.row([axis]))

    def bordered(self, x: str, cells: Sequence[tuple[int, int]], axis: int, value: float) -> str:
        """Cells of one value before and behind each axis from `axis` on; negative numbers cut.

        The axes are named although they need not be: onnxruntime draws a border that names none
        into a pool behind it, and then refuses one as wide as the pool's window.
        """
        befores, behinds = [before for before, _ in cells], [behind for _, behind in cells]
        axes = self.row(range(axis, axis + len(cells)))
        return self.op("Pad", x, self.row([*befores, *behinds]), self.number(value), axes)

    def concat(self, values: Sequence[str], axis: int) -> str:
        return values[0] if len(values) == 1 else self.op("Concat", *values, axis=axis)

    def chunks(self, x: str, count: int, axis: int) -> tuple[str, ...]:
        return self.ops(count, "Split", x, axis=axis, num_outputs=count)

    def expand(self, x: str, *sizes: str | int) -> str:
        return self.op("Expand", x, self.sizes(*sizes))

    def zeros(self, like: str, *sizes: int) -> str:
        """0 for every sample of a batch: [N, *sizes]."""
        return self.op("ConstantOfShape", self.sizes(self.shape(like, 0, 1), *sizes))

    def channels(self, x: str, axes: int) -> str:
        """[C] as [C, 1, …] with `axes` axes behind, so that it meets maps."""
        return x if axes == 0 else self.reshape(x, -1, *[1] * axes)

    def places(self, x: str, axis: int) -> str:
        """0, 1, 2, … along an axis."""
        length = self.squeeze(self.shape(x, axis, axis + 1), 0)
        return self.op("Range", self.whole(0), length, self.whole(1))

    # Kinds of numbers.

    def as_float(self, x: str) -> str:
        return self.op("Cast", x, to=FLOAT)

    def as_whole(self, x: str) -> str:
        return self.op("Cast", x, to=INT64)

    def as_double(self, x: str) -> str:
        return self.op("Cast", x, to=DOUBLE)

    def holds(self, x: str) -> str:
        """Whether a number is not 0."""
        return self.op("Cast", x, to=BOOL)

    # Sums.

    def add(self, *values: str) -> str:
        return self._folded("Add", values)

    def times(self, *values: str) -> str:
        return self._folded("Mul", values)

    def less(self, a: str, b: str) -> str:
        """a − b."""
        return self.op("Sub", a, b)

    def total(self, x: str, axis: int, keep: bool = False) -> str:
        return self.op("ReduceSum", x, self.row([axis]), keepdims=int(keep))

    def matmul(self, a: str, b: str) -> str:
        return self.op("MatMul", a, b)

    def linear(self, x: str, weight: str, bias: str = NONE) -> str:
        """W x + b over the last axis."""
        y = self.matmul(x, self.transpose(weight, 1, 0))
        return self.add(y, bias) if bias else y

    def _folded(self, type: str, values: Sequence[str]) -> str:
        found = values[0]
        for value in values[1:]:
            found = self.op(type, found, value)
        return found

    # Steps.

    def scan(self, step: "Step", states: Sequence[str], given: "Sequences", **how: bool) -> "Steps":
        """Walks along axis 1 of `given`, whose values come with their types.

        `step(body, states, slices)` answers the states after it and what is kept of it. The
        answer is the states at the end, and what was kept, again along axis 1. `backwards=True`
        begins at the other end.
        """
        body = Graph(self.model, self.layer)
        before = [body._input("state", FLOAT) for _ in states]
        slices = [body._input("step", kind) for _, kind in given]
        after, kept = step(body, before, slices)
        # A value may be given back only under a name of its own.
        body.outputs = [(body.op("Identity", value), FLOAT) for value in [*after, *kept]]
        ways = [int(how.get("backwards", False))]
        found = self.ops(
            len(body.outputs),
            "Scan",
            *states,
            *[value for value, _ in given],
            body=body,
            num_scan_inputs=len(given),
            scan_input_axes=[1] * len(given),
            scan_input_directions=ways * len(given),
            scan_output_axes=[1] * len(kept) or None,
            scan_output_directions=ways * len(kept) or None,
        )
        return list(found[: len(states)]), list(found[len(states) :])

    def _input(self, name: str, kind: int) -> str:
        value = self.model.name(f"{self.layer.name}/{name}")
        self.inputs.append((value, kind))
        return value


Sequences = Sequence[tuple[str, int]]
Steps = tuple[list[str], list[str]]
Step = Callable[[Graph, list[str], list[str]], tuple[Sequence[str], Sequence[str]]]


def sized(shape: Sequence[int]) -> list[int]:
    """A shape as ONNX writes it for a reshape: -1 for what is of any length."""
    return [-1 if size == ANY else size for size in shape]
