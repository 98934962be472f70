"""A recurrent decoder. N samples, L target steps, E features, M memory steps, D features, H units."""

import math
from dataclasses import dataclass

from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers import cells
from gradus.export.onnx.layers.attention import shares
from gradus.export.onnx.tensors import FLOAT
from gradus.planned import LayerPlan


@dataclass(frozen=True, slots=True)
class Memory:
    """What a decoder reads: values [N, M, D], what they are asked by [N, M, H], what is seen."""

    values: str
    keys: str
    seen: str | None  # [N, M], true where a step may be read


def decoder_rnn(g: Graph, layer: LayerPlan, *given: str) -> tuple[str, ...]:
    """[N, L, E] → [N, L, H], the last state [N, H] and the weights [N, L, M] where it attends.

    Below a teacher forcing of 1 it runs freely after the first step, as in evaluation.
    """
    fields, ports = layer.fields, dict(zip(layer.ports, given, strict=True))
    fields["bias"]
    x, memory = ports["input"], _remembered(g, layer, ports)
    zeros = g.zeros(x, fields["units"])
    cell = fields["cell"]
    start = [ports.get("state") or zeros, *[zeros] * (cells.STATES[cell] - 1)]
    free = fields.get("teacher_forcing", 1.0) < 1
    if free:  # what the next step reads is carried beside the state
        start.append(g.squeeze(g.cut(x, 1, 0, 1), 1))

    def step(body: Graph, state: list[str], now: list[str]) -> tuple[list[str], list[str]]:
        (word,), weights = now, []
        if free:
            *state, word = state
        if memory is not None and fields["attention"] == "additive":
            context, share = _read(body, layer, state[0], memory)
            word, weights = body.concat([word, context], 1), [share]
        inputs = body.linear(word, body.own("weight_ih"), body.maybe("bias_ih"))
        before = body.linear(state[0], body.own("weight_hh"), body.maybe("bias_hh"))
        state = cells.CELLS[cell](body, inputs, before, state)
        output = state[0]
        if memory is not None and fields["attention"] == "dot":
            context, share = _read(body, layer, state[0], memory)
            both = body.concat([context, state[0]], 1)
            output = body.op("Tanh", body.linear(both, body.own("combine_weight")))
            weights = [share]
        if free:
            state = [*state, body.linear(output, body.own("feedback_weight"))]
        return state, [output, *weights]

    ends, (steps, *weights) = g.scan(step, start, [(x, FLOAT)])
    return (steps, ends[0], *weights)


def _remembered(g: Graph, layer: LayerPlan, ports: dict[str, str]) -> Memory | None:
    if "memory" not in ports:
        return None
    values = ports["memory"]
    additive = layer.fields["attention"] == "additive"
    keys = g.linear(values, g.own("score_key")) if additive else values
    return Memory(values, keys, g.holds(ports["mask"]) if "mask" in ports else None)


def _read(g: Graph, layer: LayerPlan, query: str, memory: Memory) -> tuple[str, str]:
    """What the query [N, H] reads: [N, D], and by which weights [N, M]."""
    if layer.fields["attention"] == "additive":
        asked = g.unsqueeze(g.linear(query, g.own("score_query")), 1)
        scores = g.linear(g.op("Tanh", g.add(asked, memory.keys)), g.own("score_weight"))
    else:
        scores = g.matmul(memory.keys, g.unsqueeze(query, 2))
    scores = g.squeeze(scores, 2)
    if memory.seen is not None:
        scores = g.op("Where", memory.seen, scores, g.number(-math.inf))
    weights = shares(g, scores)
    return g.squeeze(g.matmul(g.unsqueeze(weights, 1), memory.values), 1), weights
