"""The arithmetic behind one number, for networks whose weights are too many to send.

Each step is told as the page tells it for small networks (`frontend/src/layers/sums.ts`): its
`kind`, the numbers that went in, and the `total` that came out.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gradus.layers.window import sides
from gradus.planned import LayerPlan
from gradus.probes import SumProbe
from gradus_engine.evaluation import evaluating
from gradus_engine.layers.activations import FUNCTIONS, function
from gradus_engine.opening import AnySession
from gradus_engine.probes import steps as telling
from gradus_engine.probes.picture import Picture
from gradus_engine.probes.samples import classes, sample_of
from gradus_engine.session import Session

MOST_PRODUCTS = 6

Told = dict[str, Any]
Step = Callable[[LayerPlan, nn.Module, list[Tensor], int, int], Told | None]


def sums(session: Session, probe: SumProbe) -> Picture:
    """`sums` in meta: the steps of each layer in turn, from what the first of them reads."""
    plans = {layer.name: layer for layer in session.plan.network.layers}
    for name in probe.layers:
        if name not in plans:
            raise ValueError(f"there is no layer {name!r} in this network")
    chosen = [plans[name] for name in probe.layers]
    inputs, _ = sample_of(session, probe.sample)
    wanted = {name for layer in chosen for name in (*layer.inputs, layer.name)}
    with evaluating(session.network):
        outputs = session.network.outputs(inputs, wanted)
    return told(session, chosen, outputs, probe)


def told(
    session: AnySession, chosen: Sequence[LayerPlan], outputs: Mapping[str, Tensor], probe: SumProbe
) -> Picture:
    """The same from outputs [1, …] of layers and of what they read."""
    values = {name: value[0].double() for name, value in outputs.items()}
    value = _number(values[chosen[-1].name], probe.unit, probe.place)
    steps = [
        step
        for layer in chosen
        if _holds(values[layer.name], probe.unit, probe.place)
        for step in _steps(layer, session.network.layers[layer.name], values, probe)
    ]
    meta = {
        **probe.model_dump(mode="json", include={"layers", "unit", "place"}),
        "sums": steps,
        "value": value,
        "classes": classes(session),
    }
    return Picture("sum", session.step, {}, meta)


def _number(values: Tensor, unit: int, place: int) -> float:
    if not _holds(values, unit, place):
        raise ValueError(
            f"there is no number {place} of unit {unit}; the output has shape {list(values.shape)}"
        )
    return float(_rows(values)[unit, place])


def _holds(values: Tensor, unit: int, place: int) -> bool:
    """Whether an output has such a number; of layers shown as one, the last one's is meant."""
    units, places = _rows(values).shape
    return unit < units and place < places


def _rows(values: Tensor) -> Tensor:
    return values.flatten(1) if values.dim() > 1 else values.reshape(-1, 1)


def _steps(
    layer: LayerPlan, module: nn.Module, values: Mapping[str, Tensor], probe: SumProbe
) -> list[Told]:
    tell = STEPS.get(layer.type, _function if layer.type in FUNCTIONS else None)
    if tell is None:
        return []
    step = tell(layer, module, [values[name] for name in layer.inputs], probe.unit, probe.place)
    activation = layer.fields.get("activation", "identity")
    if step is None or activation == "identity":
        return [step] if step else []
    total = float(function(activation)(torch.tensor([[step["total"]]], dtype=torch.float64)))
    if activation in {"softmax", "log_softmax"}:
        return [step]
    return [step, {"kind": "function", "name": activation, "x": step["total"], "total": total}]


def _linear(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """The largest products of one row of the matrix."""
    weight, bias = _weights(module)
    if inputs[0].dim() != 1:
        return None
    row = weight[unit]
    products = row * inputs[0]
    largest = products.abs().topk(min(MOST_PRODUCTS, len(products))).indices
    return {
        "kind": "terms",
        "products": [
            {"from": int(at), "weight": float(row[at]), "value": float(inputs[0][at])}
            for at in largest
        ],
        "left": len(products) - len(largest),
        "bias": bias[unit] if bias else 0.0,
        "total": float(products.sum()) + (bias[unit] if bias else 0.0),
    }


def _conv(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """The patches under the kernels of one filter, the strongest first."""
    weight, bias = _weights(module)
    kernels = weight[unit].flip((1, 2)) if layer.fields["flip"] else weight[unit]  # [D, h, w]
    depth = len(kernels)
    group = unit * layer.fields["groups"] // weight.shape[0]
    found = [
        _window(layer, inputs[0][group * depth + channel], layer.fields["kernel"], place)
        for channel in range(depth)
    ]
    patches = torch.tensor([[cell or 0.0 for cell in cells] for cells in found], dtype=weight.dtype)
    totals = (patches * kernels.flatten(1).cpu()).sum(1)
    order = totals.abs().argsort(descending=True)[: telling.MOST_PARTS].tolist()
    start = bias[unit] if bias else 0.0
    return {
        "kind": "patch",
        "size": list(layer.fields["kernel"]),
        "parts": [
            {
                "channel": group * depth + channel,
                "patch": found[channel],
                "kernel": kernels[channel].flatten().tolist(),
                "total": float(totals[channel]),
            }
            for channel in order
        ],
        "left": depth - len(order),
        "bias": start,
        "total": float(totals.sum()) + start,
    }


def _pool(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """The cells of one window, None on padding and under 0 of a mask."""
    source = inputs[0][unit]
    whole = layer.type.startswith("global")
    size = list(source.shape) if whole else layer.fields["size"]
    cells = source.flatten().tolist() if whole else _window(layer, source, size, place)
    if len(inputs) > 1:
        counts = inputs[1].flatten().tolist()
        cells = [cell if count else None for cell, count in zip(cells, counts, strict=True)]
    inside = [cell for cell in cells if cell is not None]
    most = "max" in layer.type
    total = (max(inside) if most else sum(inside) / len(inside)) if inside else 0.0
    reduction = "max" if most else "mean"
    return {
        "kind": "window",
        "reduction": reduction,
        "size": size,
        "cells": cells,
        "total": total,
    }


def _window(layer: LayerPlan, source: Tensor, size: list[int], place: int) -> list[float | None]:
    """The cells [h · w] of a map [H, W] under a window, row by row."""
    stride = layer.fields["stride"]
    dilation = layer.fields.get("dilation", [1] * len(size))
    at = divmod(place, layer.output[-1])
    corners = [
        at[axis] * stride[axis]
        - sides(
            layer.fields["padding"],
            axis,
            source.shape[axis],
            size[axis],
            stride[axis],
            dilation[axis],
        )[0]
        for axis in (0, 1)
    ]
    rows, columns = (
        [corner + cell * wide for cell in range(side)]
        for corner, side, wide in zip(corners, size, dilation, strict=True)
    )
    height, width = source.shape
    cells = source.tolist()
    return [
        cells[y][x] if 0 <= y < height and 0 <= x < width else None for y in rows for x in columns
    ]


def _norm(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """One number of a channel against its running statistics."""
    x = _number(inputs[0], unit, place)
    mean, variance = (
        float(module.get_buffer(name)[unit]) for name in ("running_mean", "running_var")
    )
    weight, bias = _weights(module, affine=layer.fields["affine"])
    gamma, beta = float(weight[unit]), bias[unit] if bias else 0.0
    epsilon: float = layer.fields["eps"]
    total = (x - mean) / math.sqrt(variance + epsilon) * gamma + beta
    return {
        "kind": "norm",
        "x": x,
        "mean": mean,
        "variance": variance,
        "epsilon": epsilon,
        "gamma": gamma,
        "beta": beta,
        "total": total,
    }


def _join(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """What stands at one place of every input."""
    values = [_number(each, unit, place) for each in inputs]
    total = math.prod(values) if layer.type == "multiply" else sum(values)
    if layer.type == "mean":
        return {"kind": "join", "sign": "mean", "values": values, "total": total / len(values)}
    sign = "·" if layer.type == "multiply" else "+"
    return {"kind": "join", "sign": sign, "values": values, "total": total}


def _function(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """A function of one number, or the share of one of several."""
    if layer.type in {"softmax", "log_softmax"}:
        return _share(layer.type, inputs[0].reshape(len(inputs[0]), -1)[:, place], unit)
    x = _number(inputs[0], unit, place)
    given = torch.tensor([[x]], dtype=torch.float64)
    total = float(FUNCTIONS[layer.type](layer.fields)(given))
    return {"kind": "function", "name": layer.type, "x": x, "total": total}


def _share(name: str, scores: Tensor, unit: int) -> Told:
    """One share of a softmax over scores [units], or its logarithm."""
    shares = torch.softmax(scores, 0).tolist()
    told = {"kind": "share", "x": float(scores[unit]), "shares": shares, "chosen": unit}
    if name == "softmax":
        return {**told, "total": shares[unit]}
    return {**told, "logarithmic": True, "total": float(torch.log_softmax(scores, 0)[unit])}


def _weights(module: nn.Module, affine: bool = True) -> tuple[Tensor, list[float] | None]:
    """`weight` in double precision and `bias` of a layer; ones where it has none of its own."""
    parameters = dict(module.named_parameters(recurse=False))
    bias = parameters.get("bias")
    if not affine:
        return torch.ones_like(module.get_buffer("running_mean"), dtype=torch.float64), None
    return (
        parameters["weight"].detach().double(),
        None if bias is None else bias.detach().double().tolist(),
    )


STEPS: dict[str, Step] = {
    "linear": _linear,
    "conv2d": _conv,
    "max_pool2d": _pool,
    "avg_pool2d": _pool,
    "global_avg_pool": _pool,
    "global_max_pool": _pool,
    "batch_norm": _norm,
    "add": _join,
    "multiply": _join,
    "mean": _join,
    "local_response_norm": telling.response,
    "layer_norm": telling.together,
    "group_norm": telling.together,
    "conv_transpose2d": telling.transposed,
    **dict.fromkeys(
        ("flatten", "reshape", "permute", "select", "pad", "upsample", "concat"), telling.moved
    ),
}
