"""Composites: written by hand, expanded to plain layers before planning."""

from gradus.composites.apply import Apply
from gradus.composites.block import Block
from gradus.composites.branches import Branches
from gradus.composites.composite import Composite
from gradus.composites.each import Each
from gradus.composites.inception import Inception
from gradus.composites.repeat import Repeat
from gradus.composites.residual import Residual
from gradus.composites.transformer import TransformerDecoder, TransformerEncoder

COMPOSITES: dict[str, type[Composite]] = {
    composite.type: composite
    for composite in (
        Repeat,
        Block,
        Branches,
        Residual,
        Inception,
        Apply,
        Each,
        TransformerEncoder,
        TransformerDecoder,
    )
}

__all__ = ["COMPOSITES", "Composite"]
