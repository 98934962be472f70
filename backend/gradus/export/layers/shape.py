"""Layers that only rearrange."""

from gradus.export.code import Code, Raw, brief, call, function, unless
from gradus.planned import LayerPlan

X = Raw("{0}")


def flatten(layer: LayerPlan) -> Code:
    return function("{0}.flatten(1)", "nn.Flatten()")


def reshape(layer: LayerPlan) -> Code:
    layer.fields["shape"]
    sizes = ", ".join(str(size) for size in layer.output)
    flat = len(layer.input_shapes[0]) == 1 and len(layer.output) > 1
    return function(
        f"{{0}}.reshape(-1, {sizes})",
        call("nn.Unflatten", 1, tuple(layer.output)) if flat else "",
    )


def permute(layer: LayerPlan) -> Code:
    axes = ", ".join(str(axis + 1) for axis in layer.fields["axes"])
    return function(f"{{0}}.permute(0, {axes})")


def upsample(layer: LayerPlan) -> Code:
    factor = brief(layer.fields["factor"])
    mode = unless(layer.fields["mode"], "nearest")
    return function(
        call("F.interpolate", X, scale_factor=factor, mode=mode),
        call("nn.Upsample", scale_factor=factor, mode=mode),
    )


def pad(layer: LayerPlan) -> Code:
    fields = layer.fields
    added = [fields["channels"], *fields["sides"]]
    flat = tuple(cells for both in reversed(added) for cells in both)
    while len(flat) > 2 and flat[-2:] == (0, 0):  # what torch is not told it does not pad
        flat = flat[:-2]
    value = unless(float(fields["value"]), 0.0)
    kind = f"nn.ConstantPad{len(flat) // 2}d"
    text = call(kind, flat, value or 0.0) if len(flat) <= 6 else ""
    return function(call("F.pad", X, flat, value=value), text)


def select(layer: LayerPlan) -> Code:
    axis, index = layer.fields["axis"], layer.fields["index"]
    if axis == 0:
        return function(f"{{0}}[:, {index}]")
    return function(f"{{0}}.select({axis + 1}, {index})")
