"""Presets on real data."""

from gradus.presets.preset import Preset

DIGITS_CNN = Preset(
    "digits_cnn",
    {"en": "Digits, convolutional", "zh": "手写数字，卷积网络"},
    {
        "spec": "nn/1",
        "name": "digits cnn",
        "data": {"name": "digits"},
        "network": {
            "layers": [
                {"type": "conv2d", "filters": 16, "activation": "relu", "init": "he"},
                "max_pool2d",
                {"type": "conv2d", "filters": 32, "activation": "relu", "init": "he"},
                "max_pool2d",
                "flatten",
                "linear",
            ]
        },
        "train": {
            "epochs": 20,
            "batch_size": 16,
            "optimizer": {"type": "adam", "learning_rate": 0.003},
        },
    },
)
DIGITS_DENSE = Preset(
    "digits_dense",
    {"en": "Digits, fully connected", "zh": "手写数字，全连接网络"},
    {
        "spec": "nn/1",
        "name": "digits dense",
        "data": {"name": "digits"},
        "network": {
            "layers": [
                "flatten",
                {"type": "linear", "units": 32, "activation": "relu"},
                {"type": "linear", "units": 16, "activation": "relu"},
                "linear",
            ]
        },
        "train": {
            "epochs": 30,
            "batch_size": 64,
            "optimizer": {"type": "adam", "learning_rate": 0.003},
        },
    },
)
IRIS = Preset(
    "iris",
    {"en": "Iris flowers", "zh": "鸢尾花"},
    {
        "spec": "nn/1",
        "name": "iris",
        "data": {"name": "iris"},
        "network": {"layers": [{"type": "linear", "units": 8, "activation": "tanh"}, "linear"]},
        "train": {
            "epochs": 100,
            "batch_size": 15,
            "optimizer": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
        },
    },
)
