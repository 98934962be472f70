"""The first convolutional networks: LeNet-5, both AlexNets, network in network."""

from typing import Any

from gradus.zoo.entry import IMAGENET, Entry, document

_OVERLAPPING = {"type": "max_pool2d", "size": 3, "stride": 2}
_RESPONSE = {"type": "local_response_norm", "size": 5, "alpha": 1e-4, "beta": 0.75, "k": 2}


def _conv(filters: int, kernel: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": "conv2d",
        "filters": filters,
        "kernel": kernel,
        **fields,
        "activation": "relu",
    }


def _dense(classes: int) -> list[Any]:
    return [
        "flatten",
        "dropout",
        {"type": "linear", "units": 4096, "activation": "relu"},
        "dropout",
        {"type": "linear", "units": 4096, "activation": "relu"},
        {"type": "linear", "units": classes},
    ]


LENET5 = document(
    "LeNet-5",
    (1, 32, 32),
    [
        {"type": "conv2d", "filters": 6, "kernel": 5, "padding": "valid", "activation": "tanh"},
        "avg_pool2d",
        {"type": "conv2d", "filters": 16, "kernel": 5, "padding": "valid", "activation": "tanh"},
        "avg_pool2d",
        {"type": "conv2d", "filters": 120, "kernel": 5, "padding": "valid", "activation": "tanh"},
        "flatten",
        {"type": "linear", "units": 84, "activation": "tanh"},
        {"type": "linear", "units": 10},
    ],
)

ALEXNET_2012 = document(
    "AlexNet (2012)",
    IMAGENET,
    [
        _conv(96, 11, stride=4, padding=2),
        _RESPONSE,
        _OVERLAPPING,
        _conv(256, 5, groups=2),
        _RESPONSE,
        _OVERLAPPING,
        _conv(384, 3),
        _conv(384, 3, groups=2),
        _conv(256, 3, groups=2),
        _OVERLAPPING,
        *_dense(1000),
    ],
)

ALEXNET = document(
    "AlexNet (2014)",
    IMAGENET,
    [
        _conv(64, 11, stride=4, padding=2),
        _OVERLAPPING,
        _conv(192, 5),
        _OVERLAPPING,
        _conv(384, 3),
        _conv(256, 3),
        _conv(256, 3),
        _OVERLAPPING,
        *_dense(1000),
    ],
)


def _mlpconv(filters: int, kernel: int, last: int | None = None, **fields: Any) -> list[Any]:
    """A convolution followed by two 1×1 convolutions: a small network slid over the picture."""
    return [
        _conv(filters, kernel, **fields),
        _conv(filters, 1),
        _conv(last or filters, 1),
    ]


_POOL = {"type": "max_pool2d", "size": 3, "stride": 2, "padding": "same"}
NETWORK_IN_NETWORK = document(
    "Network in network",
    IMAGENET,
    [
        *_mlpconv(96, 11, stride=4, padding="valid"),
        _POOL,
        *_mlpconv(256, 5),
        _POOL,
        *_mlpconv(384, 3),
        _POOL,
        "dropout",
        *_mlpconv(1024, 3, last=1000),
        "global_avg_pool",
    ],
)

EARLY = (
    Entry(
        "lenet5",
        "LeNet-5",
        "LeCun et al. 1998",
        61_706,
        LENET5,
        "With means for pooling and every map of the third layer connected.",
    ),
    Entry(
        "alexnet_2012",
        "AlexNet, two groups",
        "Krizhevsky et al. 2012",
        60_965_224,
        ALEXNET_2012,
        "55×55 maps come from pictures of 224 with a padding of 2, or of 227 without.",
    ),
    Entry("alexnet", "AlexNet, one group", "Krizhevsky 2014", 61_100_840, ALEXNET),
    Entry(
        "network_in_network",
        "Network in network",
        "Lin et al. 2014",
        7_595_176,
        NETWORK_IN_NETWORK,
        "The network for ImageNet; it has no dense layer.",
    ),
)
