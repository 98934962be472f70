"""The ways past a residual body: identity, projected, padded with zeros."""

from typing import Any

import pytest

from gradus.plan import plan, plan_resolved
from gradus.planned import Plan
from gradus.problems import SpecError


def planned(shape: list[int], body: list[Any], **fields: Any) -> Plan:
    residual = {"type": "residual", "name": "block", "body": body, **fields}
    return plan({"spec": "nn/1", "network": {"input": shape, "layers": [residual, "relu"]}})


def ways(found: Plan) -> list[tuple[str, tuple[int, ...], int]]:
    return [
        (layer.type, layer.output, layer.parameter_count)
        for layer in found.network.layers
        if "shortcut" in layer.name
    ]


def conv(filters: int, stride: int = 1) -> dict[str, Any]:
    return {"type": "conv2d", "filters": filters, "stride": stride, "bias": False}


@pytest.mark.proves("B8.shortcuts")
def test_where_the_shapes_agree_nothing_stands_on_the_way() -> None:
    found = planned([8, 6, 6], [conv(8)])
    assert ways(found) == []
    add = next(layer for layer in found.network.layers if layer.type == "add")
    assert add.inputs == ("block/conv2d_1", "input")


@pytest.mark.proves("B8.shortcuts")
def test_one_that_always_projects_does_so_between_equal_shapes() -> None:
    found = planned([8, 6, 6], [conv(8), "batch_norm"], shortcut="project_always")
    assert ways(found) == [("conv2d", (8, 6, 6), 8 * 8), ("batch_norm", (8, 6, 6), 2 * 8)]
    assert ways(planned([8, 6, 6], [conv(8)], shortcut="project")) == []
    assert plan_resolved(found.resolved).hash == found.hash


@pytest.mark.proves("B8.shortcuts")
def test_a_change_of_channels_and_size_is_projected() -> None:
    found = planned([8, 7, 6], [conv(16, stride=2)])
    assert ways(found) == [("conv2d", (16, 4, 3), 16 * 8)]


@pytest.mark.proves("B8.shortcuts")
def test_a_projection_is_normalized_where_the_body_ends_in_batch_norm() -> None:
    found = planned([8, 6, 6], [conv(16, stride=2), "batch_norm"])
    assert ways(found) == [("conv2d", (16, 3, 3), 16 * 8), ("batch_norm", (16, 3, 3), 2 * 16)]


@pytest.mark.proves("B8.shortcuts")
def test_a_vector_is_projected_by_a_linear_layer() -> None:
    found = planned([5], [{"type": "linear", "units": 7}])
    assert ways(found) == [("linear", (7,), 35)]


@pytest.mark.proves("B8.shortcuts")
def test_padding_takes_every_second_cell_and_adds_channels_of_zeros() -> None:
    found = planned([8, 7, 6], [conv(16, stride=2), "batch_norm"], shortcut="pad")
    assert ways(found) == [("avg_pool2d", (8, 4, 3), 0), ("pad", (16, 4, 3), 0)]
    assert found.network.layers[-2].type == "add"


@pytest.mark.proves("B8.shortcuts")
def test_an_unknown_way_is_refused_with_the_shapes() -> None:
    with pytest.raises(SpecError) as refused:
        planned([8, 6, 6], ["flatten"])
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == ("shape.shortcut", "/network/layers/0")
    assert problem.expected == "[288]"


@pytest.mark.proves("B8.shortcuts")
def test_padding_cannot_take_channels_away() -> None:
    with pytest.raises(SpecError) as refused:
        planned([8, 6, 6], [conv(4)], shortcut="pad")
    assert [each.code for each in refused.value.problems] == ["shape.shortcut"]


@pytest.mark.proves("B8.shortcuts")
def test_the_stored_form_plans_to_the_same_network() -> None:
    found = planned([8, 6, 6], [conv(16, stride=2), "batch_norm"])
    again = plan_resolved(found.resolved)
    assert [layer.name for layer in again.network.layers] == [
        layer.name for layer in found.network.layers
    ]
    assert again.hash == found.hash
