"""Transposed convolution against a loop that spreads every input cell."""

import numpy as np
import pytest

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of


def spread(x, weight, bias, *, stride=(1, 1), cut=((0, 0), (0, 0)), dilation=(1, 1), groups=1):
    """[N, C, H, W] → [N, F, H', W']; `cut` cells are taken off each end, negative ones added."""
    (channels, each, kh, kw), (sh, sw), (dh, dw) = weight.shape, stride, dilation
    height, width = x.shape[2:]
    full = np.zeros(
        (
            len(x),
            each * groups,
            (height - 1) * sh + dh * (kh - 1) + 1,
            (width - 1) * sw + dw * (kw - 1) + 1,
        )
    )
    for c in range(channels):
        first = c // (channels // groups) * each
        for i in range(height):
            for j in range(width):
                for u in range(kh):
                    for v in range(kw):
                        cell = full[:, first : first + each, i * sh + u * dh, j * sw + v * dw]
                        cell += x[:, c, i, j][:, None] * weight[c, :, u, v]
    for axis, (before, behind) in enumerate(cut, start=2):
        size = full.shape[axis]
        full = np.take(full, range(before, size - max(0, behind)), axis)
        ends = [(0, max(0, -behind)) if a == axis else (0, 0) for a in range(4)]
        full = np.pad(full, ends)
    return full + bias.reshape(1, -1, 1, 1)


CASES = {
    "full": ({"padding": "valid"}, {}),
    "same": ({}, {"cut": ((1, 1), (1, 1))}),
    "same doubles": ({"stride": 2}, {"stride": (2, 2), "cut": ((0, 1), (0, 1))}),
    "numbers": (
        {"stride": 2, "kernel": 4, "padding": [1, 0]},
        {"stride": (2, 2), "cut": ((1, 1), (0, 0))},
    ),
    "cells behind": (
        {"stride": [2, 3], "padding": 1, "output_padding": [1, 2]},
        {"stride": (2, 3), "cut": ((1, 0), (1, -1))},
    ),
    "dilation": (
        {"dilation": 2, "padding": "symmetric"},
        {"dilation": (2, 2), "cut": ((2, 2),) * 2},
    ),
    "groups": ({"groups": 2, "padding": "valid"}, {"groups": 2}),
    "gaps stay empty": (
        {"stride": 3, "kernel": 1},
        {"stride": (3, 3), "cut": ((0, -2), (0, -2))},
    ),
}


@pytest.mark.proves("B1.transposed")
@pytest.mark.parametrize("case", CASES)
def test_transposed_convolution_spreads_every_cell(case):
    fields, how = CASES[case]
    network = network_of([{"type": "conv_transpose2d", "filters": 4, **fields}], (2, 3, 4))

    def formula(x, p):
        return spread(x, p["conv_transpose2d_1.weight"], p["conv_transpose2d_1.bias"], **how)

    assert_equals(network, formula, draw(2, 2, 3, 4))


@pytest.mark.proves("B1.transposed")
def test_along_a_line_it_does_the_same():
    layer = {"type": "conv_transpose1d", "filters": 3, "stride": 2, "activation": "tanh"}

    def formula(x, p):
        weight = p["conv_transpose1d_1.weight"][:, :, None]
        bias = p["conv_transpose1d_1.bias"]
        how = {"stride": (1, 2), "cut": ((0, 0), (0, 1))}
        return np.tanh(spread(x[:, :, None], weight, bias, **how))[:, :, 0]

    assert_equals(network_of([layer], (2, 5)), formula, draw(2, 2, 5))
