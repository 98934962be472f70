"""Shape rules of single layers, worked out by hand. The engine's tests hold them to torch."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.layers.window import positions, sides
from gradus.plan import plan
from gradus.planned import LayerPlan
from gradus.problems import SpecError


def planned(layer: Any, shape: list[int]) -> LayerPlan:
    document = {"spec": "nn/1", "network": {"input": shape, "layers": [layer]}}
    return plan(document).network.layers[0]


def conv(**fields: Any) -> dict[str, Any]:
    return {"type": "conv2d", "filters": 8, **fields}


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        (conv(), [3, 7, 9], (8, 7, 9)),
        (conv(stride=2), [3, 7, 8], (8, 4, 4)),
        (conv(stride=2, padding="symmetric"), [3, 7, 8], (8, 4, 4)),
        (conv(kernel=4, padding="symmetric"), [3, 8, 8], (8, 7, 7)),
        (conv(padding="valid"), [3, 7, 9], (8, 5, 7)),
        (conv(padding=1, dilation=2), [3, 9, 9], (8, 7, 7)),
        (conv(kernel=[1, 5], padding=[0, 2]), [3, 9, 9], (8, 9, 9)),
        (conv(kernel=11, stride=4, padding=2), [3, 224, 224], (8, 55, 55)),
        ("max_pool2d", [3, 9, 8], (3, 4, 4)),
        ({"type": "max_pool2d", "size": 3, "stride": 2}, [3, 55, 55], (3, 27, 27)),
        ({"type": "avg_pool2d", "padding": "same"}, [3, 9, 8], (3, 5, 4)),
        ("global_avg_pool", [3, 9, 8], (3,)),
        ("global_max_pool", [3, 9], (3,)),
        ("flatten", [3, 9, 8], (216,)),
        ({"type": "linear", "units": 5}, [7, 4], (7, 5)),
        ("batch_norm", [3, 9, 8], (3, 9, 8)),
        ("features", [2], (2,)),
        ({"type": "features", "terms": ["x2", "xy", "sin_y"]}, [2], (3,)),
        ("softmax", [10], (10,)),
        ({"type": "conv1d", "filters": 6, "kernel": 5, "padding": "valid"}, [4, 20], (6, 16)),
        ({"type": "conv1d", "filters": 6, "stride": 3}, [4, 20], (6, 7)),
        ({"type": "conv_transpose2d", "filters": 5, "stride": 2}, [4, 7, 9], (5, 14, 18)),
        (
            {"type": "conv_transpose2d", "filters": 5, "kernel": 4, "stride": 2, "padding": 1},
            [4, 7, 7],
            (5, 14, 14),
        ),
        (
            {"type": "conv_transpose2d", "filters": 5, "stride": 2, "padding": "valid"},
            [4, 7, 7],
            (5, 15, 15),
        ),
        (
            {"type": "conv_transpose1d", "filters": 5, "stride": 4, "kernel": 2},
            [4, 6],
            (5, 24),
        ),
        (
            {
                "type": "conv_transpose1d",
                "filters": 5,
                "stride": 2,
                "padding": 1,
                "output_padding": 1,
            },
            [4, 6],
            (5, 12),
        ),
        ("max_pool1d", [3, 9], (3, 4)),
        ({"type": "avg_pool1d", "size": 3, "stride": 1, "padding": "same"}, [3, 9], (3, 9)),
        ({"type": "adaptive_avg_pool2d", "size": [2, 3]}, [3, 9, 8], (3, 2, 3)),
        ("adaptive_max_pool2d", [3, 9, 8], (3, 1, 1)),
        ("layer_norm", [7, 4], (7, 4)),
        ({"type": "group_norm", "groups": 3}, [6, 4, 4], (6, 4, 4)),
        ("local_response_norm", [6, 4, 4], (6, 4, 4)),
        ({"type": "maxout", "pieces": 3}, [6, 4, 4], (2, 4, 4)),
        ({"type": "reshape", "shape": [2, -1]}, [6, 4], (2, 12)),
        ({"type": "permute", "axes": [2, 0, 1]}, [6, 4, 5], (5, 6, 4)),
        ({"type": "upsample", "factor": [2, 3]}, [6, 4, 5], (6, 8, 15)),
        ({"type": "pad", "sides": [[1, 2]], "channels": [0, 3]}, [6, 4], (9, 7)),
        ({"type": "select", "axis": 1, "index": 0}, [6, 4, 5], (6, 5)),
    ],
)
def test_output(layer: Any, shape: list[int], output: tuple[int, ...]) -> None:
    assert planned(layer, shape).output == output


def test_same_puts_the_odd_cell_behind_as_tensorflow_does() -> None:
    assert sides("same", 0, 8, kernel=3, stride=2) == (0, 1)
    assert sides("symmetric", 0, 8, kernel=3, stride=2) == (1, 1)


@given(st.integers(1, 300), st.integers(1, 12), st.integers(1, 6), st.integers(1, 4))
def test_same_gives_the_input_over_the_stride_rounded_up(
    size: int, kernel: int, stride: int, dilation: int
) -> None:
    before, after = sides("same", 0, size, kernel, stride, dilation)
    assert positions(size, before, after, kernel, stride, dilation) == -(-size // stride)
    assert 0 <= after - before <= 1


def test_groups_divide_weights_and_products() -> None:
    grouped = planned({**conv(groups=4, padding="valid"), "bias": False}, [8, 3, 3])
    assert [each.shape for each in grouped.parameters] == [(8, 2, 3, 3)]
    assert grouped.multiply_adds == 8 * 2 * 9


def test_batch_norm_keeps_running_statistics_that_are_no_parameters() -> None:
    layer = planned("batch_norm", [6, 4, 4])
    names = [each.name for each in layer.parameters]
    assert names == ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
    assert layer.parameter_count == 12
    assert [each.buffer for each in layer.parameters] == [False, False, True, True, True]


def test_a_frozen_layer_has_parameters_that_do_not_train() -> None:
    document = {
        "spec": "nn/1",
        "network": {"input": [4], "layers": [{"type": "linear", "units": 2, "trainable": False}]},
    }
    totals = plan(document).totals
    assert (totals.parameters, totals.trainable) == (10, 0)


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        (conv(), [4], "shape.rank"),
        (conv(kernel=9, padding="valid"), [3, 8, 8], "shape.window"),
        (conv(groups=2), [3, 8, 8], "shape.groups"),
        ("features", [3], "shape.features"),
        ({"type": "linear", "units": 3}, [3, 8, 8], "shape.rank"),
        ("global_avg_pool", [3], "shape.rank"),
        ({"type": "conv1d", "filters": 2, "kernel": 9, "padding": "valid"}, [3, 8], "shape.window"),
        (
            {"type": "conv_transpose2d", "filters": 2, "padding": 9},
            [3, 8, 8],
            "shape.cut",
        ),
        ({"type": "conv_transpose1d", "filters": 3, "groups": 2}, [4, 8], "shape.groups"),
        ({"type": "layer_norm", "axes": 3}, [4, 8], "shape.axes"),
        ({"type": "group_norm", "groups": 3}, [4, 8], "shape.divides"),
        ({"type": "maxout", "pieces": 3}, [4], "shape.divides"),
        ({"type": "reshape", "shape": [3, 3]}, [8], "shape.reshape"),
        ({"type": "reshape", "shape": [-1, -1]}, [8], "shape.reshape"),
        ({"type": "reshape", "shape": [3, -1]}, [8], "shape.reshape"),
        ({"type": "permute", "axes": [0, 0]}, [4, 8], "shape.permute"),
        ({"type": "permute", "axes": [0]}, [4, 8], "shape.permute"),
        ({"type": "pad", "sides": [[1, 1]]}, [3, 8, 8], "shape.sides"),
        ({"type": "select", "index": 4}, [4, 8], "shape.index"),
        ({"type": "select", "index": -5}, [4, 8], "shape.index"),
        ({"type": "select", "axis": 2}, [4, 8], "shape.axis"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    with pytest.raises(SpecError) as refused:
        planned(layer, shape)
    assert [each.code for each in refused.value.problems] == [code]
