"""Pooling."""

from gradus.export.code import MINUS_INFINITY, Code, Step, brief, call, function, module, unless
from gradus.export.layers import window
from gradus.planned import LayerPlan

HOLLOW = '''
class Hollow(nn.Module):
    """0 where a window of a pool before it lay on padding alone."""

    def forward(self, x):
        return x.masked_fill(x == float("-inf"), 0)
'''
INSIDE = '''
class MeanInside{0}(nn.AvgPool{0}):
    """The mean of each window over the cells inside; 0 for a window that has none."""

    def __init__(self, size, stride, pad):
        super().__init__(size, stride)
        self.pad = pad

    def forward(self, x):
        inside = super().forward(F.pad(torch.ones_like(x[:1, :1]), self.pad))
        means = super().forward(F.pad(x, self.pad))
        return means * torch.where(inside > 0, 1 / inside, 0)
'''

MASKED_MEAN = '''
class MaskedMean(nn.Module):
    """The mean of each map over the cells that a mask [N, …] counts: [N, C, …] → [N, C]."""

    def forward(self, x, mask):
        counts = (mask != 0).to(x.dtype).flatten(1).unsqueeze(1)
        return (x.flatten(2) * counts).sum(2) / counts.sum(2).clamp(min=1)
'''
MASKED_MAX = '''
class MaskedMax(nn.Module):
    """The largest value of each map of those that a mask [N, …] counts: [N, C, …] → [N, C]."""

    def forward(self, x, mask):
        hidden = (mask == 0).flatten(1).unsqueeze(1)
        y = x.flatten(2).masked_fill(hidden, float("-inf")).amax(2)
        return y.masked_fill(y == float("-inf"), 0)
'''


def _cells(layer: LayerPlan) -> window.Sides:
    fields = layer.fields
    return window.added(fields["padding"], layer.input_shapes[0], fields["size"], fields["stride"])


def _pooled(layer: LayerPlan, kind: str, **more: object) -> str:
    size, stride = brief(layer.fields["size"]), brief(layer.fields["stride"])
    return call(f"nn.{kind}", size, stride=unless(stride, size), **more)


def _torch_pads(layer: LayerPlan, cells: window.Sides) -> bool:
    """Whether torch's own padding does it, which it refuses beyond half a window."""
    sizes = layer.fields["size"]
    return window.even(cells) and all(2 * a <= k for (a, _), k in zip(cells, sizes, strict=True))


def _max_pool(layer: LayerPlan, axes: int) -> Code:
    cells, kind = _cells(layer), f"MaxPool{axes}d"
    if _torch_pads(layer, cells):
        inside = unless(brief([before for before, _ in cells]), 0)
        return module(_pooled(layer, kind, padding=inside))
    code = window.padding(cells, MINUS_INFINITY).then(module(_pooled(layer, kind)))
    sizes = layer.fields["size"]
    if any(max(both) >= side for both, side in zip(cells, sizes, strict=True)):
        return code.then(Code((Step("Hollow()", suffix="hollow"),), (HOLLOW,)))
    return code


def _avg_pool(layer: LayerPlan, axes: int) -> Code:
    cells, kind = _cells(layer), f"AvgPool{axes}d"
    if not any(map(any, cells)):
        return module(_pooled(layer, kind))
    if _torch_pads(layer, cells):
        inside = brief([before for before, _ in cells])
        return module(_pooled(layer, kind, padding=inside, count_include_pad=False))
    pad = tuple(each for both in reversed(cells) for each in both)
    size, stride = brief(layer.fields["size"]), brief(layer.fields["stride"])
    return module(call(f"MeanInside{axes}d", size, stride, pad), INSIDE.format(f"{axes}d"))


def max_pool1d(layer: LayerPlan) -> Code:
    return _max_pool(layer, 1)


def max_pool2d(layer: LayerPlan) -> Code:
    return _max_pool(layer, 2)


def avg_pool1d(layer: LayerPlan) -> Code:
    return _avg_pool(layer, 1)


def avg_pool2d(layer: LayerPlan) -> Code:
    return _avg_pool(layer, 2)


def adaptive_avg_pool2d(layer: LayerPlan) -> Code:
    return module(call("nn.AdaptiveAvgPool2d", brief(layer.fields["size"])))


def adaptive_max_pool2d(layer: LayerPlan) -> Code:
    return module(call("nn.AdaptiveMaxPool2d", brief(layer.fields["size"])))


def global_avg_pool(layer: LayerPlan) -> Code:
    if len(layer.inputs) > 1:
        return module("MaskedMean()", MASKED_MEAN)
    return _whole(layer, "Avg", "mean")


def global_max_pool(layer: LayerPlan) -> Code:
    if len(layer.inputs) > 1:
        return module("MaskedMax()", MASKED_MAX)
    return _whole(layer, "Max", "amax")


def _whole(layer: LayerPlan, kind: str, reduce: str) -> Code:
    axes = len(layer.input_shapes[0]) - 1
    if axes not in (1, 2, 3):
        return function(f"{{0}}.flatten(2).{reduce}(2)")
    pool = Step(f"nn.Adaptive{kind}Pool{axes}d(1)", f"{{0}}.flatten(2).{reduce}(2)")
    # In a chain the pool leaves axes of length 1; in a forward pass they are gone already.
    return Code((pool, Step("nn.Flatten()", "{0}", "flat")))
