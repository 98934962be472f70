"""The feed-forward net of a Transformer as it is planned."""

from tests.gradus.layers.planned import planned


def test_two_linear_layers_are_used_again_at_every_step() -> None:
    layer = planned({"type": "feed_forward", "hidden": 64}, [7, 16])
    assert layer.output == (7, 16)
    assert layer.parameter_count == 2 * 16 * 64 + 64 + 16
    assert layer.multiply_adds == 7 * 2 * 16 * 64
