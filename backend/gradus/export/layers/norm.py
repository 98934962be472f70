"""Normalization."""

from gradus.export.code import Code, call, module, unless
from gradus.export.layers.activations import activated
from gradus.layers.norm import LayerNorm
from gradus.planned import LayerPlan

LONE = '''
class BatchNorm{0}(nn.BatchNorm{0}):
    """Takes its running statistics for a batch of one value a channel, which has no variance."""

    def forward(self, x):
        if not self.training or x.numel() > x.shape[1]:
            return super().forward(x)
        return F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps
        )
'''
WITHIN = '''
class LocalResponseNorm(nn.Module):
    """x / (k + alpha Σ x'²)^beta over neighbours along the given axes, clipped at the borders."""

    def __init__(self, size, alpha, beta, k, axes):
        super().__init__()
        self.size, self.alpha, self.beta, self.k, self.axes = size, alpha, beta, k, axes

    def forward(self, x):
        squares = x.square()
        for axis in self.axes:
            padded = F.pad(squares.movedim(axis, -1), (self.size // 2, (self.size - 1) // 2))
            squares = padded.unfold(-1, self.size, 1).sum(-1).movedim(-1, axis)
        return x * (self.k + self.alpha * squares).pow(-self.beta)
'''


def batch_norm(layer: LayerPlan, lone: bool = False) -> Code:
    """`lone`: some batch has a single sample, of which a row has no variance."""
    fields, shape = layer.fields, layer.input_shapes[0]
    axes = f"{max(1, len(shape) - 1)}d"
    cells = shape[1:]
    alone = lone and all(size in (0, 1) for size in cells)
    text = call(
        f"BatchNorm{axes}" if alone else f"nn.BatchNorm{axes}",
        shape[0],
        eps=unless(fields["eps"], 1e-5),
        momentum=unless(fields["momentum"], 0.1),
        affine=unless(fields["affine"], True),
    )
    code = module(text, *([LONE.format(axes)] if alone else []))
    return activated(code, fields["activation"])


def layer_norm(layer: LayerPlan) -> Code:
    fields = layer.fields
    shape = LayerNorm(axes=fields["axes"]).normalized(layer.input_shapes[0])
    text = call(
        "nn.LayerNorm",
        shape[0] if len(shape) == 1 else tuple(shape),
        eps=unless(fields["eps"], 1e-5),
        elementwise_affine=unless(fields["affine"], True),
    )
    return activated(module(text), fields["activation"])


def group_norm(layer: LayerPlan) -> Code:
    fields = layer.fields
    text = call(
        "nn.GroupNorm",
        fields["groups"],
        layer.input_shapes[0][0],
        eps=unless(fields["eps"], 1e-5),
        affine=unless(fields["affine"], True),
    )
    return activated(module(text), fields["activation"])


def local_response_norm(layer: LayerPlan) -> Code:
    fields, rank = layer.fields, len(layer.input_shapes[0])
    size, alpha, beta, k = (fields[name] for name in ("size", "alpha", "beta", "k"))
    if fields["across"] == "channels":
        # Torch takes the mean of the neighbours' squares, the paper their sum.
        return module(call("nn.LocalResponseNorm", size, alpha=size * alpha, beta=beta, k=k))
    axes = tuple(range(2, rank + 1))
    return module(call("LocalResponseNorm", size, alpha, beta, k, axes), WITHIN)
