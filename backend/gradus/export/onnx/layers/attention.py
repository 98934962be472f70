"""Attention. N samples, L queries, M keys, H heads, D numbers of a head."""

import math

from gradus.export.onnx.graph import Graph
from gradus.planned import LayerPlan


def attention(g: Graph, layer: LayerPlan, *given: str) -> tuple[str, str]:
    """What is read, and the weights [N, H, L, M]."""
    fields, ports = layer.fields, dict(zip(layer.ports, given, strict=True))
    fields["units"], fields["bias"]  # said by the weights
    query = ports["query"]
    key = ports.get("key", query)
    parts = {"query": query, "key": key, "value": ports.get("value", key)}
    if fields["projected"]:
        parts = {name: _projected(g, name, x) for name, x in parts.items()}
    q, k, v = (_split(g, x, fields["heads"]) for x in parts.values())
    scores = _hidden(g, layer, _scores(g, layer, q, k), ports.get("mask"))
    weights = _chosen(g, scores, fields["mode"])
    read = g.reshape(g.transpose(g.matmul(weights, v), 0, 2, 1, 3), 0, 0, -1)
    return (_projected(g, "output", read) if fields["projected"] else read), weights


def _projected(g: Graph, name: str, x: str) -> str:
    return g.linear(x, g.own(f"{name}_weight"), g.maybe(f"{name}_bias"))


def _split(g: Graph, x: str, heads: int) -> str:
    """[N, L, H · D] → [N, H, L, D]."""
    return g.transpose(g.reshape(x, 0, 0, heads, -1), 0, 2, 1, 3)


def _scores(g: Graph, layer: LayerPlan, q: str, k: str) -> str:
    """How well each key answers each query: [N, H, L, M]."""
    score = layer.fields["score"]
    if score == "additive":
        asked = g.matmul(q, g.transpose(g.own("score_query"), 0, 2, 1))
        told = g.matmul(k, g.transpose(g.own("score_key"), 0, 2, 1))
        both = g.op("Tanh", g.add(g.unsqueeze(asked, 3), g.unsqueeze(told, 2)))  # [N, H, L, M, D]
        weight = g.unsqueeze(g.own("score_weight"), 1, 2)  # [H, 1, 1, D]
        return g.total(g.times(both, weight), 4)
    if score == "bilinear":
        q = g.matmul(q, g.own("score_weight"))
    scores = g.matmul(q, g.transpose(k, 0, 1, 3, 2))
    if score != "scaled_dot":
        return scores
    fields, width = layer.fields, layer.input_shapes[0][1]
    size = (fields["units"] or width) if fields["projected"] else width
    return g.times(scores, g.number(1 / math.sqrt(size // fields["heads"])))


def _hidden(g: Graph, layer: LayerPlan, scores: str, mask: str | None) -> str:
    if mask is not None:
        scores = g.op("Where", g.holds(g.unsqueeze(mask, 1, 2)), scores, g.number(-math.inf))
    if layer.fields["causal"]:
        asked, told = g.unsqueeze(g.places(scores, 2), 1), g.unsqueeze(g.places(scores, 3), 0)
        scores = g.op("Where", g.op("Greater", told, asked), g.number(-math.inf), scores)
    return scores


def shares(g: Graph, scores: str) -> str:
    """Softmax over the last axis; 0 where all is hidden."""
    soft = g.op("Softmax", scores, axis=-1)
    return g.op("Where", g.op("IsNaN", soft), g.number(0.0), soft)


def _chosen(g: Graph, scores: str, mode: str) -> str:
    """Weights over the keys; in prediction a drawn key is the best."""
    if mode == "soft":
        return shares(g, scores)
    best = g.op("ArgMax", scores, axis=3, keepdims=0)
    count = g.squeeze(g.shape(scores, 3, 4), 0)
    chosen = g.as_float(g.op("OneHot", best, count, g.row([0, 1]), axis=-1))
    # The best of keys that are all hidden is none of them.
    unseen = g.op("IsInf", g.op("ReduceMax", scores, g.row([3])), detect_positive=0)
    return g.op("Where", unseen, g.number(0.0), chosen)
