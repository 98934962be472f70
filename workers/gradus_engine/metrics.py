"""What is reported beside the loss. N samples."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
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


def top5(output: Tensor, target: Tensor) -> float:
    """The fraction of samples whose class is among the five largest outputs."""
    likeliest = output.topk(5, dim=1).indices
    found = (likeliest == truth(target).unsqueeze(1)).any(1)
    return float(found.to(torch.float64).mean())


def exact_match(output: Tensor, target: Tensor) -> float:
    """The fraction of samples of which everything is right: each step of [N, steps, classes]."""
    if output.dim() < 3:
        return accuracy(output, target)
    right = (output.argmax(-1) == target).flatten(1).all(1)
    return float(right.to(torch.float64).mean())


def perplexity(output: Tensor, target: Tensor) -> float:
    """exp of the mean cross-entropy: how many classes it is as unsure as an even choice among."""
    entropy = F.cross_entropy(output.flatten(0, -2).double(), target.flatten())
    return float(entropy.exp())


def confusion(output: Tensor, target: Tensor, classes: int) -> Tensor:
    """How often each class (row) got each answer (column): [classes, classes], whole numbers."""
    cells = torch.bincount(truth(target) * classes + answers(output), minlength=classes**2)
    return cells.view(classes, classes)


def purity(output: Tensor, target: Tensor) -> float:
    """The fraction of samples of the class that is most frequent in their cluster [N, clusters]."""
    clusters, classes = output.argmax(1), int(target.max()) + 1
    cells = torch.bincount(clusters * classes + target, minlength=output.shape[1] * classes)
    return float(cells.view(-1, classes).amax(1).sum() / len(target))


def r2(output: Tensor, target: Tensor) -> float:
    """1 − Σ(t − z)² / Σ(t − t̄)² over all samples and targets; 0 where the target does not vary."""
    residual = (target - output).double().square().sum()
    spread = (target - target.mean(0)).double().square().sum()
    return float(1 - residual / spread) if spread > 0 else 0.0


METRICS: dict[str, Callable[[Tensor, Tensor], float]] = {
    "accuracy": accuracy,
    "error": error,
    "top5": top5,
    "exact_match": exact_match,
    "perplexity": perplexity,
    "purity": purity,
    "r2": r2,
}
