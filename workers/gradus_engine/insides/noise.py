"""What dropout leaves."""

from collections.abc import Mapping

import torch
from torch import Tensor

from gradus_engine.insides.look import Look
from gradus_engine.layers.dropout import Dropout, Dropout2d

MOST_NUMBERS = 1024


def mask(look: Look) -> Mapping[str, Tensor]:
    """`mask` [units]: 1 for what the first sample of the step's batch keeps, else 0; `kept` [1],
    its share in the whole batch. A picture [C, H, W] has its cells one behind the other.
    """
    module = look.module
    assert isinstance(module, Dropout | Dropout2d)
    like = look.read[0][:1].expand(look.batch, *look.read[0].shape[1:])
    kept = module.mask(like.contiguous()) if module.rate else torch.ones_like(like)
    return {"mask": kept[0].flatten()[:MOST_NUMBERS], "kept": kept.mean()[None]}
