"""Worked examples: each shows the layer that it stands beside, by numbers worked out by hand."""

import pytest

from gradus.composites import COMPOSITES
from gradus.layers import LAYERS
from gradus.worked import worked

KINDS = LAYERS | COMPOSITES


@pytest.mark.parametrize("type", KINDS)
def test_the_last_entry_is_of_the_type_that_it_shows(type: str) -> None:
    last = worked(KINDS[type]).document["network"]["layers"][-1]
    assert (last if isinstance(last, str) else last["type"]) == type


@pytest.mark.parametrize(
    ("type", "parameters"),
    [
        ("linear", 3 * 4 + 3),
        ("conv2d", 16 * 3 * 25 + 16),
        ("add", 0),  # the layer before it has some, which are not its own
        ("batch_norm", 2 * 16),
        ("embedding_bag", 150 * 8),
        ("attention", 16 * (2 * 16 + 16 + 16) + 3 * 16 + 16),
        ("lstm", 2 * 4 * 5 * (3 + 5 + 2)),
        ("gru", 3 * 5 * (3 + 5 + 2) + 3 * 5 * (5 + 5 + 2)),
        ("block", 8 * 8 + 8),
        ("residual", 32 * 16 * 9 + 2 * 32 + 16 * 32 + 2 * 32),
        ("transformer_encoder", 2 * (4 * 16**2 + 9 * 16 + 2 * 16 * 64 + 64)),
        ("transformer_decoder", 8 * 16**2 + 15 * 16 + 2 * 16 * 64 + 64),
    ],
)
def test_parameters_are_those_of_the_formula_under_counts(type: str, parameters: int) -> None:
    assert worked(KINDS[type]).parameters == parameters
