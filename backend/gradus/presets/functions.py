"""A plain function to descend, before any network: two valleys, of which one is deeper."""

from gradus.presets.preset import Preset

VALLEYS = Preset(
    "valleys",
    {"en": "Two valleys, one point", "zh": "两个谷，一个点"},
    {
        "spec": "nn/1",
        "name": "two valleys",
        "function": {"expression": "x**4/4 - x**2 + x/4 + 2", "start": [2.2]},
        "train": {"epochs": 300, "optimizer": {"type": "sgd", "learning_rate": 0.02}},
    },
)
