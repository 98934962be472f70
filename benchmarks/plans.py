"""How long a plan takes, in process and through the server."""

import json
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.table import Row, percentile
from gradus.plan import plan
from gradus.zoo import ZOO


def deep(layers: int) -> dict[str, Any]:
    """A CNN on the digits with `layers` layers: convolutions with batch normalization."""
    block = [{"type": "conv2d", "filters": 16, "bias": False}, "batch_norm", "relu"]
    body = [layer for turn in range(layers // 3) for layer in block]
    return {
        "spec": "nn/1",
        "data": {"name": "digits"},
        "network": {"layers": [*body, "flatten", "linear"]},
        "train": {"epochs": 1},
    }


def times(document: dict[str, Any], turns: int) -> list[float]:
    taken = []
    for _ in range(turns):
        start = time.perf_counter()
        plan(document)
        taken.append(1e3 * (time.perf_counter() - start))
    return taken


def plan_of_fifty_layers() -> Iterator[Row]:
    document = deep(48)
    plan(document)
    taken = times(document, 300)
    p50, p99 = percentile(taken, 0.5), percentile(taken, 0.99)
    size = len(json.dumps(document))
    yield Row(
        "plan of a 50-layer net, in process",
        "p50 < 10 ms, p99 < 50 ms",
        f"p50 {p50:.1f} ms, p99 {p99:.1f} ms",
        p50 < 10 and p99 < 50,
        f"300 plans of one document of {size} bytes",
    )


def plan_of_a_chain() -> Iterator[Row]:
    document = deep(1998)
    taken = times(document, 5)
    p50 = percentile(taken, 0.5)
    yield Row(
        "plan of a 2,000-layer chain",
        "< 200 ms",
        f"p50 {p50:.0f} ms",
        p50 < 200,
        "5 plans, in process",
    )


def plan_of_resnet_152() -> Iterator[Row]:
    document = dict(ZOO["resnet152"].document)
    plan(document)
    p50 = percentile(times(document, 30), 0.5)
    layers = len(plan(document).network.layers)
    yield Row(
        "plan of ResNet-152",
        "< 20 ms",
        f"p50 {p50:.1f} ms",
        p50 < 20,
        f"30 plans of the zoo's document, {layers} layers, in process",
    )


MEASURES = (plan_of_fifty_layers, plan_of_a_chain, plan_of_resnet_152)
