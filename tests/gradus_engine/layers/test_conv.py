"""Convolution against a loop over every output, and the worked examples of textbooks."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from tests.gradus_engine.layers.reference import assert_equals, draw, network_of


def loops(x, weight, bias, *, stride=(1, 1), pads=((0, 0), (0, 0)), dilation=(1, 1), groups=1):
    """Cross-correlation [N, C, H, W] → [N, F, H', W'], each output as its own sum."""
    (filters, depth, kh, kw), (sh, sw), (dh, dw) = weight.shape, stride, dilation
    padded = np.pad(x, ((0, 0), (0, 0), *pads))
    height = (padded.shape[2] - dh * (kh - 1) - 1) // sh + 1
    width = (padded.shape[3] - dw * (kw - 1) - 1) // sw + 1
    y = np.zeros((len(x), filters, height, width))
    for f in range(filters):
        first = f // (filters // groups) * depth
        for i in range(height):
            for j in range(width):
                rows, columns = i * sh + dh * np.arange(kh), j * sw + dw * np.arange(kw)
                patch = padded[:, first : first + depth][:, :, rows][:, :, :, columns]
                y[:, f, i, j] = (patch * weight[f]).sum(axis=(1, 2, 3)) + bias[f]
    return y


CASES = {
    "plain": ({"padding": "valid"}, {}),
    "same": ({}, {"pads": ((1, 1), (1, 1))}),
    # 5 rows with stride 2: three windows need one cell before and one behind;
    # 6 columns: three windows need one cell, behind, as TensorFlow does it.
    "same with a stride": ({"stride": 2}, {"stride": (2, 2), "pads": ((1, 1), (0, 1))}),
    "symmetric": (
        {"stride": 2, "padding": "symmetric"},
        {"stride": (2, 2), "pads": ((1, 1), (1, 1))},
    ),
    "numbers": ({"padding": [2, 0]}, {"pads": ((2, 2), (0, 0))}),
    "dilation": ({"dilation": 2, "padding": 2}, {"dilation": (2, 2), "pads": ((2, 2), (2, 2))}),
    "groups": ({"groups": 2, "padding": "valid"}, {"groups": 2}),
    "1×1": ({"kernel": 1}, {}),
    "even kernel": ({"kernel": [2, 4]}, {"pads": ((0, 1), (1, 2))}),
    "unequal stride": (
        {"stride": [1, 3], "padding": "valid", "kernel": [3, 2]},
        {"stride": (1, 3)},
    ),
}


@pytest.mark.proves("B1.loop")
@pytest.mark.parametrize("case", CASES)
def test_convolution_equals_the_triple_loop(case):
    fields, how = CASES[case]
    network = network_of([{"type": "conv2d", "filters": 2, **fields}], (2, 5, 6))

    def formula(x, p):
        return loops(x, p["conv2d_1.weight"], p["conv2d_1.bias"], **how)

    assert_equals(network, formula, draw(2, 2, 5, 6))


@pytest.mark.proves("B1.loop")
def test_an_activation_follows_the_sum():
    layer = {
        "type": "conv2d",
        "filters": 2,
        "bias": False,
        "activation": "tanh",
        "padding": "valid",
    }

    def formula(x, p):
        return np.tanh(loops(x, p["conv2d_1.weight"], np.zeros(2)))

    assert_equals(network_of([layer], (1, 4, 4)), formula, draw(2, 1, 4, 4))


def convolve(picture, kernel, **fields):
    """The map of one 3×3 kernel without bias over one picture, as nested lists."""
    layer = {"type": "conv2d", "filters": 1, "padding": "valid", "bias": False, **fields}
    network = network_of([layer], (1, *np.shape(picture)))
    with torch.no_grad():
        network.layers["conv2d_1"].weight.copy_(torch.tensor([[kernel]], dtype=torch.float64))
        return network(torch.tensor([[picture]], dtype=torch.float64))[0, 0].tolist()


@pytest.mark.proves("B1.relu4")
def test_the_first_cell_of_the_worked_example_is_relu_of_4():
    picture = [
        [1, 1, 1, 0, 0],
        [0, 1, 1, 1, 0],
        [0, 0, 1, 1, 1],
        [0, 0, 1, 1, 0],
        [0, 1, 1, 0, 0],
    ]
    kernel = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    # 1 + 0 + 1 + 0 + 1 + 0 + 0 + 0 + 1 + 0 = 4
    assert convolve(picture, kernel, activation="relu") == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


@pytest.mark.proves("B1.flip")
def test_a_flipped_kernel_gives_the_worked_example_of_true_convolution():
    picture = [
        [1, 1, 1, 1, 1],
        [-1, 0, -3, 0, 1],
        [2, 1, 1, -1, 0],
        [0, -1, 1, 2, 1],
        [1, 2, 1, 1, 1],
    ]
    kernel = [[1, 0, 0], [0, 0, 0], [0, 0, -1]]
    flipped = [row[::-1] for row in kernel[::-1]]
    assert convolve(picture, flipped) == [[0, -2, -1], [2, 2, 4], [-1, 0, 0]]


@pytest.mark.proves("B1.count")
def test_two_kernels_over_7_by_7_by_3_have_56_parameters():
    layer = {"type": "conv2d", "filters": 2, "stride": 2, "padding": "valid"}
    network = network_of([layer], (3, 7, 7))
    assert sum(p.numel() for p in network.parameters()) == 56
    assert network(torch.zeros(1, 3, 7, 7, dtype=torch.float64)).shape == (1, 2, 3, 3)


def windowed_output_size(size, kernel, dilation, stride):
    """TensorFlow's `GetWindowedOutputSize` for `same`, as printed: output, before, after."""
    effective = (kernel - 1) * dilation + 1
    output = (size + stride - 1) // stride
    needed = max(0, (output - 1) * stride + effective - size)
    return output, needed // 2, needed - needed // 2


@pytest.mark.proves("B1.same")
@pytest.mark.parametrize("size", [5, 6, 7, 8])
@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
def test_same_pads_as_tensorflow_computes_it(size, kernel, stride, dilation):
    fields = {"kernel": [1, kernel], "stride": [1, stride], "dilation": [1, dilation]}
    network = network_of([{"type": "conv2d", "filters": 1, "bias": False, **fields}], (1, 1, size))
    output, before, after = windowed_output_size(size, kernel, dilation, stride)
    x, weight = draw(1, 1, 1, size), network.layers["conv2d_1"].weight.detach().numpy()
    expected = loops(
        x,
        weight,
        np.zeros(1),
        stride=(1, stride),
        dilation=(1, dilation),
        pads=((0, 0), (before, after)),
    )
    with torch.no_grad():
        given = network(torch.from_numpy(x)).numpy()
    assert given.shape == (1, 1, 1, output)
    np.testing.assert_allclose(given, expected, rtol=1e-12)


@pytest.mark.proves("B1.sizes")
def test_the_planned_shape_is_the_floor_formula():
    layer = {"type": "conv2d", "filters": 4, "kernel": 5, "stride": 3, "padding": 2, "dilation": 2}
    planned = plan({"spec": "nn/1", "network": {"input": [1, 30, 21], "layers": [layer]}})
    # ⌊(L + 2P − D(K − 1) − 1) / S⌋ + 1
    assert planned.network.layers[0].output == (
        4,
        (30 + 4 - 8 - 1) // 3 + 1,
        (21 + 4 - 8 - 1) // 3 + 1,
    )


@pytest.mark.proves("B1.flip")
def test_flip_turns_the_kernel_round_as_mathematics_defines_convolution():
    network = network_of(
        [{"type": "conv2d", "filters": 2, "kernel": [2, 3], "padding": "valid", "flip": True}],
        (2, 4, 5),
    )

    def formula(x, p):
        return loops(x, p["conv2d_1.weight"][:, :, ::-1, ::-1], p["conv2d_1.bias"])

    assert_equals(network, formula, draw(2, 2, 4, 5))


@pytest.mark.proves("B1.loop")
@pytest.mark.parametrize(
    ("fields", "how"),
    [
        ({}, {"pads": ((0, 0), (1, 1))}),
        ({"stride": 2}, {"stride": (1, 2), "pads": ((0, 0), (1, 1))}),
        ({"kernel": 2, "dilation": 3, "padding": "valid"}, {"dilation": (1, 3)}),
        ({"groups": 2, "padding": 2}, {"groups": 2, "pads": ((0, 0), (2, 2))}),
    ],
)
def test_along_a_line_a_kernel_slides_the_same_way(fields, how):
    network = network_of([{"type": "conv1d", "filters": 2, **fields}], (2, 7))

    def formula(x, p):
        weight, bias = p["conv1d_1.weight"][:, :, None], p["conv1d_1.bias"]
        return loops(x[:, :, None], weight, bias, **how)[:, :, 0]

    assert_equals(network, formula, draw(2, 2, 7))
