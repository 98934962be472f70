"""Layers that only rearrange."""

import numpy as np

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of


def test_flatten_lays_a_sample_in_one_row():
    assert_equals(
        network_of(["flatten"], (2, 3, 4)), lambda x, p: x.reshape(2, 24), draw(2, 2, 3, 4)
    )


def test_reshape_keeps_the_order_of_the_numbers():
    network = network_of([{"type": "reshape", "shape": [2, -1, 2]}], (3, 4))
    assert_equals(network, lambda x, p: x.reshape(2, 2, 3, 2), draw(2, 3, 4))


def test_permute_puts_the_axes_in_another_order():
    network = network_of([{"type": "permute", "axes": [2, 0, 1]}], (2, 3, 4))
    assert_equals(network, lambda x, p: x.transpose(0, 3, 1, 2), draw(2, 2, 3, 4))


def test_upsampling_repeats_cells():
    network = network_of([{"type": "upsample", "factor": [2, 3]}], (2, 2, 3))
    assert_equals(network, lambda x, p: x.repeat(2, axis=2).repeat(3, axis=3), draw(2, 2, 2, 3))


def test_upsampling_blends_between_the_middles_of_cells():
    network = network_of([{"type": "upsample", "mode": "bilinear"}], (1, 1, 3))

    def formula(x, p):
        a, b, c = x[:, :, :, 0], x[:, :, :, 1], x[:, :, :, 2]
        row = [a, (3 * a + b) / 4, (a + 3 * b) / 4, (3 * b + c) / 4, (b + 3 * c) / 4, c]
        return np.stack(row, axis=3).repeat(2, axis=2)

    assert_equals(network, formula, draw(2, 1, 1, 3))


def test_pad_adds_cells_and_channels_of_one_value():
    layer = {"type": "pad", "sides": [[1, 0], [0, 2]], "channels": [0, 1], "value": 0.7}

    def formula(x, p):
        return np.pad(x, ((0, 0), (0, 1), (1, 0), (0, 2)), constant_values=0.7)

    assert_equals(network_of([layer], (2, 2, 3)), formula, draw(2, 2, 2, 3))


def test_select_takes_one_slice_counted_from_either_end():
    first = network_of([{"type": "select", "axis": 1, "index": 0}], (3, 4))
    last = network_of(["select"], (3, 4))
    assert_equals(first, lambda x, p: x[:, :, 0], draw(2, 3, 4))
    assert_equals(last, lambda x, p: x[:, -1], draw(2, 3, 4))
