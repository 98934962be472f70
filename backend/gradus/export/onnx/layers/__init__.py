"""How each layer type is written in ONNX. A new one is its file beside this and a line here."""

from collections.abc import Callable

from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers import (
    activations,
    attention,
    conv,
    conv_rnn,
    conv_transpose,
    decoder,
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
    shape,
)
from gradus.planned import LayerPlan

Values = str | tuple[str, ...]
# Called with the graph, the layer and the values that it reads; answers those that it gives.
WRITE: dict[str, Callable[..., Values]] = {
    "linear": linear.linear,
    "conv1d": conv.convolution,
    "conv2d": conv.convolution,
    "conv_transpose1d": conv_transpose.transposed,
    "conv_transpose2d": conv_transpose.transposed,
    "max_pool1d": pool.max_pool,
    "max_pool2d": pool.max_pool,
    "avg_pool1d": pool.avg_pool,
    "avg_pool2d": pool.avg_pool,
    "adaptive_avg_pool2d": pool.adaptive_avg_pool,
    "adaptive_max_pool2d": pool.adaptive_max_pool,
    "global_avg_pool": pool.global_avg_pool,
    "global_max_pool": pool.global_max_pool,
    "batch_norm": norm.batch_norm,
    "layer_norm": norm.layer_norm,
    "group_norm": norm.group_norm,
    "local_response_norm": norm.local_response_norm,
    "dropout": shape.same,
    "dropout2d": shape.same,
    "gaussian_noise": shape.same,
    "flatten": shape.flatten,
    "reshape": shape.reshape,
    "permute": shape.permute,
    "upsample": shape.upsample,
    "pad": shape.pad,
    "select": shape.select,
    "each_start": shape.each_start,
    "each_end": shape.each_end,
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
    "rnn": recurrent.recurrent,
    "lstm": recurrent.recurrent,
    "gru": recurrent.recurrent,
    "decoder_rnn": decoder.decoder_rnn,
    "conv_rnn": conv_rnn.conv_rnn,
    "sample_normal": shape.sample_normal,
    "tree_lstm": graph.tree_lstm,
    "graph_conv": graph.graph_conv,
    "episodic_memory": memory.episodic_memory,
    "entity_memory": memory.entity_memory,
    "prelu": activations.prelu,
    "rrelu": activations.rrelu,
    "maxout": activations.maxout,
    **dict.fromkeys(activations.FUNCTIONS, activations.activation),
}


def write(graph: Graph, layer: LayerPlan, values: tuple[str, ...]) -> tuple[str, ...]:
    """What a layer gives for the values that it reads: its output, then its extras."""
    given = WRITE[layer.type](graph, layer, *values)
    return (given,) if isinstance(given, str) else given
