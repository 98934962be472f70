"""Tables of vectors. R rows, D units, L steps."""

from collections.abc import Mapping

from torch import Tensor

from gradus_engine.insides.look import MOST_STEPS, MOST_UNITS, Look
from gradus_engine.layers.embedding import Embedding, EmbeddingBag, PositionalEncoding


def table(look: Look) -> Mapping[str, Tensor]:
    """`table` [R, D], the `norms` [R] of its rows, and the rows `ids` [L] that the sample reads."""
    module = look.module
    assert isinstance(module, Embedding | EmbeddingBag)
    rows = module.weight[:MOST_UNITS]
    ids = look.read[0][0].flatten()[:MOST_STEPS]
    return {"table": rows[:, :MOST_UNITS], "norms": rows.norm(dim=1), "ids": ids}


def places(look: Look) -> Mapping[str, Tensor]:
    """`places` [L, D]: what is added to each step."""
    module = look.module
    assert isinstance(module, PositionalEncoding)
    return {"places": module.places(look.read[0])[:MOST_STEPS, :MOST_UNITS]}
