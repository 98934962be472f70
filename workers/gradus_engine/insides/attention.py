"""What is read by which weight. H heads, L queries, M keys."""

from collections.abc import Mapping

from torch import Tensor

from gradus_engine.insides.look import MOST_HEADS, MOST_STEPS, Look
from gradus_engine.layers.attention import Attention


def weights(look: Look) -> Mapping[str, Tensor]:
    """`weights` and `scores` [H, L, M]; a score that is hidden is −∞."""
    module = look.module
    assert isinstance(module, Attention)
    scores, _ = module.compare(*look.read)
    return {"weights": _shown(look.extra("weights")), "scores": _shown(scores[0])}


def alignment(look: Look) -> Mapping[str, Tensor]:
    """`weights` [1, L, M] of a decoder that attends; nothing of one that does not."""
    return {"weights": _shown(look.extra("weights")[None])} if "weights" in look.plan.extras else {}


def _shown(matrices: Tensor) -> Tensor:
    return matrices[:MOST_HEADS, :MOST_STEPS, :MOST_STEPS]
