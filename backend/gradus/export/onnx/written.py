"""Graphs, nodes and tensors as messages of onnx.proto; the numbers are those of its fields.

https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gradus.export.onnx import protobuf as pb
from gradus.export.onnx.graph import Graph, Node
from gradus.export.onnx.tensors import Tensor
from gradus.planned import ANY, Shape

OPSET = 18
IR = 8  # the version of the file that came with this set of operations
# Types of attributes.
FLOAT, INT, STRING, GRAPH, INTS, STRINGS = 1, 2, 3, 5, 7, 8


def model(graph: pb.Message, version: str, metadata: Mapping[str, str]) -> bytes:
    """The file; `graph` is a field of number 7."""
    said = [pb.nested(14, pb.text(1, name), pb.text(2, value)) for name, value in metadata.items()]
    fields = [
        pb.integer(1, IR),
        pb.text(2, "gradus"),
        pb.text(3, version),
        graph,
        pb.nested(8, pb.text(1, ""), pb.integer(2, OPSET)),
        *said,
    ]
    return b"".join(piece for field in fields for piece in field)


def graph(
    number: int,
    name: str,
    nodes: Sequence[Node],
    shown: Mapping[str, str],
    *,
    inputs: Sequence[pb.Message],
    outputs: Sequence[pb.Message],
    tensors: Mapping[str, Tensor] | None = None,
) -> pb.Message:
    """`shown` are values that the file calls by other names."""
    return pb.nested(
        number,
        *[_node(node, shown) for node in nodes],
        pb.text(2, name),
        *[_tensor(name, tensor) for name, tensor in (tensors or {}).items()],
        *[pb.nested(11, value) for value in inputs],
        *[pb.nested(12, value) for value in outputs],
    )


def value(name: str, kind: int, shape: Shape | None = None) -> pb.Message:
    """A value with its type; `shape` without the batch, None where it is left open."""
    fields = [pb.integer(1, kind)]
    if shape is not None:
        sizes = [pb.nested(1, pb.text(2, "batch"))]
        sizes += [pb.nested(1, _size(name, axis, size)) for axis, size in enumerate(shape, 1)]
        fields.append(pb.nested(2, *sizes))
    return [*pb.text(1, name), *pb.nested(2, pb.nested(1, *fields))]


def _size(name: str, axis: int, size: int) -> pb.Message:
    return pb.text(2, f"{name}_{axis}") if size == ANY else pb.integer(1, size)


def _node(node: Node, shown: Mapping[str, str]) -> pb.Message:
    return pb.nested(
        1,
        *[pb.text(1, shown.get(each, each)) for each in node.inputs],
        *[pb.text(2, shown.get(each, each)) for each in node.outputs],
        pb.text(3, node.name),
        pb.text(4, node.type),
        *[_attribute(name, given, shown) for name, given in node.attributes.items()],
    )


def _attribute(name: str, given: Any, shown: Mapping[str, str]) -> pb.Message:
    kind, fields = _given(given, shown)
    return pb.nested(5, pb.text(1, name), *fields, pb.integer(20, kind))


def _given(given: Any, shown: Mapping[str, str]) -> tuple[int, list[pb.Message]]:
    if isinstance(given, Graph):
        return GRAPH, [_body(given, shown)]
    if isinstance(given, str):
        return STRING, [pb.text(4, given)]
    if isinstance(given, float):
        return FLOAT, [pb.real(2, given)]
    if isinstance(given, int):
        return INT, [pb.integer(3, given)]
    if all(isinstance(each, str) for each in given):
        return STRINGS, [pb.text(9, each) for each in given]
    return INTS, [pb.integer(8, each) for each in given]


def _body(body: Graph, shown: Mapping[str, str]) -> pb.Message:
    """What a walk does at each step."""
    return graph(
        6,
        body.layer.name,
        body.nodes,
        shown,
        inputs=[value(name, kind) for name, kind in body.inputs],
        outputs=[value(name, kind) for name, kind in body.outputs],
    )


def _tensor(name: str, tensor: Tensor) -> pb.Message:
    return pb.nested(
        5,
        *[pb.integer(1, size) for size in tensor.shape],
        pb.integer(2, tensor.kind),
        pb.text(8, name),
        pb.blob(9, tensor.body),
    )
