"""Recurrent layers. N samples, L steps, D features, H units.

ONNX has operations for whole sequences, with its own order of the gates. A mask that may hold the
state at any step is none of them: there the cell is written out and walked.
"""

from collections.abc import Sequence
from typing import Any

from gradus.export.onnx.graph import NONE, Graph
from gradus.export.onnx.layers import cells
from gradus.export.onnx.tensors import FLOAT
from gradus.planned import LayerPlan

KINDS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
# Where ONNX's gates stand among ours: i, o, f, c of i, f, c, o; z, r, n of r, z, n.
ORDER = {"rnn": (0,), "lstm": (0, 3, 1, 2), "gru": (1, 0, 2)}

Weights = list[str]  # of one cell: W, U and, where there are any, both biases


def recurrent(g: Graph, layer: LayerPlan, *given: str) -> tuple[str, ...]:
    """The steps or the last state, then the states at the end: [N, ways · H] each."""
    fields, ports = layer.fields, dict(zip(layer.ports, given, strict=True))
    both = 2 if fields["bidirectional"] else 1
    if layer.type == "lstm":
        fields["forget_bias"]  # what the weights began with
    each = 4 if fields["bias"] else 2
    weights = [g.own(parameter.name) for parameter in layer.parameters]
    own = [weights[i : i + each] for i in range(0, len(weights), each)]
    x, ends = ports["input"], [NONE]
    for depth in range(fields["layers"]):
        last = depth == fields["layers"] - 1
        start = ports.get("state") if last else None
        cells_of = own[depth * both : (depth + 1) * both]
        if "mask" in ports:
            x, ends = _walked(g, layer, x, cells_of, start, ports["mask"])
        else:
            x, ends = _whole(g, layer, x, cells_of, start)
    return (ends[0] if fields["returns"] == "last" else x), *ends


def _whole(
    g: Graph, layer: LayerPlan, x: str, weights: list[Weights], start: str | None
) -> tuple[str, list[str]]:
    fields, ways = layer.fields, len(weights)
    begun = NONE
    if start is not None:  # [N, ways · H] → [ways, N, H]
        begun = g.transpose(g.reshape(start, 0, ways, -1), 1, 0, 2)
    given = [g.transpose(x, 1, 0, 2), *_packed(g, layer, weights), NONE, begun]
    outputs = 3 if layer.type == "lstm" else 2
    y, *ends = g.ops(outputs, KINDS[layer.type], *given, **_how(layer, ways))
    hidden = fields["units"] * ways
    steps = g.reshape(g.transpose(y, 2, 0, 1, 3), 0, 0, hidden)  # [L, ways, N, H] → [N, L, …]
    return steps, [g.reshape(g.transpose(end, 1, 0, 2), 0, hidden) for end in ends]


def _how(layer: LayerPlan, ways: int) -> dict[str, Any]:
    fields = layer.fields
    how: dict[str, Any] = {
        "hidden_size": fields["units"],
        "direction": "bidirectional" if ways == 2 else "forward",
    }
    if layer.type == "rnn":
        how["activations"] = [fields["activation"].title()] * ways
    if layer.type == "gru":
        how["linear_before_reset"] = int(fields["reset"] == "after")
    return how


def _packed(g: Graph, layer: LayerPlan, weights: list[Weights]) -> list[str]:
    """W and U of all ways, [ways, gates · H, …], and their biases in one row."""
    parts = [[_ordered(g, layer, tensor) for tensor in own] for own in weights]
    packed = [g.concat([g.unsqueeze(own[i], 0) for own in parts], 0) for i in (0, 1)]
    if len(parts[0]) == 2:
        return [*packed, NONE]
    rows = [g.unsqueeze(g.concat(own[2:], 0), 0) for own in parts]
    return [*packed, g.concat(rows, 0)]


def _ordered(g: Graph, layer: LayerPlan, tensor: str) -> str:
    order = ORDER[layer.type]
    if len(order) == 1:
        return tensor
    gates = list(g.chunks(tensor, len(order), 0))
    if layer.type == "gru" and layer.fields["update"] == "notes":
        gates[1] = g.op("Neg", gates[1])  # 1 − σ(a) is σ(−a): what is kept and what is taken
    return g.concat([gates[place] for place in order], 0)


def _walked(
    g: Graph, layer: LayerPlan, x: str, weights: list[Weights], start: str | None, mask: str
) -> tuple[str, list[str]]:
    """Step by step: one under 0 of the mask leaves the state as it is and gives 0."""
    units, count = layer.fields["units"], cells.STATES[layer.type]
    kept = g.unsqueeze(g.as_float(mask), 2)  # [N, L, 1]
    begun = g.chunks(start, len(weights), 1) if start is not None and len(weights) > 1 else (start,)
    outputs, ends = [], []
    for way, own in enumerate(weights):
        zeros = g.zeros(x, units)
        first = (begun[way] if start is not None else None) or zeros
        end, (steps,) = g.scan(
            _step(layer, own),
            [first, *[zeros] * (count - 1)],
            [(x, FLOAT), (kept, FLOAT)],
            backwards=way == 1,
        )
        outputs.append(steps)
        ends.append(end)
    return g.concat(outputs, 2), [g.concat(states, 1) for states in zip(*ends, strict=True)]


def _step(layer: LayerPlan, weights: Weights) -> Any:
    def step(g: Graph, state: list[str], now: list[str]) -> tuple[Sequence[str], Sequence[str]]:
        x, kept = now
        after = _cell(g, layer, x, state, weights)
        states = [cells.blend(g, kept, a, was) for a, was in zip(after, state, strict=True)]
        return states, [g.times(kept, states[0])]

    return step


def _cell(g: Graph, layer: LayerPlan, x: str, state: list[str], weights: Weights) -> list[str]:
    w, u, b, c = weights if len(weights) == 4 else [*weights, NONE, NONE]
    inputs, before = g.linear(x, w, b), g.linear(state[0], u, c)
    if layer.type == "lstm":
        return cells.lstm(g, inputs, before, state)
    if layer.type == "rnn":
        relu = layer.fields["activation"] == "relu"
        return (cells.rnn_relu if relu else cells.rnn)(g, inputs, before, state)
    x_r, x_z, x_n = g.chunks(inputs, 3, 1)
    h_r, h_z, h_n = g.chunks(before, 3, 1)
    r, z = g.op("Sigmoid", g.add(x_r, h_r)), g.op("Sigmoid", g.add(x_z, h_z))
    if layer.fields["reset"] == "before":
        bias = g.chunks(c, 3, 0)[2] if c else NONE
        asked = g.linear(g.times(r, state[0]), g.chunks(u, 3, 0)[2], bias)
    else:
        asked = g.times(r, h_n)
    new = g.op("Tanh", g.add(x_n, asked))
    torch = layer.fields["update"] == "torch"
    return [cells.blend(g, z, *((state[0], new) if torch else (new, state[0])))]
