"""The worked examples of the guide, built and run: the shape is the stated one."""

import pytest
import torch

from gradus.composites import COMPOSITES
from gradus.layers import LAYERS
from gradus.plan import plan
from gradus.planned import ANY
from gradus.worked import worked
from gradus_engine.build import build

KINDS = LAYERS | COMPOSITES
LENGTH = 6  # of what may have any length


@pytest.mark.parametrize("type", KINDS)
def test_one_pass_gives_the_shape_that_the_guide_states(type):
    shown = worked(KINDS[type])
    planned = plan(shown.document)
    network = build(planned, seed=1).eval()
    generator = torch.Generator().manual_seed(1)
    given = {}
    for name, shape in planned.network.inputs.items():
        sizes = [2, *(size if size != ANY else LENGTH for size in shape)]
        whole = planned.network.dtypes.get(name) == "int64"
        # From 0 to 1, which a neighbourhood may be weighed by too.
        given[name] = (
            torch.randint(0, 9, sizes, generator=generator)
            if whole
            else torch.rand(sizes, generator=generator)
        )
    with torch.no_grad():
        y = network(given if len(given) > 1 else next(iter(given.values())))
    assert tuple(y.shape) == (2, *(size if size != ANY else LENGTH for size in shown.output))
    assert torch.isfinite(y).all()
