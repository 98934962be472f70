"""Layers over trees and graphs, whose nodes come as a list and whose edges beside it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus.layers.layer import Example
from gradus.layers.parametric import TORCH, Activation, Bias, Init, Trainable, WeightDecay
from gradus.layers.ports import Ported, check_axes, check_port
from gradus.planned import Shape
from gradus.section import Size


class TreeLstm(Ported):
    """Nodes of a tree [nodes, D] → [nodes, units], or [units] of its root (Tai et al. 2015).

    `parents` [nodes] holds the place of each node's parent, −1 for none. A node stands before its
    parent, so the root comes last. Nodes under 0 in a `mask` [nodes] are none: they come after the
    root, fill a list up and give 0.

    >>> TreeLstm(units=6, returns="root").output([(9, 4), (9,)])
    (6,)
    """

    type: ClassVar[str] = "tree_lstm"
    family: ClassVar[str] = "graph"
    meaning: ClassVar[str] = "Gathers a tree from its leaves to its root by gates that it learns."
    formula: ClassVar[str] = (
        "h̃ = Σ h_k over the children; i, o = σ(…), u = tanh(…) of x and h̃; f_k = σ(W x + U h_k); "
        "c = i ∘ u + Σ f_k ∘ c_k; h = o ∘ tanh(c)"
    )
    shape_rule: ClassVar[str] = (
        "[nodes, D], [nodes] → [nodes, units], root: [units]; state: [units]"
    )
    counts: ClassVar[str] = "4 · units · (D + units) + 4 · units"
    source: ClassVar[str] = (
        "Tai et al. 2015: Improved Semantic Representations From Tree-Structured Long Short-Term Memory Networks"
    )
    example: ClassVar[Example] = {
        "network": {
            "inputs": {"nodes": ["*", 4], "parents": {"shape": ["*"], "dtype": "int64"}},
            "layers": [
                {"type": "tree_lstm", "units": 6, "returns": "root", "from": ["nodes", "parents"]}
            ],
        }
    }
    inputs: ClassVar[tuple[int, int]] = (2, 3)
    reads: ClassVar[tuple[int, ...]] = (2,)
    ports: ClassVar[tuple[str, ...]] = ("input", "parents", "mask")
    integer_ports: ClassVar[frozenset[str]] = frozenset({"parents"})
    any_length: ClassVar[bool] = True

    units: Annotated[Size, Field(description="Length of the state.")]
    returns: Annotated[
        Literal["nodes", "root"], Field(description="The state of every node, or of the root.")
    ] = "nodes"
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = self.read(inputs)
        check_axes(self, "input", given["input"], "[nodes, features]")
        nodes = given["input"][0]
        for port in ("parents", "mask"):
            check_port(self, port, given, (nodes,))
        return (nodes, self.units) if self.returns == "nodes" else (self.units,)

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {"state": (self.units,)}

    def tensors(self, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        rows = 4 * self.units
        shapes: dict[str, Shape] = {
            "weight_ih": (rows, given["input"][1]),
            "weight_hh": (rows, self.units),
        }
        return shapes | ({"bias": (rows,)} if self.bias else {})

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        nodes, features = self.read(inputs)["input"]
        return nodes * 4 * self.units * (features + self.units)

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        return 20 * self.read(inputs)["input"][0] * self.units


class GraphConv(Ported):
    """Nodes [nodes, D] mixed along the edges of a graph → [nodes, units] (Kipf and Welling 2017).

    `adjacency` [nodes, nodes] holds 1 where two nodes are joined, or a weight; each node is
    joined to itself besides.

    >>> GraphConv(units=7).tensors({"input": (34, 16)})
    {'weight': (7, 16), 'bias': (7,)}
    """

    type: ClassVar[str] = "graph_conv"
    family: ClassVar[str] = "graph"
    meaning: ClassVar[str] = "Gives each node of a graph a mixture of its own and its neighbours."
    formula: ClassVar[str] = "y = activation(D^−½ (A + I) D^−½ x Wᵀ + b), D the row sums of A + I"
    shape_rule: ClassVar[str] = "[nodes, D], [nodes, nodes] → [nodes, units]"
    counts: ClassVar[str] = "units · D + units"
    source: ClassVar[str] = (
        "Kipf and Welling 2017: Semi-Supervised Classification with Graph Convolutional Networks"
    )
    example: ClassVar[Example] = {
        "network": {
            "inputs": {"nodes": [34, 16], "edges": [34, 34]},
            "layers": [{"type": "graph_conv", "units": 7, "from": ["nodes", "edges"]}],
        }
    }
    inputs: ClassVar[tuple[int, int]] = (2, 2)
    reads: ClassVar[tuple[int, ...]] = (2,)
    ports: ClassVar[tuple[str, ...]] = ("input", "adjacency")
    any_length: ClassVar[bool] = True

    units: Annotated[Size, Field(description="Features of a node afterwards.")]
    activation: Activation = "identity"
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = self.read(inputs)
        check_axes(self, "input", given["input"], "[nodes, features]")
        nodes = given["input"][0]
        check_port(self, "adjacency", given, (nodes, nodes))
        return (nodes, self.units)

    def tensors(self, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        weight: dict[str, Shape] = {"weight": (self.units, given["input"][1])}
        return weight | ({"bias": (self.units,)} if self.bias else {})

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        nodes, features = self.read(inputs)["input"]
        return nodes * self.units * (features + nodes)

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        nodes = self.read(inputs)["input"][0]
        return 2 * nodes**2 + nodes * self.units
