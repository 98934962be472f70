"""Memories for questions. N samples, F facts, T sentences, S slots, D features."""

from gradus.export.onnx.graph import NONE, Graph
from gradus.export.onnx.layers.cells import blend, gru
from gradus.export.onnx.tensors import BOOL, FLOAT
from gradus.planned import LayerPlan


def episodic_memory(
    g: Graph, layer: LayerPlan, facts: str, question: str, mask: str | None = None
) -> tuple[str, str]:
    """[N, F, D] and [N, D] → [N, D], and the gates [N, passes, F]."""
    layer.fields["hidden"]
    inputs = _sums(g, "fact", "ih", facts)  # [N, F, 3 D]
    compared = g.matmul(facts, g.own("compare_weight"))
    memory, seen = question, []
    for _ in range(layer.fields["passes"]):
        gates = _gates(g, facts, compared, memory, question)
        if mask is not None:
            gates = g.times(gates, g.as_float(mask))
        episode = _episode(g, layer, inputs, gates)
        told = _sums(g, "memory", "ih", episode), _sums(g, "memory", "hh", memory)
        (memory,) = gru(g, *told, [memory])
        seen.append(g.unsqueeze(gates, 1))
    return memory, g.concat(seen, 1)


def _sums(g: Graph, cell: str, part: str, x: str) -> str:
    return g.linear(x, g.own(f"{cell}_weight_{part}"), g.own(f"{cell}_bias_{part}"))


def _gates(g: Graph, facts: str, compared: str, memory: str, question: str) -> str:
    """How much each fact counts: [N, F]."""
    m, q = (g.op("Expand", g.unsqueeze(each, 1), g.shape(facts)) for each in (memory, question))
    products = [g.matmul(compared, g.unsqueeze(each, 2)) for each in (question, memory)]
    distances = [g.op("Abs", g.less(facts, each)) for each in (q, m)]
    features = [facts, m, q, g.times(facts, q), g.times(facts, m), *distances, *products]
    hidden = g.linear(g.concat(features, 2), g.own("hidden_weight"), g.own("hidden_bias"))
    scores = g.linear(g.op("Tanh", hidden), g.own("gate_weight"), g.own("gate_bias"))
    return g.squeeze(g.op("Sigmoid", scores), 2)


def _episode(g: Graph, layer: LayerPlan, inputs: str, gates: str) -> str:
    """What one pass over the facts leaves: [N, D]."""

    def step(body: Graph, state: list[str], now: list[str]) -> tuple[list[str], list[str]]:
        given, gate = now
        after = gru(body, given, _sums(body, "fact", "hh", state[0]), state)
        return [blend(body, gate, after[0], state[0])], []

    zeros = g.zeros(inputs, layer.output[-1])
    (end,), _ = g.scan(step, [zeros], [(inputs, FLOAT), (g.unsqueeze(gates, 2), FLOAT)])
    return end


def entity_memory(
    g: Graph, layer: LayerPlan, sentences: str, question: str, mask: str | None = None
) -> tuple[str, ...]:
    """[N, T, D] and [N, D] → [N, D]; memory [N, S, D], gates [N, T, S], weights [N, S]."""
    keys, slots = g.own("keys"), layer.fields["slots"]
    bent = layer.fields["activation"] == "prelu"
    told = g.linear(sentences, g.own("sentence_weight"))
    keyed = g.linear(keys, g.own("key_weight"))
    start = g.expand(keys, g.shape(sentences, 0, 1), slots, layer.output[-1])

    def step(body: Graph, state: list[str], now: list[str]) -> tuple[list[str], list[str]]:
        (memory,), (plain, said, *counts) = state, now
        sentence = body.unsqueeze(plain, 2)  # [N, D, 1]
        asked = body.add(body.matmul(memory, sentence), body.matmul(keys, sentence))
        gates = body.op("Sigmoid", asked)  # [N, S, 1]
        if counts:
            gates = body.times(gates, body.as_float(counts[0]))
        content = body.linear(memory, body.own("content_weight"))
        new = _bent(body, body.add(content, keyed, body.unsqueeze(said, 1)), bent)
        written = _of_length_1(body, body.add(memory, body.times(gates, new)))
        # Only a written memory comes to length 1; one that is passed over stays as it is.
        after = body.op("Where", counts[0], written, memory) if counts else written
        return [after], [body.squeeze(gates, 2)]

    walked = [(sentences, FLOAT), (told, FLOAT)]
    if mask is not None:
        counts = g.op("Greater", g.as_float(mask), g.number(0.0))
        walked.append((g.unsqueeze(counts, 2, 3), BOOL))
    (memory,), (gates,) = g.scan(step, [start], walked)
    scores = g.squeeze(g.matmul(memory, g.unsqueeze(question, 2)), 2)
    weights = g.op("Softmax", scores, axis=1)
    read = g.squeeze(g.matmul(g.unsqueeze(weights, 1), memory), 1)
    answer = g.add(question, g.linear(read, g.own("answer_weight"), NONE))
    return _bent(g, answer, bent), memory, gates, weights


def _bent(g: Graph, x: str, bent: bool) -> str:
    return g.op("PRelu", x, g.own("slope")) if bent else x


def _of_length_1(g: Graph, x: str) -> str:
    length = g.op("ReduceL2", x, g.row([2]), keepdims=1)
    return g.op("Div", x, g.op("Max", length, g.number(1e-12)))
