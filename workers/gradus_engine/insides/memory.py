"""What a memory looks at. P passes, F facts, S slots, T sentences."""

from collections.abc import Mapping

from torch import Tensor

from gradus_engine.insides.look import MOST_STEPS, MOST_UNITS, Look


def passes(look: Look) -> Mapping[str, Tensor]:
    """`gates` [P, F]: how far each pass lets each fact in."""
    return {"gates": look.extra("gates")[:, :MOST_STEPS]}


def slots(look: Look) -> Mapping[str, Tensor]:
    """`gates` [S, T]: how far each sentence is written to each slot; `weights` [S] of the answer."""
    return {
        "gates": look.extra("gates").T[:MOST_UNITS, :MOST_STEPS],
        "weights": look.extra("weights")[:MOST_UNITS],
    }
