"""Cells of recurrent layers: the state after a step, from what input and state give to the gates.

N samples, H units: `inputs` and `before` are [N, gates · H, …] each.
"""

from collections.abc import Callable, Sequence

from gradus.export.onnx.graph import Graph

Cell = Callable[[Graph, str, str, Sequence[str]], list[str]]


def rnn(g: Graph, inputs: str, before: str, state: Sequence[str]) -> list[str]:
    return [g.op("Tanh", g.add(inputs, before))]


def rnn_relu(g: Graph, inputs: str, before: str, state: Sequence[str]) -> list[str]:
    return [g.op("Relu", g.add(inputs, before))]


def lstm(g: Graph, inputs: str, before: str, state: Sequence[str]) -> list[str]:
    """Gates in the order i, f, g, o."""
    i, f, c, o = g.chunks(g.add(inputs, before), 4, 1)
    kept = g.times(g.op("Sigmoid", f), state[1])
    memory = g.add(kept, g.times(g.op("Sigmoid", i), g.op("Tanh", c)))
    return [g.times(g.op("Sigmoid", o), g.op("Tanh", memory)), memory]


def gru(g: Graph, inputs: str, before: str, state: Sequence[str]) -> list[str]:
    """Gates in the order r, z, n."""
    x_r, x_z, x_n = g.chunks(inputs, 3, 1)
    h_r, h_z, h_n = g.chunks(before, 3, 1)
    r = g.op("Sigmoid", g.add(x_r, h_r))
    new = g.op("Tanh", g.add(x_n, g.times(r, h_n)))
    return [blend(g, g.op("Sigmoid", g.add(x_z, h_z)), state[0], new)]


def blend(g: Graph, share: str, a: str, b: str) -> str:
    """share · a + (1 − share) · b."""
    return g.add(g.times(share, a), g.times(g.less(g.number(1.0), share), b))


CELLS: dict[str, Cell] = {"rnn": rnn, "lstm": lstm, "gru": gru}
STATES = {"rnn": 1, "lstm": 2, "gru": 1}
