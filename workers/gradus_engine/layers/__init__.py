"""What computes each layer type. A new one is its file beside this and a line here."""

from collections.abc import Callable

from torch import nn

from gradus.planned import LayerPlan
from gradus_engine.layers import (
    activations,
    conv,
    conv_transpose,
    dropout,
    embedding,
    features,
    linear,
    merge,
    norm,
    pool,
    shape,
)

BUILD: dict[str, Callable[[LayerPlan], nn.Module]] = {
    "linear": linear.Linear,
    "conv1d": conv.Conv1d,
    "conv2d": conv.Conv2d,
    "conv_transpose1d": conv_transpose.ConvTranspose1d,
    "conv_transpose2d": conv_transpose.ConvTranspose2d,
    "max_pool1d": pool.MaxPool1d,
    "max_pool2d": pool.MaxPool2d,
    "avg_pool1d": pool.AvgPool1d,
    "avg_pool2d": pool.AvgPool2d,
    "adaptive_avg_pool2d": pool.AdaptiveAvgPool2d,
    "adaptive_max_pool2d": pool.AdaptiveMaxPool2d,
    "global_avg_pool": pool.GlobalAvgPool,
    "global_max_pool": pool.GlobalMaxPool,
    "batch_norm": norm.BatchNorm,
    "layer_norm": norm.LayerNorm,
    "group_norm": norm.GroupNorm,
    "local_response_norm": norm.LocalResponseNorm,
    "dropout": dropout.Dropout,
    "dropout2d": dropout.Dropout2d,
    "gaussian_noise": dropout.GaussianNoise,
    "flatten": shape.Flatten,
    "reshape": shape.Reshape,
    "permute": shape.Permute,
    "upsample": shape.Upsample,
    "pad": shape.Pad,
    "select": shape.Select,
    "add": merge.Add,
    "multiply": merge.Multiply,
    "mean": merge.Mean,
    "concat": merge.Concat,
    "features": features.Features,
    "embedding": embedding.Embedding,
    "embedding_bag": embedding.EmbeddingBag,
    "positional_encoding": embedding.PositionalEncoding,
    "prelu": activations.Prelu,
    "rrelu": activations.Rrelu,
    "maxout": activations.Maxout,
    **dict.fromkeys(activations.FUNCTIONS, activations.Activation),
}
