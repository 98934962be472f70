"""GoogLeNet: inception modules and, while training, two more heads (Szegedy et al. 2015)."""

from typing import Any

from gradus.zoo.entry import IMAGENET, Entry, document

SOURCE = "Szegedy et al. 2015"
WIDTHS = ("one", "reduce_three", "three", "reduce_five", "five", "pooled")
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
_POOL = {"type": "max_pool2d", "size": 3, "stride": 2, "padding": "same"}


class Style:
    """How a convolution is written: with a bias as published, or normalized as commonly built."""

    def __init__(self, *, normalized: bool) -> None:
        self.normalized = normalized

    def conv(self, filters: Any, kernel: int = 1, stride: int = 1) -> list[Any]:
        conv: dict[str, Any] = {"type": "conv2d", "filters": filters, "kernel": kernel}
        if stride != 1:
            conv |= {"stride": stride, "padding": "symmetric"}
        if self.normalized:
            normal = {"type": "batch_norm", "eps": 0.001, "activation": "relu"}
            return [{**conv, "bias": False}, normal]
        return [{**conv, "activation": "relu"}]

    def module(self, name: str, widths: tuple[int, ...]) -> dict[str, Any]:
        # Common code has a 3×3 where the paper has a 5×5.
        common = {"large": 3, "normalized": True} if self.normalized else {}
        sizes = dict(zip(WIDTHS, widths, strict=True))
        return {"type": "inception", "name": f"m{name}", "widths": sizes, **common}

    def stem(self) -> list[Any]:
        response = [] if self.normalized else ["local_response_norm"]
        return [
            *self.conv(64, 7, 2),
            _POOL,
            *response,
            *self.conv(64),
            *self.conv(192, 3),
            *response,
            _POOL,
        ]

    def head(self, name: str, source: str) -> list[Any]:
        """A further classifier that reads an inner module; named for the loss that reads it."""
        first, *rest = [{"type": "adaptive_avg_pool2d", "size": 4}, *self.conv(128)]
        return [
            {**first, "from": source},
            *rest,
            "flatten",
            {"type": "linear", "units": 1024, "activation": "relu"},
            {"type": "dropout", "rate": 0.7},
            {"type": "linear", "name": name, "units": 1000},
        ]


def googlenet(title: str, *, normalized: bool, heads: bool) -> dict[str, Any]:
    """GoogLeNet with a bias for each convolution, as published, or batch normalization."""
    style = Style(normalized=normalized)
    layers = style.stem()
    for name, widths in MODULES.items():
        if name in ("4a", "5a"):
            layers.append(_POOL)
        layers.append(style.module(name, widths))
    further = [*style.head("head_1", "m4a"), *style.head("head_2", "m4d")] if heads else []
    end = [{"type": "dropout", "rate": 0.4}, {"type": "linear", "units": 1000}]
    pool = {"type": "global_avg_pool", "from": "m5b"} if heads else "global_avg_pool"
    found = document(title, IMAGENET, [*layers, *further, pool, *end])
    if heads:
        names = ("head_1", "head_2")
        further_losses = [{"type": "cross_entropy", "input": n, "weight": 0.3} for n in names]
        losses: list[Any] = ["cross_entropy", *further_losses]
        found["train"] = {"losses": losses}
    return found


GOOGLENET = (
    Entry(
        "googlenet",
        "GoogLeNet, as commonly built",
        SOURCE,
        6_624_904,
        googlenet("GoogLeNet", normalized=True, heads=False),
        "Batch normalization, and 3×3 where the paper has 5×5.",
    ),
    Entry(
        "googlenet_heads",
        "GoogLeNet, as commonly built and trained",
        SOURCE,
        13_004_888,
        googlenet("GoogLeNet with heads", normalized=True, heads=True),
        "With both further heads, whose losses weigh 0.3.",
    ),
    Entry(
        "googlenet_paper",
        "GoogLeNet, as published",
        SOURCE,
        6_998_552,
        googlenet("GoogLeNet (paper)", normalized=False, heads=False),
        "Biases, 5×5 and local response normalization.",
    ),
    Entry(
        "googlenet_paper_heads",
        "GoogLeNet, as published and trained",
        SOURCE,
        13_378_280,
        googlenet("GoogLeNet (paper) with heads", normalized=False, heads=True),
        "With both further heads, whose losses weigh 0.3.",
    ),
)
