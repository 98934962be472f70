"""Every layer type by its word. A new one is a line here, and its file in the engine."""

from gradus.layers import activations, conv, dropout, features, linear, merge, norm, pool, shape
from gradus.layers.layer import Layer, Misfit

_TYPES: tuple[type[Layer], ...] = (
    linear.Linear,
    conv.Conv2d,
    pool.MaxPool2d,
    pool.AvgPool2d,
    pool.GlobalAvgPool,
    pool.GlobalMaxPool,
    norm.BatchNorm,
    dropout.Dropout,
    shape.Flatten,
    merge.Add,
    merge.Multiply,
    merge.Mean,
    merge.Concat,
    features.Features,
    activations.Identity,
    activations.Step,
    activations.Sigmoid,
    activations.Tanh,
    activations.Relu,
    activations.LeakyRelu,
    activations.Elu,
    activations.Gelu,
    activations.Silu,
    activations.Softmax,
)
LAYERS: dict[str, type[Layer]] = {layer.type: layer for layer in _TYPES}

__all__ = ["LAYERS", "Layer", "Misfit"]
