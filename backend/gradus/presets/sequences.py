"""Presets that read sequences: the rows of a digit one after the other, the words of a text."""

from typing import Any

from gradus.presets.preset import Preset

_ROWS = {"type": "reshape", "name": "rows", "shape": [8, 8]}


def _digits(name: str, layers: list[Any], learning_rate: float) -> dict[str, Any]:
    return {
        "spec": "nn/1",
        "name": name,
        "data": {"name": "digits"},
        "network": {"layers": [_ROWS, *layers]},
        "train": {
            "epochs": 20,
            "batch_size": 32,
            "optimizer": {"type": "adam", "learning_rate": learning_rate},
        },
    }


DIGITS_LSTM = Preset(
    "digits_lstm",
    {"en": "Digits row by row, LSTM", "zh": "逐行读手写数字，LSTM"},
    _digits(
        "digits row by row",
        [{"type": "lstm", "name": "lstm", "units": 24, "returns": "last"}, "linear"],
        0.01,
    ),
)
DIGITS_TRANSFORMER = Preset(
    "digits_transformer",
    {"en": "Digits, attention between rows", "zh": "手写数字，行与行之间的注意力"},
    _digits(
        "digits by attention",
        [
            {"type": "linear", "name": "embed", "units": 16},
            {"type": "positional_encoding", "name": "places"},
            {
                "type": "transformer_encoder",
                "name": "encoder",
                "layers": 1,
                "heads": 4,
                "hidden": 32,
            },
            "flatten",
            "linear",
        ],
        0.005,
    ),
)
PHRASES_LSTM = Preset(
    "phrases_lstm",
    {"en": "Opinions in words, LSTM", "zh": "文字评价，LSTM"},
    {
        "spec": "nn/1",
        "name": "opinions",
        "data": {
            "name": "phrases",
            "transforms": [
                {"type": "tokenize", "words": 64},
                {"type": "pad", "length": 14, "side": "start"},
            ],
        },
        "network": {
            "layers": [
                {"type": "embedding", "name": "words", "words": 64, "units": 8},
                {"type": "lstm", "name": "lstm", "units": 12, "returns": "last"},
                "linear",
            ]
        },
        "train": {
            "epochs": 20,
            "batch_size": 16,
            "optimizer": {"type": "adam", "learning_rate": 0.01},
        },
    },
)
