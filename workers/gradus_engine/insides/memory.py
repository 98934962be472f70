"""What a memory looks at. P passes, F facts, S slots, T sentences."""

from collections.abc import Mapping

import torch
from torch import Tensor

from gradus_engine.insides.look import MOST_STEPS, MOST_UNITS, Look
from gradus_engine.layers.memory import EntityMemory


def passes(look: Look) -> Mapping[str, Tensor]:
    """`gates` [P, F]: how far each pass lets each fact in, and the `scores` [P, F] that they are the
    sigmoids of; −∞ where a mask passes a fact over.
    """
    gates = look.extra("gates")[:, :MOST_STEPS]
    return {"gates": gates, "scores": torch.logit(gates)}


def slots(look: Look) -> Mapping[str, Tensor]:
    """`gates` [S, T]: how far each sentence is written to each slot, the sigmoid of what content
    (`held`) and key (`keyed`) answer to it; `weights` [S] of the answer, the softmax of `scores` [S].
    """
    module = look.module
    assert isinstance(module, EntityMemory)
    sentences, question = look.read[0][0], look.read[1][0]
    gates = look.extra("gates").T
    keyed = module.keys @ sentences.T
    shown = {"gates": gates, "keyed": keyed, "held": torch.logit(gates) - keyed}
    return {
        **{name: values[:MOST_UNITS, :MOST_STEPS] for name, values in shown.items()},
        "weights": look.extra("weights")[:MOST_UNITS],
        "scores": (look.extra("memory") @ question)[:MOST_UNITS],
    }
