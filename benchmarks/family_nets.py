"""One net of each layer family, for random inputs: its layers, and what a sample looks like.

Sizes are those of nets that people train on a laptop: a step of 32 samples takes a millisecond or
a few.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

SAMPLES, BATCH, CLASSES, WORDS = 640, 32, 4, 200

Draw = Callable[[torch.Generator, tuple[int, ...]], Tensor]


def normal(generator: torch.Generator, shape: tuple[int, ...]) -> Tensor:
    return torch.randn(shape, generator=generator)


def words(generator: torch.Generator, shape: tuple[int, ...]) -> Tensor:
    return torch.randint(0, WORDS, shape, generator=generator)


def trees(generator: torch.Generator, shape: tuple[int, ...]) -> Tensor:
    """The place of each node's parent, which comes later; the last, the root, names itself, since the
    same numbers stand for words."""
    nodes = shape[1]
    later = torch.rand(shape, generator=generator)
    own = torch.arange(nodes)
    parents = own + 1 + (later * (nodes - 1 - own)).long()
    return parents.clamp(max=nodes - 1)


@dataclass(frozen=True, slots=True)
class Net:
    """`input` is the shape of a sample, or {shape, dtype} where it is whole numbers."""

    family: str
    input: Any
    layers: list[Any]
    draw: Draw = normal

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.input["shape"] if isinstance(self.input, dict) else self.input)

    @property
    def whole(self) -> bool:
        return isinstance(self.input, dict)


def whole(*shape: int) -> dict[str, Any]:
    return {"shape": list(shape), "dtype": "int64"}


def linear(units: int, activation: str = "relu") -> dict[str, Any]:
    return {"type": "linear", "units": units, "activation": activation}


def conv(filters: int, axes: int = 2, **fields: Any) -> dict[str, Any]:
    return {"type": f"conv{axes}d", "filters": filters, "activation": "relu", **fields}


def embedding(units: int) -> dict[str, Any]:
    return {"type": "embedding", "words": WORDS, "units": units}


PICTURE, ROWS, MEMORY = [3, 16, 16], [24, 32], [9, 32]
LAST = {"type": "select", "axis": 0, "index": -1, "name": "question"}
OUT = {"type": "linear", "units": CLASSES}
HEAD: list[Any] = ["flatten", OUT]


def maps(*layers: Any) -> list[Any]:
    """Layers between two convolutions, and a head."""
    return [conv(16), *layers, conv(16), "global_avg_pool", OUT]


NETS = (
    Net("linear", [64], [linear(256), linear(256), OUT]),
    Net("linear, large", [256], [linear(1024), linear(1024), OUT]),
    Net("conv1d", [8, 64], [conv(32, 1), conv(32, 1), *HEAD]),
    Net("conv2d", PICTURE, [conv(16), "max_pool2d", conv(32), "max_pool2d", *HEAD]),
    Net("conv_transpose", [8, 8, 8], [
        {"type": "conv_transpose2d", "filters": 16, "kernel": 4, "stride": 2, "activation": "relu"},
        conv(8), *HEAD,
    ]),
    Net("pool", PICTURE, maps("max_pool2d", "avg_pool2d")),
    Net("norm: batch", PICTURE, maps({"type": "batch_norm", "activation": "relu"})),
    Net("norm: layer", ROWS, [linear(64), "layer_norm", linear(64), "layer_norm", *HEAD]),
    Net("norm: group", PICTURE, maps({"type": "group_norm", "groups": 4})),
    Net("dropout", [64], [linear(256), "dropout", linear(256), "dropout", OUT]),
    Net("shape", PICTURE, maps("max_pool2d", {"type": "upsample", "factor": 2})),
    Net("merge", PICTURE, [
        conv(16), {"type": "residual", "body": [conv(16), "batch_norm", conv(16)]},
        "relu", "global_avg_pool", OUT,
    ]),
    Net("activations", [64], [
        linear(256, "gelu"), linear(256, "silu"), {"type": "linear", "units": 256}, "prelu", OUT,
    ]),
    Net("embedding", whole(32), [
        embedding(32), {"type": "permute", "axes": [1, 0]}, conv(64, 1), *HEAD,
    ], words),
    Net("embedding bag", whole(32), [
        {"type": "embedding_bag", "words": WORDS, "units": 64}, linear(128), OUT,
    ], words),
    Net("attention", whole(24), [
        embedding(32), "positional_encoding",
        {"type": "residual", "body": [{"type": "attention", "heads": 4}]}, "layer_norm",
        {"type": "residual", "body": [{"type": "feed_forward", "hidden": 64}]}, "layer_norm", *HEAD,
    ], words),
    Net("recurrent: rnn", ROWS, [{"type": "rnn", "units": 48}, *HEAD]),
    Net("recurrent: lstm", ROWS, [{"type": "lstm", "units": 48}, *HEAD]),
    Net("recurrent: gru", ROWS, [{"type": "gru", "units": 48}, *HEAD]),
    Net("decoder", ROWS, [
        {"type": "gru", "units": 32, "name": "memory"},
        {"type": "decoder_rnn", "units": 32, "attention": "dot",
         "from": {"input": "input", "memory": "memory"}},
        *HEAD,
    ]),
    Net("conv_rnn", [6, 2, 8, 8], [{"type": "conv_rnn", "filters": 8, "returns": "last"}, *HEAD]),
    Net("sample", [64], [
        linear(256), {"type": "linear", "units": 16, "from": "linear_1", "name": "mean"},
        {"type": "linear", "units": 16, "from": "linear_1", "name": "spread"},
        {"type": "sample_normal", "from": ["mean", "spread"]}, linear(256), OUT,
    ]),
    Net("graph: tree", whole(12), [
        {**embedding(32), "name": "nodes"},
        {"type": "tree_lstm", "units": 32, "returns": "root", "from": ["nodes", "input"]}, OUT,
    ], trees),
    Net("graph", [24, 24], [
        {"type": "softmax", "name": "edges"},
        {"type": "graph_conv", "units": 32, "from": ["input", "edges"], "activation": "relu"},
        {"type": "graph_conv", "units": 32, "from": ["graph_conv_1", "edges"]}, *HEAD,
    ]),
    Net("memory: episodic", MEMORY, [
        LAST, {"type": "episodic_memory", "passes": 2, "from": ["input", "question"]}, OUT,
    ]),
    Net("memory: entity", MEMORY, [
        LAST, {"type": "entity_memory", "slots": 8, "from": ["input", "question"]}, OUT,
    ]),
)  # fmt: skip
