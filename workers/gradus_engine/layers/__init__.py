"""What computes each layer type. A new one is its file beside this and a line here."""

from collections.abc import Callable

from torch import nn

from gradus.planned import LayerPlan
from gradus_engine.layers import (
    activations,
    conv,
    dropout,
    features,
    linear,
    merge,
    norm,
    pool,
    shape,
)

BUILD: dict[str, Callable[[LayerPlan], nn.Module]] = {
    "linear": linear.Linear,
    "conv2d": conv.Conv2d,
    "max_pool2d": pool.MaxPool2d,
    "avg_pool2d": pool.AvgPool2d,
    "global_avg_pool": pool.GlobalAvgPool,
    "global_max_pool": pool.GlobalMaxPool,
    "batch_norm": norm.BatchNorm,
    "dropout": dropout.Dropout,
    "flatten": shape.Flatten,
    "add": merge.Add,
    "multiply": merge.Multiply,
    "mean": merge.Mean,
    "concat": merge.Concat,
    "features": features.Features,
    **dict.fromkeys(activations.FUNCTIONS, activations.Activation),
}
