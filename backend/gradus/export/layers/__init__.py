"""How each layer type is written in PyTorch. A new one is its file beside this and a line here."""

from collections.abc import Callable
from dataclasses import replace

from gradus.export.code import Code, Fields
from gradus.export.layers import (
    activations,
    attention,
    conv,
    conv_rnn,
    conv_transpose,
    decoder,
    dropout,
    each,
    embedding,
    features,
    feed_forward,
    graph,
    linear,
    memory,
    merge,
    norm,
    pool,
    recurrent,
    sample,
    shape,
)
from gradus.layers import LAYERS, MADE
from gradus.planned import LayerPlan
from gradus.problems import Report

WRITE: dict[str, Callable[[LayerPlan], Code]] = {
    "linear": linear.linear,
    "conv1d": conv.conv1d,
    "conv2d": conv.conv2d,
    "conv_transpose1d": conv_transpose.conv_transpose1d,
    "conv_transpose2d": conv_transpose.conv_transpose2d,
    "max_pool1d": pool.max_pool1d,
    "max_pool2d": pool.max_pool2d,
    "avg_pool1d": pool.avg_pool1d,
    "avg_pool2d": pool.avg_pool2d,
    "adaptive_avg_pool2d": pool.adaptive_avg_pool2d,
    "adaptive_max_pool2d": pool.adaptive_max_pool2d,
    "global_avg_pool": pool.global_avg_pool,
    "global_max_pool": pool.global_max_pool,
    "batch_norm": norm.batch_norm,
    "layer_norm": norm.layer_norm,
    "group_norm": norm.group_norm,
    "local_response_norm": norm.local_response_norm,
    "dropout": dropout.dropout,
    "dropout2d": dropout.dropout2d,
    "gaussian_noise": dropout.gaussian_noise,
    "flatten": shape.flatten,
    "reshape": shape.reshape,
    "permute": shape.permute,
    "upsample": shape.upsample,
    "pad": shape.pad,
    "select": shape.select,
    "add": merge.add,
    "multiply": merge.multiply,
    "mean": merge.mean,
    "concat": merge.concat,
    "features": features.features,
    "embedding": embedding.embedding,
    "embedding_bag": embedding.embedding_bag,
    "positional_encoding": embedding.positional_encoding,
    "attention": attention.attention,
    "feed_forward": feed_forward.feed_forward,
    "rnn": recurrent.rnn,
    "lstm": recurrent.lstm,
    "gru": recurrent.gru,
    "decoder_rnn": decoder.decoder_rnn,
    "conv_rnn": conv_rnn.conv_rnn,
    "sample_normal": sample.sample_normal,
    "tree_lstm": graph.tree_lstm,
    "graph_conv": graph.graph_conv,
    "episodic_memory": memory.episodic_memory,
    "entity_memory": memory.entity_memory,
    "each_start": each.each_start,
    "each_end": each.each_end,
    "prelu": activations.prelu,
    "rrelu": activations.rrelu,
    "maxout": activations.maxout,
    **dict.fromkeys(activations.FUNCTIONS, activations.activation),
}
# Read where the network is put together and trained: first values, what stays and what shrinks.
SHARED = frozenset({"init", "trainable", "weight_decay"})


def write(layer: LayerPlan, report: Report, *, lone: bool) -> Code | None:
    """The code of one layer; None after reporting a layer or a field that has no code.

    `lone` says that some batch has a single sample.
    """
    if layer.type not in WRITE:
        report.add("export.layer", layer.source, layer=layer.name, type=layer.type)
        return None
    fields = Fields(layer.fields)
    own = replace(layer, fields=fields)
    code = norm.batch_norm(own, lone) if layer.type == "batch_norm" else WRITE[layer.type](own)
    known = (LAYERS | MADE)[layer.type].model_fields
    for name, value in fields.unread().items():
        if name in SHARED or value in (None, False):
            continue
        if name in known and value == known[name].default:
            continue
        report.add("export.field", layer.source, layer=layer.name, type=layer.type, field=name)
    return code
