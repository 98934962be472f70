"""Presets: sound, titled in both languages, and without advice."""

import pytest

from gradus.plan import plan
from gradus.presets import DEFAULT, PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_sound_and_nothing_is_to_be_said_of_it(name: str) -> None:
    preset = PRESETS[name]
    assert plan(preset.document).advice == ()
    assert preset.title.keys() == {"en", "zh"}


def test_the_page_opens_on_the_first() -> None:
    assert next(iter(PRESETS)) == DEFAULT


def test_the_default_is_the_net_of_the_budgets() -> None:
    planned = plan(PRESETS[DEFAULT].document)
    assert [layer.output for layer in planned.network.layers] == [(7,), (8,), (8,), (1,)]
    assert planned.train.batch_size == 10
    assert planned.dataset is not None
    assert planned.dataset.sizes["train"] == 250
