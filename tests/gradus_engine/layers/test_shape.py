"""Layers that only rearrange."""

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of


def test_flatten_lays_a_sample_in_one_row():
    assert_equals(
        network_of(["flatten"], (2, 3, 4)), lambda x, p: x.reshape(2, 24), draw(2, 2, 3, 4)
    )
