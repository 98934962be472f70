"""The arithmetic behind one number of layers that normalize, rearrange or spread.

Beside `sums.py`, which tells the others; the page tells both (`frontend/src/layers/sums.ts`).
"""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gradus.layers.conv_transpose import cut
from gradus.planned import LayerPlan
from gradus_engine.layers.norm import LocalResponseNorm
from gradus_engine.layers.shape import Pad

# As many source maps as a picture has room for; the sum counts the others.
MOST_PARTS = 32
_FILLED = -1.0

Told = dict[str, Any]


def response(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """x / (k + α Σ x'²)^β: the sum follows from what the layer itself makes of x."""
    assert isinstance(module, LocalResponseNorm)
    (k, alpha, beta) = (module.k, module.alpha, module.beta)
    squares = module.squares(inputs[0][None])[0].flatten(1)[unit, place]
    x = float(inputs[0].flatten(1)[unit, place])
    total = x * (k + alpha * float(squares)) ** -beta
    return {
        "kind": "response",
        "x": x,
        "k": k,
        "alpha": alpha,
        "squares": float(squares),
        "beta": beta,
        "total": total,
    }


def together(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """One number against the mean and variance of those of its sample that it is normalized with."""
    (x,) = inputs
    each = x[0].numel() if x.dim() > 1 else 1
    at = unit * each + place
    count = x.numel() // layer.fields["groups"] if layer.type == "group_norm" else _last(layer, x)
    stretch = x.flatten()[at // count * count :][:count]
    scales = dict(module.named_parameters(recurse=False))
    index = unit if layer.type == "group_norm" else at % count
    gamma, beta = (
        float(scales[name].detach().flatten()[index]) if name in scales else usual
        for name, usual in (("weight", 1.0), ("bias", 0.0))
    )
    mean, variance = float(stretch.mean()), float(stretch.var(correction=0))
    epsilon: float = layer.fields["eps"]
    number = float(x.flatten()[at])
    total = (number - mean) / math.sqrt(variance + epsilon) * gamma + beta
    return {
        "kind": "norm",
        "x": number,
        "mean": mean,
        "variance": variance,
        "epsilon": epsilon,
        "gamma": gamma,
        "beta": beta,
        "total": total,
    }


def _last(layer: LayerPlan, x: Tensor) -> int:
    """How many numbers a layer normalization takes together."""
    axes = layer.fields["axes"] or (1 if x.dim() < 3 else x.dim())
    return math.prod(x.shape[x.dim() - axes :])


def transposed(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """The cells that were spread over one number, each under the weight that took it there."""
    (x,) = inputs
    parameters = dict(module.named_parameters(recurse=False))
    weight = parameters["weight"].detach().double().cpu()  # [C, filters / groups, h, w]
    groups: int = layer.fields["groups"]
    group, filter = divmod(unit, weight.shape[1])
    channels = range(group * len(x) // groups, (group + 1) * len(x) // groups)
    patches = {channel: _spread(layer, x[channel].cpu(), place) for channel in channels}
    kernels = {channel: weight[channel, filter].flatten().tolist() for channel in channels}
    totals = {
        channel: sum(
            (cell or 0.0) * weight
            for cell, weight in zip(patches[channel], kernels[channel], strict=True)
        )
        for channel in channels
    }
    strongest = sorted(channels, key=lambda channel: -abs(totals[channel]))
    bias = float(parameters["bias"][unit]) if "bias" in parameters else 0.0
    return {
        "kind": "patch",
        "size": list(layer.fields["kernel"]),
        "parts": [
            {
                "channel": channel,
                "patch": patches[channel],
                "kernel": kernels[channel],
                "total": totals[channel],
            }
            for channel in strongest[:MOST_PARTS]
        ],
        "left": max(0, len(channels) - MOST_PARTS),
        "bias": bias,
        "total": sum(totals.values()) + bias,
    }


def _spread(layer: LayerPlan, source: Tensor, place: int) -> list[float | None]:
    """The cell of a map [H, W] under each weight of the kernel, None where there is none."""
    fields = layer.fields
    size, stride, dilation = fields["kernel"], fields["stride"], fields["dilation"]
    at = divmod(place, layer.output[-1])
    sources: list[list[int | None]] = []
    for axis in (0, 1):
        side, step, wide = source.shape[axis], stride[axis], dilation[axis]
        first = at[axis] + cut(fields["padding"], axis, side, size[axis], step, wide)[0]
        reached = [divmod(first - cell * wide, step) for cell in range(size[axis])]
        sources.append([y if not rest and 0 <= y < side else None for y, rest in reached])
    cells = source.tolist()
    return [None if y is None or x is None else cells[y][x] for y in sources[0] for x in sources[1]]


def moved(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """Where a number was before it was put here; `layer` is None for one that was filled in."""
    if layer.fields.get("mode") == "bilinear":
        return blended(layer, module, inputs, unit, place)
    starts = [sum(each.numel() for each in inputs[:at]) for at in range(len(inputs))]
    named = [
        torch.arange(start, start + each.numel(), dtype=torch.float64).reshape(1, *each.shape)
        for start, each in zip(starts, inputs, strict=True)
    ]
    found = (
        F.pad(named[0], module.pad, value=_FILLED) if isinstance(module, Pad) else module(*named)
    )
    origin = int(found.reshape(layer.output[0], -1)[unit, place])
    if origin < 0:
        return {"kind": "moved", "layer": None, "at": [], "total": float(layer.fields["value"])}
    of = max(at for at, start in enumerate(starts) if start <= origin)
    source, rest = inputs[of], origin - starts[of]
    return {
        "kind": "moved",
        "layer": layer.inputs[of],
        "at": [int(axis) + 1 for axis in torch.unravel_index(torch.tensor(rest), source.shape)],
        "total": float(source.flatten()[rest]),
    }


def blended(
    layer: LayerPlan, module: nn.Module, inputs: list[Tensor], unit: int, place: int
) -> Told | None:
    """The cells that one number lies between, each with its share, which is its derivative."""
    with torch.enable_grad():
        cells = inputs[0].detach()[None].requires_grad_()
        total = module(cells)[0].flatten(1)[unit, place]
        (shares,) = torch.autograd.grad(total, cells)
    flat = shares.flatten()
    products = [
        {"from": int(at), "weight": float(flat[at]), "value": float(inputs[0].flatten()[at])}
        for at in flat.nonzero().flatten()
    ]
    return {
        "kind": "terms",
        "products": products,
        "left": 0,
        "bias": None,
        "total": float(total.detach()),
    }
