"""Inception modules: their counts by the formulas of their parts, and the shapes published (B9)."""

from typing import Any

import pytest

from gradus.composites.modules import MODULES
from gradus.plan import plan
from gradus.planned import Plan
from gradus.problems import SpecError

pytestmark = pytest.mark.proves("B9")
V1 = {"one": 64, "reduce_three": 96, "three": 128, "reduce_five": 16, "five": 32, "pooled": 32}


def planned(shape: list[int], **fields: Any) -> Plan:
    layers = [{"type": "inception", **fields}]
    return plan({"spec": "nn/1", "network": {"input": shape, "layers": layers}})


def refused(**fields: Any) -> Any:
    with pytest.raises(SpecError) as found:
        planned([192, 28, 28], **fields)
    (problem,) = found.value.problems
    return problem


def conv(inputs: int, filters: int, cells: int, bias: bool = True) -> int:
    return inputs * filters * cells + bias * filters


@pytest.mark.proves("B9.v1")
def test_v1_costs_what_its_four_ways_cost() -> None:
    found = planned([192, 28, 28], widths=V1)
    ways = (
        conv(192, 64, 1)
        + conv(192, 96, 1) + conv(96, 128, 9)
        + conv(192, 16, 1) + conv(16, 32, 25)
        + conv(192, 32, 1)
    )  # fmt: skip
    assert found.totals.parameters == ways == 163_696
    assert found.network.shapes[found.network.output] == (256, 28, 28)


@pytest.mark.proves("B9.v1")
def test_the_naive_module_passes_its_pool_on_and_costs_more() -> None:
    found = planned([192, 28, 28], version="v1_naive")
    assert found.totals.parameters == conv(192, 64, 1) + conv(192, 128, 9) + conv(192, 32, 25)
    assert found.network.shapes[found.network.output] == (64 + 128 + 32 + 192, 28, 28)
    assert found.totals.parameters > 2 * planned([192, 28, 28]).totals.parameters


@pytest.mark.proves("B9.v2")
def test_v2_has_two_3x3_for_a_5x5() -> None:
    found = planned([192, 28, 28], version="v2", normalized=False)
    double = conv(192, 64, 1) + conv(64, 96, 9) + conv(96, 96, 9)
    rest = conv(192, 64, 1) + conv(192, 64, 1) + conv(64, 64, 9) + conv(192, 32, 1)
    assert found.totals.parameters == double + rest


@pytest.mark.proves("B9.v3")
def test_v3_writes_7x7_as_rows_and_columns() -> None:
    found = planned([768, 17, 17], version="v3_c", normalized=False)
    kernels = [each.fields["kernel"] for each in found.network.layers if each.type == "conv2d"]
    assert kernels.count([1, 7]) == kernels.count([7, 1]) == 3
    short = conv(768, 128, 1) + conv(128, 128, 7) + conv(128, 192, 7)
    long = conv(768, 128, 1) + 3 * conv(128, 128, 7) + conv(128, 192, 7)
    assert found.totals.parameters == 2 * conv(768, 192, 1) + short + long


# Maps before and after, from the tables of the papers.
PUBLISHED = {
    "v1": ((192, 28, 28), (256, 28, 28)),
    "v2": ((192, 28, 28), (256, 28, 28)),
    "v2_reduction": ((320, 28, 28), (576, 14, 14)),
    "v3_a": ((192, 35, 35), (256, 35, 35)),
    "v3_b": ((288, 35, 35), (768, 17, 17)),
    "v3_c": ((768, 17, 17), (768, 17, 17)),
    "v3_d": ((768, 17, 17), (1280, 8, 8)),
    "v3_e": ((1280, 8, 8), (2048, 8, 8)),
    "v4_a": ((384, 35, 35), (384, 35, 35)),
    "v4_b": ((1024, 17, 17), (1024, 17, 17)),
    "v4_c": ((1536, 8, 8), (1536, 8, 8)),
    "v4_reduction_a": ((384, 35, 35), (1024, 17, 17)),
    "v4_reduction_b": ((1024, 17, 17), (1536, 8, 8)),
}


@pytest.mark.proves("B9.v1", "B9.v2", "B9.v3", "B9.v4")
@pytest.mark.parametrize("version", PUBLISHED)
def test_a_module_has_the_published_shapes(version: str) -> None:
    given, published = PUBLISHED[version]
    found = planned(list(given), version=version)
    assert found.network.shapes[found.network.output] == published


def test_every_module_is_held_to_a_published_shape() -> None:
    assert MODULES.keys() - PUBLISHED.keys() == {"v1_naive"}


def test_normalized_convolutions_have_no_bias_of_their_own() -> None:
    found = planned([192, 28, 28], normalized=True)
    filters = 64 + 96 + 128 + 16 + 32 + 32
    plain = planned([192, 28, 28])
    assert found.totals.parameters == plain.totals.parameters - filters + 2 * filters
    with_bias = planned([192, 28, 28], normalized=True, bias=True)
    assert with_bias.totals.parameters == found.totals.parameters + filters


def test_a_5x5_is_a_3x3_as_commonly_built() -> None:
    less = planned([192, 28, 28]).totals.parameters - conv(16, 32, 25) + conv(16, 32, 9)
    assert planned([192, 28, 28], large=3).totals.parameters == less


def test_every_layer_points_at_the_module_that_was_written() -> None:
    found = planned([192, 28, 28], name="mixed")
    assert {layer.source for layer in found.network.layers} == {"/network/layers/0"}
    assert all(layer.name.startswith("mixed/") for layer in found.network.layers)


def test_a_block_may_decide_the_widths() -> None:
    body = [{"type": "inception", "widths": {"one": "2 * $n"}}]
    found = plan(
        {
            "spec": "nn/1",
            "blocks": {"mixed": {"params": ["n"], "layers": body}},
            "network": {
                "input": [192, 28, 28],
                "layers": [{"type": "block", "use": "mixed", "with": {"n": 40}}],
            },
        }
    )
    assert found.network.layers[0].fields["filters"] == 80


def test_an_unknown_width_is_told_with_those_that_there_are() -> None:
    problem = refused(widths={"two": 3})
    assert (problem.code, problem.path) == ("inception.width", "/network/layers/0/widths")
    assert problem.hint == f"Its widths are {', '.join(V1)}."


def test_only_a_module_with_a_5x5_has_a_side_of_it() -> None:
    problem = refused(version="v2", large=3)
    assert (problem.code, problem.path) == ("inception.large", "/network/layers/0/large")


def test_an_input_that_is_no_picture_is_told_at_the_module() -> None:
    with pytest.raises(SpecError) as found:
        planned([192], version="v1")
    assert {each.path for each in found.value.problems} == {"/network/layers/0"}
