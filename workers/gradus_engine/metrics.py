"""What is reported beside the loss. N samples."""

from collections.abc import Callable

import torch
from torch import Tensor


def answers(output: Tensor) -> Tensor:
    """The class [N] that an output [N, units] stands for: the sign of one unit, else the largest."""
    return (output[:, 0] > 0).long() if output.shape[1] == 1 else output.argmax(1)


def truth(target: Tensor) -> Tensor:
    """The class [N] behind an encoded target: an index, a 0/1 or ±1 column, a one-hot row."""
    return target if target.dim() == 1 else answers(target)


def hits(output: Tensor, target: Tensor) -> Tensor:
    """Whether each answer is right: [N], bool."""
    return answers(output) == truth(target)


def accuracy(output: Tensor, target: Tensor) -> float:
    """The fraction of right answers."""
    return float(hits(output, target).to(torch.float64).mean())


def error(output: Tensor, target: Tensor) -> float:
    """The fraction of wrong answers."""
    return 1 - accuracy(output, target)


def r2(output: Tensor, target: Tensor) -> float:
    """1 − Σ(t − z)² / Σ(t − t̄)² over all samples and targets; 0 where the target does not vary."""
    residual = (target - output).double().square().sum()
    spread = (target - target.mean(0)).double().square().sum()
    return float(1 - residual / spread) if spread > 0 else 0.0


METRICS: dict[str, Callable[[Tensor, Tensor], float]] = {
    "accuracy": accuracy,
    "error": error,
    "r2": r2,
}
