"""Pooling against a loop over every window."""

import numpy as np
import pytest
import torch

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of


def windows(x, size, stride, pads, reduce):
    """[N, C, H, W] → [N, C, H', W']; cells outside the picture are NaN to `reduce`."""
    (kh, kw), (sh, sw) = size, stride
    padded = np.pad(x, ((0, 0), (0, 0), *pads), constant_values=np.nan)
    height, width = (padded.shape[2] - kh) // sh + 1, (padded.shape[3] - kw) // sw + 1
    y = np.empty((*x.shape[:2], height, width))
    for i in range(height):
        for j in range(width):
            window = padded[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
            y[:, :, i, j] = reduce(window, axis=(2, 3))
    return y


CASES = {
    "halving": ({}, (2, 2), (2, 2), ((0, 0), (0, 0))),
    "overlapping": ({"size": 3, "stride": 2}, (3, 3), (2, 2), ((0, 0), (0, 0))),
    "same": ({"padding": "same"}, (2, 2), (2, 2), ((0, 1), (0, 0))),
    "symmetric": ({"size": 3, "padding": "symmetric"}, (3, 3), (3, 3), ((1, 1), (1, 1))),
    "numbers": ({"size": [3, 2], "padding": [1, 0]}, (3, 2), (3, 2), ((1, 1), (0, 0))),
    "thirds": ({"size": 4, "stride": 1, "padding": "same"}, (4, 4), (1, 1), ((1, 2), (1, 2))),
}


@pytest.mark.proves("B2.loop")
@pytest.mark.parametrize("case", CASES)
def test_max_pooling_takes_the_largest_of_each_window(case):
    fields, size, stride, pads = CASES[case]
    network = network_of([{"type": "max_pool2d", **fields}], (2, 5, 6))
    assert_equals(network, lambda x, p: windows(x, size, stride, pads, np.nanmax), draw(2, 2, 5, 6))


@pytest.mark.proves("B2.loop")
@pytest.mark.parametrize("case", CASES)
def test_average_pooling_counts_only_cells_inside_the_picture(case):
    fields, size, stride, pads = CASES[case]
    network = network_of([{"type": "avg_pool2d", **fields}], (2, 5, 6))
    assert_equals(
        network, lambda x, p: windows(x, size, stride, pads, np.nanmean), draw(2, 2, 5, 6)
    )


@pytest.mark.proves("B2.global")
def test_global_pools_reduce_each_whole_map():
    x = draw(2, 3, 4, 5)
    assert_equals(network_of(["global_avg_pool"], (3, 4, 5)), lambda x, p: x.mean(axis=(2, 3)), x)
    assert_equals(network_of(["global_max_pool"], (3, 4, 5)), lambda x, p: x.max(axis=(2, 3)), x)


@pytest.mark.proves("B2.loop")
def test_padding_never_wins_a_window_of_negative_numbers():
    network = network_of([{"type": "max_pool2d", "padding": "same"}], (1, 3, 3))
    expected = windows(-np.abs(draw(1, 1, 3, 3)), (2, 2), (2, 2), ((0, 1), (0, 1)), np.nanmax)
    assert (expected < 0).all()
    assert_equals(
        network,
        lambda x, p: windows(x, (2, 2), (2, 2), ((0, 1), (0, 1)), np.nanmax),
        -np.abs(draw(1, 1, 3, 3)),
    )


@pytest.mark.proves("B2.loop")
@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
def test_a_window_on_padding_alone_gives_0(name):
    network = network_of([{"type": name, "padding": 2}], (1, 2, 2))
    reduce = {"max_pool2d": np.max, "avg_pool2d": np.mean}[name]

    def formula(x, p):
        y = np.zeros((len(x), 1, 3, 3))
        y[:, 0, 1, 1] = reduce(x, axis=(1, 2, 3))
        return y

    assert_equals(network, formula, draw(2, 1, 2, 2))


@pytest.mark.proves("B2.loop")
@pytest.mark.parametrize(("name", "reduce"), [("max", np.nanmax), ("avg", np.nanmean)])
def test_along_a_line_a_window_slides_the_same_way(name, reduce):
    layer = {"type": f"{name}_pool1d", "size": 3, "stride": 2, "padding": "same"}

    def formula(x, p):
        return windows(x[:, :, None], (1, 3), (1, 2), ((0, 0), (1, 1)), reduce)[:, :, 0]

    assert_equals(network_of([layer], (2, 7)), formula, draw(2, 2, 7))


def evenly(x, size, reduce):
    """[N, C, H, W] → [N, C, *size]: window i runs from ⌊i·H/h⌋ to ⌈(i+1)·H/h⌉."""
    (h, w), (height, width) = size, x.shape[2:]
    y = np.empty((*x.shape[:2], h, w))
    for i in range(h):
        for j in range(w):
            rows = slice(i * height // h, -(-(i + 1) * height // h))
            columns = slice(j * width // w, -(-(j + 1) * width // w))
            y[:, :, i, j] = reduce(x[:, :, rows, columns], axis=(2, 3))
    return y


@pytest.mark.proves("B2.adaptive")
@pytest.mark.parametrize(("name", "reduce"), [("max", np.max), ("avg", np.mean)])
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (4, 7)])
def test_adaptive_pools_share_the_picture_out_evenly(name, reduce, size):
    layer = {"type": f"adaptive_{name}_pool2d", "size": list(size)}
    network = network_of([layer], (2, 5, 6))
    assert_equals(network, lambda x, p: evenly(x, size, reduce), draw(2, 2, 5, 6))


@pytest.mark.proves("B2.worked")
@pytest.mark.parametrize(
    ("name", "pooled"),
    [("max_pool2d", [[6, 8], [3, 4]]), ("avg_pool2d", [[3.25, 5.25], [2, 2]])],
)
def test_a_picture_of_4_by_4_becomes_one_of_2_by_2(name, pooled):
    picture = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
    network = network_of([name], (1, 4, 4))
    assert network(torch.tensor([[picture]], dtype=torch.float64))[0, 0].tolist() == pooled
