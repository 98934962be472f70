"""Losses on a batch and the form of target that each one reads.

N samples, C classes. Every loss is a mean over the batch, and with `reduction="none"` it is what
that mean is taken over.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from gradus.planned import DatasetPlan, LossPlan, Shape

# Called with output, target and further values as the plan names them, and with `reduction`: "mean"
# gives a scalar, "none" [N] or [N, *output].
Loss = Callable[..., Tensor]


def cross_entropy(fields: Mapping[str, Any]) -> Loss:
    """−log softmax(z)[t] for scores z [N, C] and classes t [N]."""
    return F.cross_entropy


def binary_cross_entropy(fields: Mapping[str, Any]) -> Loss:
    """−t log σ(z) − (1 − t) log(1 − σ(z)) for logits and targets of one shape."""
    return F.binary_cross_entropy_with_logits


def mse(fields: Mapping[str, Any]) -> Loss:
    """(z − t)² averaged over all elements, or half of it with `half`."""
    if not fields.get("half", False):
        return F.mse_loss
    return _half_mse


def mae(fields: Mapping[str, Any]) -> Loss:
    """|z − t| averaged over all elements."""
    return F.l1_loss


def huber(fields: Mapping[str, Any]) -> Loss:
    """(z − t)² / 2 where |z − t| ≤ δ, else δ (|z − t| − δ / 2), averaged over all elements."""
    return partial(F.huber_loss, delta=fields["delta"])


def hinge(fields: Mapping[str, Any]) -> Loss:
    """max(0, 1 − t z) for one unit and t = ±1; else Σ max(0, 1 − z_t + z_j) over the classes j ≠ t."""
    return _hinge


def kl_normal(fields: Mapping[str, Any]) -> Loss:
    """½ Σ (μ² + σ² − log σ² − 1) over the units, for the μ and log σ² [N, *units] of a draw."""
    return _kl_normal


def contrastive(fields: Mapping[str, Any]) -> Loss:
    """½ d² for a pair that belongs together, ½ max(0, margin − d)² for others; d their distance.

    With a second output a pair is a sample's two and class 1 says that they belong together; else
    it is two samples of the batch, which do if they are of one class.
    """
    return partial(_contrastive, fields["margin"])


def _kl_normal(
    output: Tensor,
    target: Tensor,
    mean: Tensor,
    log_variance: Tensor,
    /,
    *,
    reduction: str = "mean",
) -> Tensor:
    each = (mean.square() + log_variance.exp() - log_variance - 1).flatten(1).sum(1) / 2  # [N]
    return each if reduction == "none" else each.mean()


def _contrastive(
    margin: float, output: Tensor, target: Tensor, /, *other: Tensor, reduction: str = "mean"
) -> Tensor:
    points = output.flatten(1)  # [N, D]
    if other:
        distance = _length(points - other[0].flatten(1))
        each = _pairwise(distance, target == 1, margin)
    else:
        distance = _length(points.unsqueeze(1) - points.unsqueeze(0))  # [N, N]
        pairs = _pairwise(distance, target.unsqueeze(1) == target, margin)
        apart = 1 - torch.eye(len(points), dtype=pairs.dtype, device=pairs.device)
        # A batch of one sample has no pair.
        each = (pairs * apart).sum(1) / max(1, len(points) - 1)
    return each if reduction == "none" else each.mean()


def _length(vectors: Tensor) -> Tensor:
    """Euclidean lengths over the last axis, with gradient 0 where they are 0."""
    square = vectors.square().sum(-1)
    nothing = square == 0
    return torch.where(nothing, 0, torch.where(nothing, 1, square).sqrt())


def _pairwise(distance: Tensor, together: Tensor, margin: float) -> Tensor:
    return torch.where(together, distance.square(), F.relu(margin - distance).square()) / 2


def _half_mse(output: Tensor, target: Tensor, /, *, reduction: str = "mean") -> Tensor:
    return F.mse_loss(output, target, reduction=reduction) * 0.5


def _hinge(output: Tensor, target: Tensor, /, *, reduction: str = "mean") -> Tensor:
    if target.dim() > 1:
        losses = F.relu(1 - target * output)
        return losses if reduction == "none" else losses.mean()
    # torch divides by the number of classes, the formula does not.
    return F.multi_margin_loss(output, target, reduction=reduction) * output.shape[1]


def value(fields: Mapping[str, Any]) -> Loss:
    """What is given is itself what is made small, such as the value of a plain function."""
    return _value


def _value(output: Tensor, target: Tensor, /, *, reduction: str = "mean") -> Tensor:
    return output if reduction == "none" else output.mean()


LOSSES: dict[str, Callable[[Mapping[str, Any]], Loss]] = {
    "value": value,
    "cross_entropy": cross_entropy,
    "binary_cross_entropy": binary_cross_entropy,
    "mse": mse,
    "mae": mae,
    "huber": huber,
    "hinge": hinge,
    "kl_normal": kl_normal,
    "contrastive": contrastive,
}


def encode(targets: Tensor, loss: LossPlan, dataset: DatasetPlan, output: Shape) -> Tensor:
    """Targets as `loss` reads them beside an output of shape [N, *output].

    Classes stay indices for cross-entropy, a hinge with a unit a class and pairs, and become 0 and 1 for
    binary cross-entropy; else −1 and +1 with one unit, one-hot rows with a unit a class.
    """
    if dataset.task == "regression":
        return targets.reshape(-1, *output)
    if loss.type in ("cross_entropy", "contrastive") or (loss.type == "hinge" and output != (1,)):
        return targets
    if loss.type == "binary_cross_entropy":
        return _binary(targets, output)
    if output == (1,):
        return _binary(targets, output) * 2 - 1
    return F.one_hot(targets, output[0]).to(torch.get_default_dtype())


def _binary(targets: Tensor, output: Shape) -> Tensor:
    if output == (1,):
        return targets.to(torch.get_default_dtype()).unsqueeze(1)
    return F.one_hot(targets, output[0]).to(torch.get_default_dtype())
